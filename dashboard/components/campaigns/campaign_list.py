"""All campaigns with their progress, open ones first."""

import streamlit as st

from dashboard import campaigns, formats
from dashboard.access import current_person
from dashboard.components.campaigns import opened
from dashboard.components.notices import literal
from dashboard.state import campaigns as state
from dashboard.state import simulated
from dashboard.state.campaigns import CampaignsLink
from warehouse.campaigns import Campaign

MOST_SHOWN = 30


def campaign_list() -> None:
    """A row for each campaign, and a button for a new one."""
    st.button(
        "New campaign",
        type="primary",
        icon=":material/add:",
        key="campaigns.new",
        on_click=opened.show,
        args=(CampaignsLink(is_new=True),),
    )
    known = campaigns.campaigns()
    if not known:
        _nothing()
        return
    running = [each for each in known if each.state == "open"]
    closed = [each for each in known if each.state == "closed"]
    if not running:
        st.caption("No campaign is open: annotators rank on their own.")
    for campaign in running:
        _row(campaign)
    if closed:
        with st.expander(f"Closed ({len(closed)})", expanded=not running):
            for campaign in closed[:MOST_SHOWN]:
                _row(campaign)
            if len(closed) > MOST_SHOWN:
                st.caption(f"{len(closed) - MOST_SHOWN} older ones: `warehouse campaigns list`.")


def maker_words(campaign: Campaign) -> str:
    """Who made it, when; a stranger's text. Whoever is at the screen may be in no table yet."""
    person = current_person()
    mine = campaign.person_id == person.person_id
    name = person.name if mine else campaign.person_name
    return f"by {name}, {formats.moment(campaign.created_at)}"


def _row(campaign: Campaign) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{literal(campaign.name)}**", width="stretch")
            if campaign.state == "closed":
                st.badge("closed", color="gray", icon=":material/lock:")
            st.button(
                "Look into it",
                key=f"campaigns.open.{campaign.campaign_id}",
                icon=":material/arrow_forward:",
                icon_position="right",
                on_click=opened.show,
                args=(CampaignsLink(campaign.campaign_id),),
            )
        told = campaigns.progress(campaign)
        ready = sum(prompt.is_enough for prompt in told.prompts)
        judgments = sum(prompt.judgments for prompt in told.prompts)
        st.progress(
            told.share,
            f"{ready} of {formats.counted(len(told.prompts), 'prompt')} done",
        )
        counted = ", simulated ones too" if simulated.shown(st.session_state) else ""
        st.caption(
            f"{formats.counted(judgments, 'judgment')} by "
            f"{formats.counted(len(told.annotators), 'annotator')}{counted}  ·  "
            f"{state.POLICIES[campaign.mode]}  ·  {literal(maker_words(campaign))}"
        )


def _nothing() -> None:
    with st.container(border=True):
        st.subheader("No campaigns yet", anchor=False)
        st.write(
            "A campaign asks annotators to rank the same prompts and pictures, so that their "
            "judgments can be compared and the best models found. Without one, everybody ranks "
            "what they like."
        )
