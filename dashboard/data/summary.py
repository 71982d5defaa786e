"""Cached reads of Summary.

`revision` rises with each event of the person, by whichever process, and with each change of what
is in force (`dashboard.summaries`). Others' judgments move nobody's summary before the time to
live is over: with twenty people voting nothing would stay cached otherwise.
"""

import polars as pl
import streamlit as st

from dashboard.resources import warehouse
from warehouse import summaries
from warehouse.reads import summary as reads
from warehouse.summaries import Asked, Summary

Revision = tuple[int, int]


@st.cache_data(ttl=60, max_entries=64, show_spinner=False)
def summary(revision: Revision, asked: Asked, unjudged: bool) -> Summary:
    """The summary of what is asked. Raises NotFoundError."""
    return summaries.summary(warehouse(), asked, unjudged=unjudged)


@st.cache_data(ttl=60, max_entries=64, show_spinner=False)
def by_tag(revision: Revision, asked: Asked) -> dict[str, Summary]:
    """A summary for each tag that was judged. Raises NotFoundError."""
    return summaries.summaries_by_tag(warehouse(), asked)


@st.cache_data(ttl=60, max_entries=64, show_spinner=False)
def sessions(revision: Revision, person_id: str, with_simulated: bool) -> pl.DataFrame:
    """A person's sessions with counts, the one touched last first."""
    return reads.summary_sessions(warehouse(), person_id=person_id, with_simulated=with_simulated)


@st.cache_data(ttl=60, max_entries=64, show_spinner=False)
def comments(revision: Revision, asked: Asked) -> pl.DataFrame:
    """What a person wrote, newest first."""
    return reads.summary_comments(
        warehouse(),
        person_id=asked.person_id,
        session_id=asked.session_id,
        with_simulated=asked.with_simulated,
    )


@st.cache_data(ttl=60, max_entries=8, show_spinner=False)
def people(revision: int, with_simulated: bool) -> pl.DataFrame:
    """People with judgments, the busiest first."""
    return reads.summary_people(warehouse(), with_simulated=with_simulated)
