"""How far a campaign is, for each prompt and annotator, and what somebody should rank next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.sessions.chance import draw
from core.sessions.checks import Attention
from warehouse.campaign_plans import Plan
from warehouse.campaigns import Campaign
from warehouse.database import Warehouse
from warehouse.judged_ratings import leaders
from warehouse.reads import ranking as reads

HELD = timedelta(days=1)  # a session that was begun counts for its prompts so long, judged or not


@dataclass(frozen=True)
class PromptProgress:
    """What was judged of one prompt, attention checks left aside."""

    prompt_id: int
    people: int  # who judged it
    holding: int  # who began a session with it of late and judged nothing of it yet
    judgments: int
    pairs: int  # that those judgments compare
    pairs_wanted: float  # 0 where the campaign does not say
    is_enough: bool


@dataclass(frozen=True)
class AnnotatorProgress:
    """What one person did."""

    person_id: str
    person_name: str
    sessions: int
    prompts: int  # judged by them
    judgments: int
    skips: int
    response_time_ms: float | None  # median
    last_at: datetime
    attention: Attention


@dataclass(frozen=True)
class CampaignProgress:
    """How far a campaign is."""

    prompts: tuple[PromptProgress, ...]  # in the order of the campaign
    annotators: tuple[AnnotatorProgress, ...]  # the busiest first

    @property
    def share(self) -> float:
        """Share of its prompts that are enough, 0 to 1."""
        return sum(prompt.is_enough for prompt in self.prompts) / len(self.prompts)


@dataclass(frozen=True)
class Offer:
    """Prompts that a person should rank next, the most urgent first; or why there are none."""

    prompt_ids: tuple[int, ...]
    reason: str | None = None


def campaign_progress(
    warehouse: Warehouse, campaign: Campaign, *, with_simulated: bool = False
) -> CampaignProgress:
    """Progress per prompt and per annotator; simulated ones are left out unless asked for."""
    told: dict[str, Any] = {
        "campaign_id": campaign.campaign_id,
        "with_simulated": with_simulated,
    }
    shares = _shares(warehouse, campaign, with_simulated)
    judged = [share for share in shares if share["judgments"]]
    checks = {
        person: Attention(*counts)
        for person, *counts in reads.campaign_checks(warehouse, **told).iter_rows()
    }
    annotators = tuple(
        AnnotatorProgress(
            **row,
            prompts=sum(share["person_id"] == row["person_id"] for share in judged),
            attention=checks.get(row["person_id"], Attention(0, 0, 0)),
        )
        for row in reads.campaign_people(warehouse, **told).iter_rows(named=True)
    )
    return CampaignProgress(_prompts(warehouse, campaign, shares, with_simulated), annotators)


def next_prompts(
    warehouse: Warehouse, campaign: Campaign, *, person_id: str, with_simulated: bool = False
) -> Offer:
    """What the person should rank next: prompts that are not enough, those of fewest people first.

    Who judged a prompt, or holds it by a session begun of late, is not asked for it again. Equal
    prompts come in an order that chance gives each person. `with_simulated` belongs to simulated
    annotators, whose judgments count among themselves.
    """
    plan = campaign.plan
    if campaign.state == "closed":
        return Offer((), f"The campaign “{campaign.name}” is closed.")
    shares = _shares(warehouse, campaign, with_simulated)
    own = [share for share in shares if share["person_id"] == person_id]
    if plan.judgments_per_person and (
        sum(share["judgments"] for share in own) >= plan.judgments_per_person
    ):
        return Offer((), f"You gave all {plan.judgments_per_person:,} judgments asked of you.")
    if plan.settled_level is not None:
        best = leaders(warehouse, campaign.campaign_id, with_simulated=with_simulated)
        if best and best.top.is_settled(plan.settled_level):
            return Offer((), f"The top three models are settled at {plan.settled_level:.0%}.")
    taken = {share["prompt_id"] for share in own if share["judgments"] or share["held"]}
    wanted = [
        prompt
        for prompt in _prompts(warehouse, campaign, shares, with_simulated)
        if prompt.prompt_id not in taken and not _will_be_enough(campaign, prompt)
    ]
    wanted.sort(
        key=lambda prompt: (
            prompt.people + prompt.holding,
            prompt.pairs,
            draw(campaign.campaign_id, person_id, prompt.prompt_id),
        )
    )
    if not wanted:
        return Offer(
            (), "All prompts of the campaign are ranked, or you ranked your share of them."
        )
    return Offer(tuple(prompt.prompt_id for prompt in wanted))


def _will_be_enough(campaign: Campaign, prompt: PromptProgress) -> bool:
    """Whether those who judged a prompt and those who hold it suffice."""
    people = prompt.people + prompt.holding
    return prompt.is_enough or _suffices(campaign.plan, people, prompt.pairs, prompt.pairs_wanted)


def _suffices(plan: Plan, people: int, pairs: int, pairs_wanted: float) -> bool:
    return people >= plan.people_per_prompt and pairs >= pairs_wanted


def _shares(
    warehouse: Warehouse, campaign: Campaign, with_simulated: bool
) -> Sequence[dict[str, Any]]:
    since = datetime.now(UTC) - HELD
    return reads.campaign_shares(
        warehouse,
        campaign_id=campaign.campaign_id,
        since=since,
        with_simulated=with_simulated,
    ).to_dicts()


def _prompts(
    warehouse: Warehouse,
    campaign: Campaign,
    shares: Sequence[dict[str, Any]],
    with_simulated: bool,
) -> tuple[PromptProgress, ...]:
    """In the campaign's order; prompts whose pictures are all hidden by now are enough."""
    rankable = reads.prompts_to_rank(
        warehouse, prompt_ids=campaign.prompt_ids, with_simulated=with_simulated
    )
    pictures = dict(rankable.select("prompt_id", "pictures").iter_rows())
    return tuple(
        _prompt(
            campaign.plan,
            prompt_id,
            pictures.get(prompt_id, 0),
            [share for share in shares if share["prompt_id"] == prompt_id],
        )
        for prompt_id in campaign.prompt_ids
    )


def _prompt(
    plan: Plan, prompt_id: int, pictures: int, shares: Sequence[dict[str, Any]]
) -> PromptProgress:
    judged = [share for share in shares if share["judgments"]]
    pairs, wanted = sum(share["pairs"] for share in judged), plan.pairs_wanted(pictures)
    return PromptProgress(
        prompt_id,
        len(judged),
        sum(share["held"] and not share["judgments"] for share in shares),
        sum(share["judgments"] for share in judged),
        pairs,
        wanted,
        not pictures or _suffices(plan, len(judged), pairs, wanted),
    )
