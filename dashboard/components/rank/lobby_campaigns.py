"""Campaigns that are open, with what is left in them for the person at the screen."""

from collections.abc import Collection

import streamlit as st

from dashboard import campaigns, formats
from dashboard.components.notices import literal
from dashboard.components.rank.beginning import start_button
from dashboard.state import campaigns as state
from warehouse.campaigns import Campaign


def open_campaigns(under_way: Collection[str | None], campaign_id: str | None = None) -> None:
    """All open campaigns; the one that a link names comes first, and is shown when closed too.

    `under_way` are the campaigns of the person's open sessions.
    """
    known = campaigns.campaigns()
    asked = [each for each in known if each.campaign_id == campaign_id]
    others = [each for each in known if each.state == "open" and each not in asked]
    if campaign_id and not asked:
        st.warning(
            "The link names a campaign that is not in this warehouse. Ask whoever sent it.",
            icon=":material/link_off:",
        )
    if not asked and not others:
        return
    st.subheader("Campaigns", anchor=False)
    for campaign in (*asked, *others):
        _campaign(campaign, under_way=campaign.campaign_id in under_way)


def _campaign(campaign: Campaign, *, under_way: bool) -> None:
    """Its name, what is left, and Start; or why nothing is."""
    offer = campaigns.offer(campaign)
    left = len(offer.prompt_ids)
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(gap="xsmall", width="stretch"):
            st.markdown(f"**{literal(campaign.name)}**")
            if left:
                st.caption(_left_words(campaign, left))
            elif under_way and campaign.state == "open":
                st.caption("All that is left for you is in a session of yours: go on with it.")
            else:
                st.caption(literal(offer.reason or "Nothing is left for you."))
        if left:
            start_button("Start", campaign.campaign_id, campaign=campaign.campaign_id)


def _left_words(campaign: Campaign, left: int) -> str:
    now = min(left, campaign.plan.prompts_per_session)
    mode = (
        "in your own mode"
        if campaign.mode == "random"
        else f"by {state.MODES[campaign.mode].lower()}, as its maintainer set it"
    )
    return (
        f"{formats.counted(left, 'prompt')} left for you, {now} of them in the next session, "
        f"{mode}; the best {campaign.plan.pictures_per_prompt} pictures by GRE-Score of each."
    )
