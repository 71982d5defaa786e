"""Cached reads of the selection basket, a person at a time.

`revision` rises with every change of the person's selection. Clearing the cache instead would lose
a race: another tab that read just before the change would store its old answer just after.
"""

import polars as pl
import streamlit as st

from dashboard.resources import warehouse
from warehouse.reads import selection as reads


@st.cache_data(ttl=300, max_entries=256, show_spinner=False)
def basket(person_id: str, revision: int) -> pl.DataFrame:
    """The pictures in a person's basket that are not hidden, in the order of picking."""
    return reads.basket(warehouse(), person_id=person_id)


@st.cache_data(ttl=300, max_entries=256, show_spinner=False)
def last_gesture(person_id: str, revision: int) -> pl.DataFrame:
    """The gesture that an undo would take back; no row when there is none."""
    return reads.last_gesture(warehouse(), person_id=person_id)
