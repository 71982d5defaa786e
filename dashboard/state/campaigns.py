"""Campaigns: session keys, and what the page's address asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dashboard.state.rank import read_rank_link

CAMPAIGNS_SHOWN = "campaigns.shown"  # CampaignsLink: the campaign or the form that is open
CAMPAIGNS_LINK = "campaigns.link"
CAMPAIGNS_TOLD = "campaigns.told"  # what was just done, said once
CAMPAIGNS_NOTE = "campaigns.note"

NAME = "campaigns.name"
TAGS = "campaigns.tags"
PROMPTS = "campaigns.prompts"
MODE = "campaigns.mode"
PICTURES = "campaigns.pictures"
SESSION_PROMPTS = "campaigns.session_prompts"
PEOPLE = "campaigns.people"
PER_PAIR = "campaigns.per_pair"
PER_PERSON = "campaigns.per_person"
BATCH = "campaigns.batch"
REJECT = "campaigns.reject"
PAIRING = "campaigns.pairing"
COMPARISONS = "campaigns.comparisons"
EXPLORATION = "campaigns.exploration"
CHECKS = "campaigns.checks"
SETTLED = "campaigns.settled"
FORM = (
    NAME, TAGS, PROMPTS, MODE, PICTURES, SESSION_PROMPTS, PEOPLE, PER_PAIR, PER_PERSON,
    BATCH, REJECT, PAIRING, COMPARISONS, EXPLORATION, CHECKS, SETTLED,
)  # fmt: skip

MODES = {"sort": "Drag and sort", "battle": "Battle"}
POLICIES = {
    "random": "Drawn for each person",
    "sort": "Drag and sort for all",
    "battle": "Battle for all",
}
PAIRINGS = {"gre ascending": "As in the paper", "information": "Most informative pair"}
NEW = "new"


@dataclass(frozen=True)
class CampaignsLink:
    """What a link to Campaigns asks for: one campaign, the form of a new one, or the list."""

    campaign_id: str | None = None
    is_new: bool = False
    complaints: list[str] = field(default_factory=list)


def read_campaigns_link(parameters: Mapping[str, str]) -> CampaignsLink:
    """The checked parameters of a link; what is wrong with it stands in `complaints`."""
    if parameters.get("campaign") == NEW:
        return CampaignsLink(is_new=True)
    link = read_rank_link(parameters)
    return CampaignsLink(link.campaign_id, complaints=link.complaints)


def link_parameters(link: CampaignsLink) -> dict[str, str]:
    """The parameters that `read_campaigns_link` reads back as `link`."""
    if link.is_new:
        return {"campaign": NEW}
    return {"campaign": link.campaign_id} if link.campaign_id else {}
