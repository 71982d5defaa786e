"""What a maintainer asks of a campaign, kept with it as JSON."""

import json
from dataclasses import asdict, dataclass, field
from math import comb
from typing import Literal, get_args

from core.errors import GemboardError
from core.sessions.candidates import FEWEST
from core.sessions.session import Rules

ModePolicy = Literal["random", "sort", "battle"]
POLICIES: tuple[ModePolicy, ...] = get_args(ModePolicy)


class CampaignError(GemboardError):
    """A campaign cannot be made or used as asked."""


@dataclass(frozen=True)
class Plan:
    """Who ranks how much, by which rules, and when it is enough.

    A prompt is enough when `people_per_prompt` judged it and, where `judgments_per_pair` is set,
    its possible pairs were judged that often on average. The campaign is enough for a person at
    `judgments_per_person`, and for all when its top three models are settled at `settled_level`.
    """

    rules: Rules = field(default_factory=Rules)
    pictures_per_prompt: int = FEWEST  # the best by GRE; the same for everybody
    prompts_per_session: int = 5
    people_per_prompt: int = 3  # the overlap between annotators
    judgments_per_pair: float | None = None
    judgments_per_person: int | None = None
    settled_level: float | None = None  # a probability

    def __post_init__(self) -> None:
        if self.pictures_per_prompt < 2:
            raise CampaignError("A campaign needs two pictures per prompt or more.")
        if min(self.prompts_per_session, self.people_per_prompt) < 1:
            raise CampaignError("A session has one prompt or more, a prompt one person or more.")
        if (self.judgments_per_pair or 1) <= 0 or (self.judgments_per_person or 1) < 1:
            raise CampaignError("Judgments that are wanted are more than none.")
        if self.settled_level is not None and not 0.5 <= self.settled_level < 1:
            raise CampaignError("A top three is settled at a probability from 0.5 to below 1.")

    def pairs_wanted(self, pictures: int) -> float:
        """How many pairs of a prompt with so many pictures are to be judged, repeats counted."""
        return comb(min(pictures, self.pictures_per_prompt), 2) * (self.judgments_per_pair or 0)


def check_every_of(share: float) -> int:
    """Answers between attention checks, for checks to be this share of all; 0 is none.

    Raises CampaignError for a share that is none, or above a half.
    """
    if not 0 <= share <= 0.5:
        raise CampaignError(f"Attention checks are a share from 0 to 0.5, not {share}.")
    return round(1 / share) - 1 if share else 0


def plan_text(plan: Plan) -> str:
    """The plan as JSON text."""
    return json.dumps(asdict(plan))


def plan_of(text: str) -> Plan:
    """The plan that `plan_text` wrote."""
    stored = json.loads(text)
    return Plan(**stored | {"rules": Rules(**stored["rules"])})
