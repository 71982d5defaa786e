"""Beginning a ranking session: its prompts, their pictures, its mode and its rules."""

import json
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any, Literal

import duckdb

from core.errors import GemboardError, NotFoundError
from core.sessions.candidates import FEWEST, Candidate, assigned_mode, candidate_pool
from core.sessions.chance import draw, seed_of
from core.sessions.refusals import SessionError
from core.sessions.session import BY_INFORMATION, Mode, Pool, Rules, Session, session_row
from warehouse.campaign_plans import Plan
from warehouse.campaign_progress import next_prompts
from warehouse.campaigns import Campaign, campaign_of
from warehouse.database import Warehouse, query_text
from warehouse.judged_ratings import picture_ratings
from warehouse.ranking import active_profile_name, session_state
from warehouse.reads import ranking as reads
from warehouse.selections import Picker, ensure_person, is_simulated, written

ModeFrom = Literal["chance", "earlier", "campaign", "asked"]
CHOOSE: Literal["choose"] = "choose"

_starting = Lock()  # who starts second must see who started first, or an overlap is overshot


class NothingToRankError(GemboardError):
    """A session cannot begin, since there is nothing to rank in it."""


def start_session(
    warehouse: Warehouse,
    person: Picker,
    prompt_ids: Sequence[int] | Literal["choose"] = CHOOSE,
    *,
    campaign: str | None = None,
    mode: Mode | None = None,
    rules: Rules | None = None,
    session_id: str | None = None,
    with_simulated: bool = False,
) -> Session:
    """Begin a session and store it; `session_state` shows its first pictures.

    `prompt_ids` in their order, or “choose”: for a campaign what it offers the person, else the
    prompts with the fewest judgments per picture, as many as a campaign's session has by default.
    Prompts with fewer than two pictures to rank are left out: the session's pools tell which came.
    Mode and rules are the campaign's (giving either then raises SessionError); without one the
    mode is drawn as `candidates.assigned_mode` says, unless asked for. The same `session_id`
    again gives the session that it began. `with_simulated` lets drawn pictures and simulated
    judgments in among real ones, as they are for simulated annotators.

    Raises NothingToRankError, NotFoundError for an unknown campaign or prompt, and
    `ranking.OthersSessionError` for the id of another person's session.
    """
    if campaign and (mode or rules):
        raise SessionError("A campaign sets mode and rules of its sessions.")
    session_id = session_id or str(uuid.uuid4())
    with _starting:
        try:
            return session_state(warehouse, session_id, person_id=person.person_id).session
        except NotFoundError:
            pass
        with warehouse.cursor() as cursor:
            simulated = is_simulated(cursor, person)
        asked = campaign_of(warehouse, campaign) if campaign else None
        found = _prompts(
            warehouse, person, prompt_ids, asked, session_id, with_simulated or simulated
        )
        drawn, mode_from = _mode(warehouse, person, asked, mode, simulated)
        pools = _pools(
            warehouse,
            found,
            drawn,
            None if asked else person.person_id,
            asked.plan if asked else Plan(rules or Rules(), FEWEST),
            campaign,
            with_simulated or simulated,
        )
        session = Session(
            session_id,
            person.person_id,
            drawn,
            pools,
            "",
            seed_of(session_id),
            asked.plan.rules if asked else rules or Rules(),
            campaign,
            simulated,
        )
        return _stored(warehouse, person, session, mode_from)


def _stored(warehouse: Warehouse, person: Picker, session: Session, mode_from: ModeFrom) -> Session:
    """The session as it is stored, under the profile in force at that moment."""

    def work(cursor: duckdb.DuckDBPyConnection) -> Session:
        ensure_person(cursor, person)
        begun = replace(session, profile=active_profile_name(cursor))
        cursor.execute(query_text("add_ranking_session"), _row(begun, mode_from))
        return begun

    return written(warehouse, work)


def _row(session: Session, mode_from: ModeFrom) -> dict[str, Any]:
    row = session_row(session)
    settings = json.loads(row["settings"]) | {"mode_from": mode_from}
    return row | {"settings": json.dumps(settings)}


