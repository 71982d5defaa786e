"""The only cached reads: frames from the warehouse, each bounded in age and number."""

import polars as pl
import streamlit as st

from dashboard.resources import warehouse
from warehouse import reads

GRID_PROMPTS, GRID_MODELS = 120, 240  # most rows and columns of the coverage picture


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def dataset_counts() -> dict[str, int]:
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
def active_profile() -> pl.DataFrame:
    """The lambdas of the active weight profile."""
    return reads.active_profile(warehouse())


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def prompt_choices() -> pl.DataFrame:
    """Every prompt with its counts of visible, hidden and unscored images."""
    return reads.prompt_choices(warehouse())


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def prompt_gallery(prompt_id: int, sort: str, skip: int, page_size: int) -> pl.DataFrame:
    """One page of a prompt's visible images, best first by `sort`."""
    return reads.prompt_gallery(
        warehouse(), prompt_id=prompt_id, sort=sort, skip=skip, page_size=page_size
    )


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def image_details(image_ids: tuple[str, ...]) -> pl.DataFrame:
    """Every fact about the images that are not hidden, in the order given."""
    return reads.image_details(warehouse(), image_ids)


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def image_metric_details(image_ids: tuple[str, ...]) -> pl.DataFrame:
    """Every metric of the images, with lambda and contribution."""
    return reads.image_metric_details(warehouse(), image_ids)


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def hidden_pictures() -> frozenset[str]:
    """Hashes of pictures that only hidden images show."""
    return frozenset(reads.hidden_pictures(warehouse())["sha256"])
