"""Closing a campaign and opening it again, with a note."""

import streamlit as st

from core.errors import GemboardError
from dashboard import campaigns
from dashboard.components.campaigns import opened
from dashboard.components.notices import literal, show_error
from dashboard.state import campaigns as state
from warehouse.campaigns import Campaign

MOST_NOTE = 500


@st.dialog("Close or reopen", icon=":material/campaign:")
def state_dialog(campaign: Campaign) -> None:
    """Ask for a note, and do it."""
    closing = campaign.state == "open"
    if closing:
        st.write(
            f"**{literal(campaign.name)}** starts no more sessions. Those under way can be gone "
            "on with, and every judgment stays. It can be opened again."
        )
    else:
        st.write(f"**{literal(campaign.name)}** is offered to annotators again.")
    note = st.text_input(
        "Note", key=state.CAMPAIGNS_NOTE, max_chars=MOST_NOTE, placeholder="Why? May stay empty."
    )
    label = "Close the campaign" if closing else "Reopen the campaign"
    if st.button(label, type="primary", key="campaigns.state_now"):
        try:
            (campaigns.close if closing else campaigns.reopen)(campaign.campaign_id, note)
        except GemboardError as error:
            show_error(error)
            return
        opened.tell(f"**{literal(campaign.name)}** is {'closed' if closing else 'open again'}.")
        st.rerun()
