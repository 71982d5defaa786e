"""One campaign: how far it is, who did what, who leads, and closing it."""

import polars as pl
import streamlit as st

from dashboard import campaigns, formats, terms
from dashboard.components.campaigns import opened
from dashboard.components.campaigns.campaign_list import maker_words
from dashboard.components.campaigns.plan_facts import plan_facts
from dashboard.components.campaigns.progress_tables import annotator_table, prompt_table
from dashboard.components.campaigns.state_dialog import state_dialog
from dashboard.components.campaigns.top_three import top_three
from dashboard.components.notices import literal
from dashboard.components.simulated import simulated_switch
from dashboard.media import base_path
from dashboard.state import campaigns as state
from dashboard.state import simulated
from warehouse.campaign_progress import CampaignProgress
from warehouse.campaigns import Campaign


def campaign_view(campaign_id: str, prompts: pl.DataFrame) -> None:
    """Everything about one campaign. Raises NotFoundError."""
    opened.back_button()
    campaign = campaigns.campaign_of(campaign_id)
    _head(campaign)
    told = campaigns.progress(campaign)
    with_all = campaigns.progress(campaign, with_simulated=True)
    real = campaigns.progress(campaign, with_simulated=False)
    made_up = _judgments(with_all) - _judgments(real)
    simulated_switch(made_up)
    if made_up and simulated.shown(st.session_state):
        text = f"simulated: {formats.whole(made_up)} of {_judgments(with_all):,} judgments"
        st.badge(text, icon=":material/experiment:", color="orange")
    _figures(told)
    top_three(campaign)
    st.subheader("Annotators", anchor=False)
    annotator_table(told, {person.person_id for person in real.annotators})
    st.subheader("Prompts", anchor=False)
    prompt_table(told, prompts)
    with st.expander("What was asked for"):
        plan_facts(campaign)
    with st.expander("Opened and closed"):
        _history(campaign)


def _head(campaign: Campaign) -> None:
    """Name, state, what can be done, and the link."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(literal(campaign.name), anchor=False, width="content")
        if campaign.state == "open":
            st.badge("open", color="green", icon=":material/campaign:")
        else:
            st.badge("closed", color="gray", icon=":material/lock:")
        label = "Close" if campaign.state == "open" else "Reopen"
        allowed = campaigns.may_run()
        if st.button(
            label,
            key="campaigns.state",
            icon=":material/lock:" if campaign.state == "open" else ":material/lock_open:",
            disabled=not allowed,
            help=None if allowed else "Maintainers close and reopen campaigns.",
        ):
            state_dialog(campaign)
    st.caption(f"{state.POLICIES[campaign.mode]}  ·  {literal(maker_words(campaign))}")
    if campaign.state == "open":
        st.caption("Link for annotators: it opens their Rank page at this campaign.")
        st.code(annotators_link(campaign.campaign_id), language=None, wrap_lines=True)


def annotators_link(campaign_id: str) -> str:
    """Address of Rank at a campaign; without the host where the browser did not tell it."""
    path = f"{base_path()}/rank?campaign={campaign_id}"
    page = st.context.url or ""
    scheme, mark, rest = page.partition("://")
    return f"{scheme}{mark}{rest.partition('/')[0]}{path}" if mark else path


def _figures(told: CampaignProgress) -> None:
    ready = sum(prompt.is_enough for prompt in told.prompts)
    passed = sum(person.attention.passed for person in told.annotators)
    failed = sum(person.attention.failed for person in told.annotators)
    with st.container(border=True), st.grid(4, min_column_width=130):
        st.metric(
            "Prompts done",
            f"{ready} of {len(told.prompts)}",
            help="Judged by the people asked for and, where that was set, often enough per pair.",
        )
        st.metric("Judgments", formats.whole(_judgments(told)), help="Attention checks left out.")
        st.metric("Annotators", formats.whole(len(told.annotators)))
        st.metric(
            "Checks passed",
            f"{passed} of {passed + failed}" if passed + failed else "none yet",
            help=f"Of those that were decided. {terms.ATTENTION}",
        )


def _history(campaign: Campaign) -> None:
    rows = campaigns.history(campaign)
    st.dataframe(
        pl.DataFrame(
            {
                "When": [formats.moment(when) for when in rows["changed_at"]],
                "What": ["opened" if what == "open" else "closed" for what in rows["state"]],
                "By": rows["person_name"],
                "Note": rows["note"].fill_null(""),
            }
        ),
        hide_index=True,
        key="campaigns.history",
    )


def _judgments(told: CampaignProgress) -> int:
    return sum(prompt.judgments for prompt in told.prompts)
