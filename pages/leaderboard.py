"""Leaderboard: models rated by people's judgments, and whether the ratings can be trusted."""

import streamlit as st

from dashboard import profiles
from dashboard.components.leaderboard import choice as controls
from dashboard.components.leaderboard.pair_file import pair_file
from dashboard.components.leaderboard.screen import screen
from dashboard.components.notices import show_empty_warehouse
from dashboard.components.simulated import simulated_switch
from dashboard.data import dataset

st.title("Leaderboard", anchor=False)
st.caption(
    "Which models people prefer, how sure that is, and the votes behind every number: "
    "click a model or a cell to see them."
)

counts = dataset.dataset_counts(profiles.scores_revision())
if not counts["prompts"] and not counts["models"]:
    show_empty_warehouse("prompts and no models")
    st.stop()

with_simulated = simulated_switch(counts["simulated_judgments"])
controls.adopt_link()
chosen = controls.choice(with_simulated=with_simulated)
controls.share_link(chosen)
screen(chosen, counts["simulated_judgments"])
with st.expander("Rate a file of pairs", icon=":material/upload_file:"):
    pair_file(chosen.method)
