"""Leaderboard: session keys, choices and the parameters of its links."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

LEADERBOARD_VIEW = "leaderboard.view"
LEADERBOARD_METHOD = "leaderboard.method"
LEADERBOARD_TAG = "leaderboard.tag"
LEADERBOARD_PROMPT = "leaderboard.prompt"
LEADERBOARD_BASE = "leaderboard.base"
LEADERBOARD_ROLE = "leaderboard.role"
LEADERBOARD_CAMPAIGN = "leaderboard.campaign"
LEADERBOARD_SINCE = "leaderboard.since"
LEADERBOARD_UNTIL = "leaderboard.until"
LEADERBOARD_OPENED = "leaderboard.opened"  # Behind: whose judgments are listed, if any
LEADERBOARD_ALL_ROWS = "leaderboard.all_rows"
LEADERBOARD_OPPONENT = "leaderboard.opponent"
LEADERBOARD_LINES = "leaderboard.lines"
LEADERBOARD_LINK = "leaderboard.link"
FILTERS = (
    LEADERBOARD_TAG,
    LEADERBOARD_PROMPT,
    LEADERBOARD_BASE,
    LEADERBOARD_ROLE,
    LEADERBOARD_CAMPAIGN,
    LEADERBOARD_SINCE,
    LEADERBOARD_UNTIL,
)

VIEWS = {
    "board": "Board",
    "pairs": "Who beats whom",
    "time": "Over time",
    "trust": "Can I trust it?",
}
BY_METHOD = ("board", "pairs")  # the other views rate by Bradley-Terry
METHODS = {
    "bradley-terry": "Bradley-Terry",
    "elo": "Elo",
    "win-rate": "Win rate",
    "plackett-luce": "Plackett-Luce",
}
LINK_PARAMETERS = (
    *("view", "method", "tag", "prompt", "base", "role", "campaign", "since", "until"),
    "votes",
)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
FIRST_PLACE = "first-place"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MODELS = re.compile(r"(\d{1,18})(?:-(\d{1,18}))?", re.ASCII)


@dataclass(frozen=True)
class Behind:
    """Whose judgments are listed: a model's, two models' with each other, or the first place's."""

    model: int | None = None  # None: those that hold up the first place
    against: int | None = None


@dataclass(frozen=True)
class Known:
    """What a link may name."""

    tags: Collection[str]
    prompt_ids: Collection[int]
    base_models: Collection[str]
    roles: Collection[str]
    campaigns: Collection[str]
    models: Collection[int]


@dataclass(frozen=True)
class LeaderboardLink:
    """What a link to Leaderboard asks for; None where it asks nothing or nothing usable."""

    view: str | None = None
    method: str | None = None
    tag: str | None = None
    prompt_id: int | None = None
    base_model: str | None = None
    role: str | None = None
    campaign: str | None = None
    since: date | None = None  # the first day
    until: date | None = None  # the last day
    behind: Behind | None = None
    complaints: list[str] = field(default_factory=list)


def read_leaderboard_link(params: Mapping[str, str], known: Known) -> LeaderboardLink:
    """The typed, checked parameters of a link; what is wrong with it stands in `complaints`."""
    complaints: list[str] = []

    def one_of(name: str, allowed: Collection[str], what: str) -> str | None:
        value = params.get(name)
        if value is None or value in allowed:
            return value
        complaints.append(f"names {what}")
        return None

    def day(name: str) -> date | None:
        value = params.get(name)
        found = None if value is None else _day(value)
        if value is not None and found is None:
            complaints.append("names a date that is none")
        return found

    prompts = {str(prompt_id): prompt_id for prompt_id in known.prompt_ids}
    prompt = one_of("prompt", prompts, "a prompt that is not in this warehouse")
    told = LeaderboardLink(
        one_of("view", VIEWS, "a view that does not exist"),
        one_of("method", METHODS, "a method that does not exist"),
        one_of("tag", known.tags, "a tag that is not in this warehouse"),
        None if prompt is None else prompts[prompt],
        one_of("base", known.base_models, "a base model that is not in this warehouse"),
        one_of("role", known.roles, "a role that does not exist"),
        one_of("campaign", known.campaigns, "a campaign that is not in this warehouse"),
        day("since"),
        day("until"),
        _behind(params.get("votes"), known.models),
        complaints,
    )
    if "votes" in params and told.behind is None:
        complaints.append("names models that are not in this warehouse")
    return told


def link_parameters(link: LeaderboardLink) -> dict[str, str]:
    """The parameters that `read_leaderboard_link` reads back as `link`."""
    told = {
        "view": link.view,
        "method": link.method,
        "tag": link.tag,
        "prompt": None if link.prompt_id is None else str(link.prompt_id),
        "base": link.base_model,
        "role": link.role,
        "campaign": link.campaign,
        "since": None if link.since is None else link.since.isoformat(),
        "until": None if link.until is None else link.until.isoformat(),
        "votes": None if link.behind is None else _models(link.behind),
    }
    return {name: value for name, value in told.items() if value is not None}


def _day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


def _behind(text: str | None, models: Collection[int]) -> Behind | None:
    if text == FIRST_PLACE:
        return Behind()
    found = _MODELS.fullmatch(text or "")
    if not found:
        return None
    named = [int(part) for part in found.groups() if part is not None]
    return Behind(*named) if set(named) <= set(models) and len(set(named)) == len(named) else None


def _models(behind: Behind) -> str:
    named = [str(model) for model in (behind.model, behind.against) if model is not None]
    return "-".join(named) or FIRST_PLACE
