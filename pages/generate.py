"""Generate: ask for pictures of any prompt by the models that are here, and watch them appear."""

import streamlit as st

from dashboard import generation_models
from dashboard.components.generate.form import form
from dashboard.components.generate.results import results
from dashboard.components.notices import show_empty_warehouse
from dashboard.state.generate import ASKED

NARROWEST_PX = 250

st.title("Generate", anchor=False)
st.caption(
    "Write a prompt, pick models, and watch their pictures appear. Kept pictures are scored, "
    "mapped and open to votes like all others."
)

known = generation_models.roster()
if not known.models:
    show_empty_warehouse("models")
    st.stop()

# Side by side where both have room, else the pictures below the form.
board = st.grid(3, min_column_width=NARROWEST_PX, gap="medium")
with board.cell():
    form(known)
with board.cell(column_span=2):
    results(st.session_state.get(ASKED))
