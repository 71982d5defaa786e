"""Summary: which models a person prefers, how sure that is, and how it goes with others."""

import streamlit as st

from dashboard import profiles, summaries, terms
from dashboard.components.notices import show_empty_warehouse
from dashboard.components.simulated import simulated_switch
from dashboard.components.summary import choice as controls
from dashboard.components.summary.alike import agreement
from dashboard.components.summary.downloads import downloads
from dashboard.components.summary.history import history, nothing_judged
from dashboard.components.summary.ranking import among_picker, headline, ranked_models
from dashboard.components.summary.tags import tags
from dashboard.data import dataset

st.title("Summary", anchor=False)
st.caption(
    "Which models one person prefers, from the first vote on: their own judgments, shrunk towards "
    "everybody's while they are few."
)

counts = dataset.dataset_counts(profiles.scores_revision())
if not counts["prompts"] and not counts["models"]:
    show_empty_warehouse("prompts and no models")
    st.stop()

with_simulated = simulated_switch(counts["simulated_judgments"])
controls.adopt_link(with_simulated=with_simulated)
chosen = controls.choice(with_simulated=with_simulated)
told = summaries.summary(chosen.asked)
if told.models.is_empty():
    controls.share_link(chosen, "judged")
    nothing_judged(chosen)
else:
    controls.mark_simulated(told)
    headline(chosen, told)
    st.subheader("Models", anchor=False, help=terms.SUMMARY_HELP)
    among = among_picker()
    controls.share_link(chosen, among)
    ranked_models(summaries.summary(chosen.asked, unjudged=among == "all"))
    st.subheader("Agreement", anchor=False)
    agreement(told)
    if chosen.asked.tag is None:
        st.subheader("By tag", anchor=False)
        tags(summaries.by_tag(chosen.asked))
    st.subheader("Download", anchor=False)
    downloads(chosen, unjudged=among == "all")
if not chosen.sessions.is_empty():
    st.subheader("Sessions", anchor=False)
    history(chosen)
