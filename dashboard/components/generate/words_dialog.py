"""The words that prompts may not hold, for maintainers to edit."""

import streamlit as st

from core.errors import GemboardError
from dashboard import blocked_words, formats
from dashboard.components.notices import show_error
from dashboard.state import generate as state


@st.dialog("Words not allowed", icon=":material/block:")
def words_dialog() -> None:
    """The list as text, a word or phrase on each line."""
    st.caption(
        "A prompt that holds one of these, however it is written, is refused. Whole words are "
        "compared; negative prompts are free."
    )
    if state.WORDS_TEXT not in st.session_state:
        st.session_state[state.WORDS_READ] = blocked_words.words()
        st.session_state[state.WORDS_TEXT] = "\n".join(st.session_state[state.WORDS_READ])
    text = st.text_area(
        "One word or phrase on each line", key=state.WORDS_TEXT, height=280, max_chars=200_000
    )
    if st.button("Save the list", type="primary", key="generate.words_save"):
        try:
            added, removed = blocked_words.change(
                st.session_state[state.WORDS_READ],
                [line for line in (text or "").splitlines() if line.strip()],
            )
        except GemboardError as error:
            show_error(error)
            return
        st.session_state[state.TOLD] = (
            f"Words not allowed: {formats.whole(len(added))} added, "
            f"{formats.whole(len(removed))} removed."
        )
        st.rerun()
