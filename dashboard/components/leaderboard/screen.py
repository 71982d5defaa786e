"""The view that is asked for, or the judgments behind a number of it."""

import streamlit as st

from dashboard.components.leaderboard.board import board, counted_judgments
from dashboard.components.leaderboard.choice import Choice
from dashboard.components.leaderboard.downloads import downloads
from dashboard.components.leaderboard.empty import nothing_to_rate
from dashboard.components.leaderboard.over_time import over_time
from dashboard.components.leaderboard.pair_matrices import pair_matrices
from dashboard.components.leaderboard.trust import trust
from dashboard.components.leaderboard.votes import votes
from dashboard.data import leaderboard as data


def screen(chosen: Choice, simulated: int) -> None:
    """What is shown below the controls; `simulated` judgments there are in all."""
    standings = data.board(chosen.revision, chosen.chosen, chosen.method)
    if not standings:
        nothing_to_rate(chosen, simulated)
        return
    counted_judgments(chosen)
    if chosen.link.behind is not None:
        votes(chosen, standings, chosen.link.behind)
    elif chosen.view == "pairs":
        pair_matrices(chosen, standings)
    elif chosen.view == "time":
        over_time(chosen)
    elif chosen.view == "trust":
        trust(chosen)
    else:
        board(chosen, standings)
        st.subheader("Download", anchor=False)
        downloads(chosen, standings)
