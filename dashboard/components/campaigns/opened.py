"""Which campaign is open on the page, kept in its address; and what was just done."""

import streamlit as st

from dashboard import links
from dashboard.components.notices import show_link_complaints
from dashboard.state import campaigns as state
from dashboard.state.campaigns import CampaignsLink


def shown() -> CampaignsLink:
    """What is open; says what a link could not get."""
    asked = links.asked_values(("campaign",), state.CAMPAIGNS_LINK)
    if asked:
        link = state.read_campaigns_link(asked)
        show_link_complaints(link.complaints)
        show(link)
    found: CampaignsLink = st.session_state.get(state.CAMPAIGNS_SHOWN, CampaignsLink())
    links.write_values(state.link_parameters(found), state.CAMPAIGNS_LINK)
    return found


def show(link: CampaignsLink) -> None:
    """Open a campaign, the form or the list from the next run on."""
    st.session_state[state.CAMPAIGNS_SHOWN] = link


def tell(words: str) -> None:
    """Say after the next run what was done; `words` are Markdown."""
    st.session_state[state.CAMPAIGNS_TOLD] = words


def told() -> None:
    """Say once what was just done."""
    words = st.session_state.pop(state.CAMPAIGNS_TOLD, None)
    if words:
        st.toast(words, icon=":material/check_circle:")


def back_button() -> None:
    """The way back to the list."""
    st.button(
        "All campaigns",
        icon=":material/arrow_back:",
        type="tertiary",
        key="campaigns.back",
        on_click=show,
        args=(CampaignsLink(),),
    )
