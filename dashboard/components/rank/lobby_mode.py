"""Which mode the person at the screen ranks in, and why."""

import streamlit as st

from dashboard import campaigns, terms
from dashboard.access import current_person
from dashboard.data import campaigns as data
from dashboard.state.campaigns import MODES


def known_mode() -> str | None:
    """The mode that the person keeps; None before chance drew it."""
    return data.drawn_modes(campaigns.revision()).get(current_person().person_id)


def mode_note() -> None:
    """The mode in a sentence, and where it comes from."""
    mode = known_mode()
    if mode:
        words = (
            f"Your mode is **{MODES[mode].lower()}**: chance drew it for your first session, and "
            "you keep it. A campaign may ask for the other one."
        )
    else:
        words = (
            "Your mode, drag and sort or battle, is drawn by chance when you begin, and you keep "
            "it afterwards. A campaign may ask for a certain one."
        )
    st.caption(words, help=terms.RANKING_MODES)
