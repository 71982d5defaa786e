"""Cached reads of campaigns and of what can be ranked.

`revision` rises with everything that this process stores about ranking
(`dashboard.campaigns.revision`); what others wrote shows after `ttl` seconds.
"""

import polars as pl
import streamlit as st

from dashboard.data.map import map_models
from dashboard.data.weights import weighed_prompts
from dashboard.resources import warehouse
from warehouse import campaign_progress, judged_ratings
from warehouse import campaigns as stored
from warehouse.campaign_progress import CampaignProgress, Offer
from warehouse.campaigns import Campaign
from warehouse.judged_ratings import Leaders
from warehouse.reads import ranking as reads

Revision = tuple[int, int]


@st.cache_data(ttl=60, max_entries=4, show_spinner=False)
def campaigns(revision: Revision) -> tuple[Campaign, ...]:
    """All campaigns, open ones first, then the newest."""
    return stored.campaigns(warehouse())


@st.cache_data(ttl=60, max_entries=64, show_spinner=False)
def history(revision: Revision, campaign_id: str) -> pl.DataFrame:
    """When a campaign was opened and closed, newest first."""
    return reads.campaign_history(warehouse(), campaign_id=campaign_id)


@st.cache_data(ttl=30, max_entries=64, show_spinner=False)
def progress(revision: Revision, campaign: Campaign, with_simulated: bool) -> CampaignProgress:
    """How far a campaign is."""
    return campaign_progress.campaign_progress(warehouse(), campaign, with_simulated=with_simulated)


@st.cache_data(ttl=30, max_entries=64, show_spinner=False)
def leaders(revision: Revision, campaign_id: str, with_simulated: bool) -> Leaders | None:
    """The best three models of a campaign; None where that cannot be said."""
    return judged_ratings.leaders(warehouse(), campaign_id, with_simulated=with_simulated)


@st.cache_data(ttl=10, max_entries=256, show_spinner=False)
def offer(revision: Revision, campaign: Campaign, person_id: str, with_simulated: bool) -> Offer:
    """What a person should rank next in a campaign, or why nothing."""
    return campaign_progress.next_prompts(
        warehouse(), campaign, person_id=person_id, with_simulated=with_simulated
    )


@st.cache_data(ttl=60, max_entries=4, show_spinner=False)
def rankable_prompts(scores_revision: int, with_simulated: bool) -> pl.DataFrame:
    """Prompts of two pictures or more: prompt_id, tag, prompt, pictures that may be ranked."""
    found = reads.prompts_to_rank(warehouse(), with_simulated=with_simulated)
    told = weighed_prompts(scores_revision).select("prompt_id", "tag", "prompt")
    return told.join(found.select("prompt_id", "pictures"), on="prompt_id", maintain_order="left")


@st.cache_data(ttl=60, max_entries=64, show_spinner=False)
def candidates(
    scores_revision: int,
    selection_revision: int,
    person_id: str,
    prompt_ids: tuple[int, ...],
    with_simulated: bool,
) -> pl.DataFrame:
    """How many pictures of each prompt a person picked, and how many else may fill up."""
    rows = reads.ranking_candidates(
        warehouse(), prompt_ids=prompt_ids, person_id=person_id, with_simulated=with_simulated
    )
    return rows.group_by("prompt_id").agg(
        picks=pl.col("picked").sum().cast(pl.Int64),
        others=pl.col("picked").not_().sum().cast(pl.Int64),
    )


@st.cache_data(ttl=60, max_entries=4, show_spinner=False)
def drawn_modes(revision: Revision) -> dict[str, str]:
    """The mode that chance gave each person."""
    rows = reads.first_modes(warehouse())
    return dict(zip(rows["person_id"], rows["mode"], strict=True))


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def model_names() -> dict[int, str]:
    """Name and version of every model."""
    rows = map_models().select("model_version_id", "model_name", "version_name").iter_rows()
    return {key: " ".join(filter(None, (name, version))) for key, name, version in rows}
