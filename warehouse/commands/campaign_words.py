"""Campaigns in lines for people and in JSON for machines."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # importing them takes a second
    from warehouse.campaign_progress import CampaignProgress
    from warehouse.campaigns import Campaign
    from warehouse.judged_ratings import Leaders

USUAL_LEVEL = 0.9  # where the campaign names none


def summary_line(campaign: "Campaign", far: "CampaignProgress") -> str:
    """A campaign in one line."""
    ready = sum(prompt.is_enough for prompt in far.prompts)
    judgments = sum(prompt.judgments for prompt in far.prompts)
    return (
        f"{'*' if campaign.state == 'open' else ' '} {campaign.name}: {campaign.state}, "
        f"{ready} of {len(far.prompts)} prompts done, {judgments:,} judgments by "
        f"{len(far.annotators)} annotators"
    )


def progress_lines(
    campaign: "Campaign", far: "CampaignProgress", best: "Leaders | None"
) -> Iterator[str]:
    """Mode, top three, prompts and annotators, line by line."""
    yield f"id {campaign.campaign_id}, mode {campaign.mode}, since {campaign.created_at:%Y-%m-%d}"
    if best:
        level = campaign.plan.settled_level or USUAL_LEVEL
        settled = "settled" if best.top.is_settled(level) else "not settled"
        models = ", ".join(map(str, best.model_version_ids))
        yield (
            f"top three models {models}: {settled} at {level:.0%}, "
            f"probability {best.top.probability:.3f} from {best.judgments:,} judgments"
        )
    for prompt in far.prompts:
        wanted = f" of {prompt.pairs_wanted:.0f} wanted" if prompt.pairs_wanted else ""
        yield (
            f"prompt {prompt.prompt_id}: {'done' if prompt.is_enough else 'open'}, "
            f"{prompt.people} people, {prompt.judgments:,} judgments, "
            f"{prompt.pairs:,} pairs{wanted}"
        )
    for person in far.annotators:
        checks = person.attention
        yield (
            f"{person.person_name} ({person.person_id}): {person.sessions} sessions, "
            f"{person.prompts} prompts, {person.judgments:,} judgments, {person.skips} skips, "
            f"checks {checks.passed} passed, {checks.failed} failed, {checks.unclear} unclear"
        )


def as_json(
    campaign: "Campaign",
    far: "CampaignProgress",
    best: "Leaders | None" = None,
    *,
    in_full: bool = False,
) -> dict[str, Any]:
    """A campaign with its progress; in full with what was asked, each prompt, each annotator."""
    told = {
        "campaign_id": campaign.campaign_id,
        "name": campaign.name,
        "state": campaign.state,
        "mode": campaign.mode,
        "created_at": campaign.created_at,
        "prompts": len(far.prompts),
        "prompts_done": sum(prompt.is_enough for prompt in far.prompts),
        "judgments": sum(prompt.judgments for prompt in far.prompts),
        "annotators": len(far.annotators),
    }
    if not in_full:
        return told
    return told | {
        "plan": asdict(campaign.plan),
        "by_prompt": [asdict(prompt) for prompt in far.prompts],
        "by_annotator": [asdict(person) for person in far.annotators],
        "top": best
        and {
            "model_version_ids": best.model_version_ids,
            "probability": best.top.probability,
            "judgments": best.judgments,
        },
    }
