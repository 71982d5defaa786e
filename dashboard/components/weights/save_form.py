"""Saving the draft under a name."""

import streamlit as st

from core.errors import GemboardError
from dashboard import profiles
from dashboard.components.notices import literal, show_error
from dashboard.components.weights.draft_panel import weight_words
from dashboard.state import weights as state
from dashboard.state.weights import Draft

MOST_NAME, MOST_NOTE = 80, 500


def save_button(draft: Draft, *, disabled: bool) -> None:
    """Ask for a name and a note; analysts and above may save."""
    allowed = profiles.may_save()
    if st.button(
        "Save as profile",
        icon=":material/save:",
        key="weights.save",
        disabled=disabled or not allowed,
        help=None if allowed else "Analysts and maintainers may save profiles.",
    ):
        save_dialog(draft)


@st.dialog("Save as profile", icon=":material/save:")
def save_dialog(draft: Draft) -> None:
    """Name and note of a new profile. It is not in force before somebody puts it there."""
    st.text(weight_words(draft.lambdas))
    st.caption(
        f"Normalisation: {state.NORMALISATIONS[draft.normalisation]}. "
        "A saved profile is never changed; it comes into force only when a maintainer says so."
    )
    name = st.text_input("Name", key=state.WEIGHTS_NAME, max_chars=MOST_NAME)
    note = st.text_input(
        "Note",
        key=state.WEIGHTS_NOTE,
        max_chars=MOST_NOTE,
        placeholder="Why these weights? May stay empty.",
    )
    if st.button("Save", type="primary", key="weights.save_now"):
        try:
            profiles.save(name, draft.by_metric, draft.normalisation, note)
        except GemboardError as error:
            show_error(error)
            return
        st.session_state[state.WEIGHTS_TOLD] = (
            f"Saved **{literal(name.strip())}**. Under Profiles it can be put into force."
        )
        st.session_state[state.WEIGHTS_CHOSEN] = name.strip()
        st.rerun()