def _prompts(
    warehouse: Warehouse,
    person: Picker,
    asked: Sequence[int] | Literal["choose"],
    campaign: Campaign | None,
    session_id: str,
    with_simulated: bool,
) -> list[int]:
    """Prompts of the session, in order."""
    if campaign:
        offer = next_prompts(
            warehouse, campaign, person_id=person.person_id, with_simulated=with_simulated
        )
        offered = list(offer.prompt_ids)
        if asked == CHOOSE:
            chosen = offered[: campaign.plan.prompts_per_session]
        else:
            chosen = [prompt for prompt in asked if prompt in offered]
        if not chosen:
            raise NothingToRankError(
                offer.reason or "The campaign does not ask you for these prompts."
            )
        return chosen
    if asked != CHOOSE:
        return _known(warehouse, asked)
    return chosen_prompts(
        warehouse, person.person_id, seed_of(session_id), with_simulated=with_simulated
    )


def chosen_prompts(
    warehouse: Warehouse,
    person_id: str,
    seed: int,
    *,
    count: int = Plan.prompts_per_session,
    with_simulated: bool = False,
) -> list[int]:
    """“Choose for me”: prompts with the fewest judgments per picture, equal ones as the seed says.

    What the person judged already comes last. Prompts with drawn pictures alone are taken where
    there are no others. Raises NothingToRankError where no prompt has two pictures.
    """
    rows = reads.prompts_to_rank(
        warehouse, person_id=person_id, with_simulated=with_simulated
    ).to_dicts()
    if not with_simulated:
        rows = [row for row in rows if not row["all_simulated"]] or rows
    rows = [row for row in rows if row["models"] > 1] or rows  # one model's seeds say little
    rows.sort(
        key=lambda row: (
            row["judged_by_person"],
            row["judgments"] / row["pictures"],
            draw(seed, "prompt", row["prompt_id"]),
        )
    )
    if not rows:
        raise NothingToRankError("No prompt has two pictures that can be shown.")
    return [row["prompt_id"] for row in rows[:count]]


def _known(warehouse: Warehouse, prompt_ids: Sequence[int]) -> list[int]:
    asked = list(dict.fromkeys(prompt_ids))
    known = warehouse.select(
        "select prompt_id from prompts where prompt_id in (select unnest($asked::bigint[]))",
        {"asked": asked},
    )["prompt_id"].to_list()
    for prompt_id in asked:
        if prompt_id not in known:
            raise NotFoundError("prompt", prompt_id)
    return asked


def _mode(
    warehouse: Warehouse,
    person: Picker,
    campaign: Campaign | None,
    asked: Mode | None,
    simulated: bool,
) -> tuple[Mode, ModeFrom]:
    """The mode, and why it is that; simulated people are balanced among themselves."""
    if asked:
        return asked, "asked"
    if campaign and campaign.mode != "random":
        return campaign.mode, "campaign"
    known = reads.first_modes(warehouse).to_dicts()
    earlier = [row["mode"] for row in known if row["person_id"] == person.person_id]
    if earlier:
        return earlier[0], "earlier"
    counts = Counter(row["mode"] for row in known if row["simulated"] == simulated)
    return assigned_mode(person.person_id, counts), "chance"


def _pools(
    warehouse: Warehouse,
    prompt_ids: Sequence[int],
    mode: Mode,
    picker_id: str | None,
    plan: Plan,
    campaign: str | None,
    with_simulated: bool,
) -> tuple[Pool, ...]:
    """Pictures of each prompt, with the ratings that pairs by information start from."""
    rows = reads.ranking_candidates(
        warehouse, prompt_ids=prompt_ids, person_id=picker_id, with_simulated=with_simulated
    ).to_dicts()
    found = {
        prompt_id: candidate_pool(
            [
                Candidate(row["image_id"], row["gre"], row["picked"], model=row["model_version_id"])
                for row in rows
                if row["prompt_id"] == prompt_id
            ],
            mode,
            fewest=plan.pictures_per_prompt,
        )
        for prompt_id in prompt_ids
    }
    enough = {prompt_id: pictures for prompt_id, pictures in found.items() if len(pictures) > 1}
    if not enough:
        raise NothingToRankError("None of these prompts has two pictures that can be shown.")
    ratings: Mapping[int, Any] = {}
    if mode == "battle" and plan.rules.pairing == BY_INFORMATION:
        ratings = picture_ratings(
            warehouse, enough, campaign=campaign, with_simulated=with_simulated
        )
    return tuple(
        Pool(prompt_id, pictures, ratings.get(prompt_id)) for prompt_id, pictures in enough.items()
    )
