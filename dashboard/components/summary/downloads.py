"""Judgments and ratings to take away."""

from collections.abc import Callable

import streamlit as st

from dashboard import summaries
from dashboard.components.summary.choice import Choice

MIMES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
LABELS = {"csv": "CSV", "parquet": "Parquet"}


def downloads(chosen: Choice, *, unjudged: bool) -> None:
    """Files of what is shown: events as they were stored, and the ranked models."""
    asked = chosen.asked
    st.caption(
        "Judgments: every event, with undone ones marked. Ratings: the models as ranked above. "
        "In the CSV, texts that a spreadsheet would run as a formula begin with a quote."
    )
    with st.container(horizontal=True):
        for ending in LABELS:
            _file("judgments", ending, summaries.judgments_file(asked, ending))
        for ending in LABELS:
            _file("ratings", ending, summaries.ratings_file(asked, ending, unjudged=unjudged))


def _file(what: str, ending: str, content: Callable[[], bytes]) -> None:
    st.download_button(
        f"{what.capitalize()}, {LABELS[ending]}",
        content,
        file_name=f"gemboard-{what}.{ending}",
        mime=MIMES[ending],
        icon=":material/download:",
        on_click="ignore",
        key=f"summary.{what}.{ending}",
    )
