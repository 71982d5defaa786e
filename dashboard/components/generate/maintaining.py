"""What maintainers do beside asking: adding models, and editing the words not allowed."""

import streamlit as st

from dashboard import model_adding
from dashboard.components.generate.adding_dialog import adding_dialog
from dashboard.components.generate.words_dialog import words_dialog
from dashboard.state import generate as state


def maintaining() -> None:
    """Two quiet buttons for maintainers, and what came of them."""
    told = st.session_state.pop(state.TOLD, None)
    if told:
        st.toast(told, icon=":material/check_circle:")
    if not model_adding.may_add():
        return
    with st.container(horizontal=True, gap="small"):
        if st.button(
            "Add a model", type="tertiary", icon=":material/add_box:", key="generate.add_model"
        ):
            adding_dialog()
        if st.button(
            "Words not allowed", type="tertiary", icon=":material/block:", key="generate.words"
        ):
            st.session_state.pop(state.WORDS_TEXT, None)
            words_dialog()
