"""Home: which model for this prompt, and what the warehouse holds."""

import streamlit as st

from dashboard import profiles, terms
from dashboard.charts import dataset
from dashboard.components import dataset_card
from dashboard.components.notices import show_empty_warehouse
from dashboard.components.recommendation.answer import answer, known
from dashboard.components.recommendation.question import question
from dashboard.components.simulated import simulated_switch
from dashboard.data import dataset as data
from dashboard.state import simulated as state

st.title("Gemboard", anchor=False)
st.caption(
    "Which text-to-image model should this person use for this prompt? "
    "A grid of prompts, models and pictures to look at, judge and tune."
)

revision = profiles.scores_revision()
counts = data.dataset_counts(revision)
if not counts["prompts"] and not counts["models"]:
    show_empty_warehouse("prompts and no models")
    st.stop()

with_simulated = state.shown(st.session_state)
knowledge = known(with_simulated=with_simulated)
if not knowledge.models.is_empty():
    st.subheader("Which model for this prompt?", anchor=False)
    asked = question(knowledge)
simulated_switch(counts["simulated_judgments"])
if not knowledge.models.is_empty():
    answer(asked, knowledge, with_simulated=with_simulated)
    st.subheader("The dataset", anchor=False)
dataset_card.counts_row(counts, with_simulated=with_simulated)
dataset_card.marks(counts)

st.subheader("Coverage", anchor=False)
st.caption(dataset_card.coverage_words(counts))
if counts["prompts"] and counts["models"]:
    st.altair_chart(dataset.coverage(data.grid_coverage()), key="home.coverage")

left, right = st.columns(2, gap="large")
with left:
    st.subheader("Prompts by tag", anchor=False)
    st.altair_chart(dataset.prompts_by_tag(data.prompts_by_tag()), key="home.tags")
    st.subheader("Where the images come from", anchor=False)
    dataset_card.sources(data.image_sources())
    st.subheader("Weights in force", anchor=False, help=terms.GRE_SCORE)
    dataset_card.profile(data.active_profile(revision))
with right:
    st.subheader("Models by base model", anchor=False)
    st.altair_chart(dataset.models_by_base(data.models_by_base()), key="home.bases")
    st.subheader("Downloads of the models", anchor=False)
    st.altair_chart(dataset.downloads(data.downloads_histogram()), key="home.downloads")
