"""Cached reads of Generate."""

import streamlit as st

from dashboard.resources import warehouse
from warehouse.reads import generation as reads


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def picture_recipe(revision: int, image_id: str) -> str | None:
    """The recipe, as JSON, of a picture that was made here and is not hidden; else None."""
    return reads.picture_recipe(warehouse(), image_id)
