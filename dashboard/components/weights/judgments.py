"""Which judgments count on Weights, and what to do where there are none."""

import streamlit as st

from dashboard import formats, navigation, profiles
from dashboard.components.simulated import simulated_switch
from dashboard.data import dataset
from dashboard.data import weights as data


def counted_judgments() -> bool:
    """The switch for simulated judgments and their mark; returns whether they count."""
    revision = profiles.scores_revision()
    with_simulated = simulated_switch(dataset.dataset_counts(revision)["simulated_judgments"])
    judged = data.judged_rows(revision, with_simulated)
    if judged.simulated:
        st.badge(
            f"simulated: {formats.whole(judged.simulated)} of "
            f"{formats.counted(judged.pairs, 'pair')}",
            icon=":material/experiment:",
            color="orange",
        )
    return with_simulated


def no_judgments() -> None:
    """Why there is nothing to compare with, and the next step."""
    simulated = dataset.dataset_counts(profiles.scores_revision())["simulated_judgments"]
    with st.container(border=True):
        st.subheader("No judgments yet", anchor=False)
        st.write(
            "Agreement is measured on pairs of pictures of the same prompt that people ranked, "
            "and nobody has ranked any here."
        )
        if simulated:
            st.write("There are simulated judgments: count them with the switch above.")
        rank = navigation.entry("rank")
        if rank:
            st.page_link(rank.page(), label="Rank some pictures", icon=rank.icon)
        else:
            st.write("Judgments come from ranking sessions.")
