"""The board and the pairs to take away."""

from collections.abc import Callable, Sequence

import polars as pl
import streamlit as st

from core.leaderboards.board import Standing
from dashboard.components.leaderboard.board import board_rows
from dashboard.components.leaderboard.choice import Choice
from dashboard.components.leaderboard.names import people_names
from dashboard.components.summary.downloads import LABELS, MIMES
from dashboard.summaries import WRITERS, may_see_others
from warehouse.pair_files import pairs_frame


def downloads(chosen: Choice, standings: Sequence[Standing]) -> None:
    """Files of what is shown: the whole board, and the judgments behind it as pairs."""
    st.caption(
        "Board: every model, also those not shown. Pairs: model_a, model_b, winner (model_a, "
        "model_b, tie, both_bad), which public tools for arenas read; a sorted batch gives all "
        "its pairs, under one judgment_id. In the CSV, texts that a spreadsheet would run as a "
        "formula begin with a quote."
    )
    with st.container(horizontal=True):
        for ending in LABELS:
            _file("board", ending, lambda: board_rows(standings, chosen.method))
        for ending in LABELS:
            _file("pairs", ending, lambda: pair_rows(chosen))


def pair_rows(chosen: Choice) -> pl.DataFrame:
    """Pairs of models; who judged stands there as the screen names them, but for maintainers."""
    rows = pairs_frame(chosen.judged)
    if may_see_others():
        return rows
    people = chosen.judged.judgments["person_id"].unique(maintain_order=True).to_list()
    told = {str(key): name for key, name in people_names(chosen.revision, people).items()}
    return rows.with_columns(pl.col("person_id").replace_strict(told, return_dtype=pl.String))


def _file(what: str, ending: str, rows: Callable[[], pl.DataFrame]) -> None:
    write = WRITERS[ending]
    st.download_button(
        f"{what.capitalize()}, {LABELS[ending]}",
        lambda: write(rows()),
        file_name=f"gemboard-{what}.{ending}",
        mime=MIMES[ending],
        icon=":material/download:",
        on_click="ignore",
        key=f"leaderboard.{what}.{ending}",
    )
