"""Cached reads of the data card; `revision` (`profiles.scores_revision()`) keeps weights apart."""

import polars as pl
import streamlit as st

from dashboard.resources import warehouse
from warehouse.reads import dataset as reads

GRID_PROMPTS, GRID_MODELS = 120, 240  # most rows and columns of the coverage picture


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def dataset_counts(revision: int) -> dict[str, int]:
    """Counts of what the warehouse holds, by name."""
    return reads.dataset_counts(warehouse()).row(0, named=True)


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def image_sources() -> pl.DataFrame:
    """Images by source and mark."""
    return reads.image_sources(warehouse())


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def grid_coverage() -> pl.DataFrame:
    """Cells of the prompt x model grid, or blocks of them where the grid is large."""
    return reads.grid_coverage(warehouse(), max_prompts=GRID_PROMPTS, max_models=GRID_MODELS)


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def prompts_by_tag() -> pl.DataFrame:
    """Prompts and images of each tag."""
    return reads.prompts_by_tag(warehouse())


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def models_by_base() -> pl.DataFrame:
    """Models of each base model and kind."""
    return reads.models_by_base(warehouse())


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def downloads_histogram() -> pl.DataFrame:
    """Models in logarithmic bins of their downloads."""
    return reads.downloads_histogram(warehouse())


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def active_profile(revision: int) -> pl.DataFrame:
    """The lambdas of the active weight profile."""
    return reads.active_profile(warehouse())
