"""Why there is no board, and the next step."""

import streamlit as st

from dashboard import formats, navigation
from dashboard.components.leaderboard.choice import Choice, clear_filters


def nothing_to_rate(chosen: Choice, simulated: int) -> None:
    """No judgments at all, none that match, or none that says which model is better."""
    rows = chosen.judged.judgments
    with st.container(border=True):
        if rows.height:
            st.subheader("Nothing that says which model is better", anchor=False)
            st.write(
                f"{formats.counted(rows.height, 'judgment')} here, and none compares two models "
                "in this way of rating: both were bad, both pictures were of one model, or "
                "there were only ties, which Plackett-Luce does not know."
            )
        elif chosen.filtered:
            st.subheader("No judgments match these filters", anchor=False)
            st.write("Take a filter away, or widen the dates.")
        else:
            st.subheader("No judgments yet", anchor=False)
            st.write(
                "Models are rated by what people prefer, and nobody has ranked pictures here. "
                "From the first vote on there is a board."
            )
        if simulated and not chosen.chosen.with_simulated:
            st.write("There are simulated judgments: count them with the switch above.")
        with st.container(horizontal=True, vertical_alignment="center"):
            if chosen.filtered:
                st.button("Show all judgments", on_click=clear_filters, key="leaderboard.all")
            rank = navigation.entry("rank")
            if rank:
                st.page_link(rank.page(), label="Rank some pictures", icon=rank.icon)
