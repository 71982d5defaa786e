"""Cached reads of Explore."""

import polars as pl
import streamlit as st

from dashboard.resources import warehouse
from warehouse.reads import explore as reads


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
