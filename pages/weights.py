"""Weights: tune the lambdas of the GRE-Score, see what changes, measure it against people."""

import streamlit as st

from dashboard import profiles
from dashboard.components.notices import show_empty_warehouse
from dashboard.components.weights import draft
from dashboard.components.weights.workbench import workbench
from dashboard.data import weights as data

st.title("Weights", anchor=False)
st.caption(
    "How much each metric counts in the GRE-Score: move a weight and see at once which models "
    "and pictures rise, and whether people agree. Nothing changes for others before a profile is "
    "put into force."
)

prompts = data.weighed_prompts(profiles.scores_revision())
if prompts.is_empty():
    show_empty_warehouse("prompts")
    st.stop()
if not prompts["images"].sum():
    show_empty_warehouse("pictures to rank")
    st.stop()

draft.adopt_link(draft.metric_labels(), set(prompts["prompt_id"]))
workbench()
