"""Cached reads of Leaderboard.

`revision` is `dashboard.ranking.judgments_revision()`: it rises with every judgment that this
process stores, and no other process can write to the warehouse meanwhile.
"""

import tempfile
from pathlib import Path

import polars as pl
import streamlit as st

from core.leaderboards.board import Standing
from core.leaderboards.comparisons import Comparisons
from core.leaderboards.convergence import Moment, convergence
from core.leaderboards.fragility import Fragility, fragility
from core.leaderboards.reliability import Alpha, Annotator, alpha, annotators
from core.ratings.wins import pairs_of_judgment
from dashboard.resources import warehouse
from warehouse import leaderboards, pair_files
from warehouse.leaderboards import Judged, Slice
from warehouse.reads import leaderboards as reads
from warehouse.reads.weights import judging_people


@st.cache_data(ttl=300, max_entries=12, show_spinner=False)
def judged(revision: int, chosen: Slice) -> Judged:
    """The judgments of a slice."""
    return leaderboards.judged(warehouse(), chosen)


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def board(revision: int, chosen: Slice, method: str) -> tuple[Standing, ...]:
    """Standings of a slice by the name of a method, best first."""
    return leaderboards.rated(judged(revision, chosen).comparisons, method)


@st.cache_data(ttl=300, max_entries=2, show_spinner=False)
def judged_models(revision: int) -> pl.DataFrame:
    """image_id, model_version_id and base_model of all pictures that were judged."""
    return reads.judged_models(warehouse())


@st.cache_data(ttl=300, max_entries=2, show_spinner=False)
def people(revision: int) -> pl.DataFrame:
    """People by id: names, and whether they are simulated."""
    return judging_people(warehouse())


@st.cache_data(ttl=300, max_entries=12, show_spinner="Fitting the board again and again")
def first_place(revision: int, chosen: Slice) -> Fragility | None:
    """How few judgments hold up the first place."""
    return fragility(judged(revision, chosen).comparisons)


@st.cache_data(ttl=300, max_entries=12, show_spinner=False)
def moments(revision: int, chosen: Slice) -> tuple[Moment, ...]:
    """The board as judgments came in."""
    return convergence(judged(revision, chosen).comparisons)


@st.cache_data(ttl=300, max_entries=12, show_spinner=False)
def reliability(revision: int, chosen: Slice) -> tuple[Annotator, ...]:
    """Every annotator beside the others' ratings, the busiest first."""
    return annotators(judged(revision, chosen).comparisons)


@st.cache_data(ttl=300, max_entries=12, show_spinner=False)
def shared_opinions(revision: int, chosen: Slice) -> Alpha | None:
    """How far annotators agree on pictures that several of them compared."""
    rows = judged(revision, chosen).judgments.iter_rows(named=True)
    return alpha((row["person_id"], pair) for row in rows for pair in pairs_of_judgment(row)[0])


@st.cache_data(ttl=300, max_entries=2, show_spinner="Reading the pairs")
def pairs_of_file(digest: str, name: str, _content: bytes) -> Comparisons:
    """The comparisons of an uploaded file, kept in memory alone. Raises as `read_pairs`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(_content)
        return pair_files.read_pairs(path)


@st.cache_data(ttl=300, max_entries=8, show_spinner="Rating the pairs")
def board_of_file(digest: str, method: str, _comparisons: Comparisons) -> tuple[Standing, ...]:
    """Standings by an uploaded file of pairs, best first."""
    return leaderboards.rated(_comparisons, method)
