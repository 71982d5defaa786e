"""Campaigns as the screen uses them: everybody sees what is open, maintainers run them."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from core.errors import NotAllowedError, NotFoundError
from dashboard import ranking
from dashboard.access import Role, current_person
from dashboard.data import campaigns as data
from dashboard.resources import ranking_changes, warehouse
from dashboard.state import simulated
from warehouse import campaigns as stored
from warehouse.campaign_plans import ModePolicy, Plan
from warehouse.campaign_progress import CampaignProgress, Offer
from warehouse.campaigns import Campaign
from warehouse.judged_ratings import Leaders

RUNS = Role.MAINTAINER
_CHANGES = "changes"


def revision() -> data.Revision:
    """Rises with every judgment, session and campaign that this process stores."""
    return ranking.judgments_revision(), ranking_changes()[_CHANGES]


def changed() -> None:
    """From now on what was read of campaigns and sessions is old."""
    ranking_changes()[_CHANGES] += 1


def may_run() -> bool:
    """Whether the person at the screen may make, close and look into campaigns."""
    return current_person().may(RUNS)


def campaigns() -> tuple[Campaign, ...]:
    """All campaigns, open ones first, then the newest."""
    return data.campaigns(revision())


def campaign_of(campaign_id: str) -> Campaign:
    """One campaign. Raises NotFoundError."""
    for campaign in campaigns():
        if campaign.campaign_id == campaign_id:
            return campaign
    raise NotFoundError("campaign", campaign_id)


def offer(campaign: Campaign) -> Offer:
    """What the person at the screen should rank next in a campaign, or why nothing."""
    return data.offer(revision(), campaign, current_person().person_id, _with_simulated())


def progress(campaign: Campaign, *, with_simulated: bool | None = None) -> CampaignProgress:
    """How far a campaign is; simulated judgments as the switch says, unless told otherwise.

    Raises NotAllowedError: how each annotator does is for maintainers.
    """
    _allow("look into a campaign")
    counted = _with_simulated() if with_simulated is None else with_simulated
    return data.progress(revision(), campaign, counted)


def leaders(campaign: Campaign) -> Leaders | None:
    """The best three models so far, None where that cannot be said. Raises NotAllowedError."""
    _allow("look into a campaign")
    return data.leaders(revision(), campaign.campaign_id, _with_simulated())


def history(campaign: Campaign) -> pl.DataFrame:
    """When it was opened and closed, by whom and why. Raises NotAllowedError."""
    _allow("look into a campaign")
    return data.history(revision(), campaign.campaign_id)


def create(name: str, prompt_ids: Sequence[int], mode: ModePolicy, plan: Plan) -> Campaign:
    """Make a campaign and open it. Raises NotAllowedError or CampaignError."""
    _allow("make a campaign")
    made = stored.create_campaign(
        warehouse(),
        name,
        prompt_ids,
        person_id=current_person().person_id,
        mode=mode,
        plan=plan,
    )
    changed()
    return made


def close(campaign_id: str, note: str = "") -> None:
    """Start no more sessions of it. Raises NotAllowedError or NotFoundError."""
    _allow("close a campaign")
    stored.close_campaign(
        warehouse(), campaign_id, person_id=current_person().person_id, note=note.strip() or None
    )
    changed()


def reopen(campaign_id: str, note: str = "") -> None:
    """Let sessions of it be started again. Raises NotAllowedError or NotFoundError."""
    _allow("reopen a campaign")
    stored.reopen_campaign(
        warehouse(), campaign_id, person_id=current_person().person_id, note=note.strip() or None
    )
    changed()


def _with_simulated() -> bool:
    return simulated.shown(st.session_state)


def _allow(what: str) -> None:
    if not may_run():
        raise NotAllowedError(what, RUNS.name.lower())
