"""Cached reads of “Which model?”.

`revision` is that of scores and of judgments: what was read before either changed is keyed
otherwise.
"""

import numpy as np
import polars as pl
import streamlit as st

from dashboard.resources import warehouse
from warehouse import recommendation, recommendation_knowledge
from warehouse.recommendation import Answer
from warehouse.recommendation_knowledge import Knowledge
from warehouse.recommendation_questions import Question

Revision = tuple[int, int]
Vector = tuple[float, ...]


@st.cache_data(ttl=300, max_entries=4, show_spinner=False)
def knowledge(revision: Revision, with_simulated: bool) -> Knowledge:
    """What answers rest on."""
    return recommendation_knowledge.knowledge(warehouse(), with_simulated=with_simulated)


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def answer(
    revision: Revision, with_simulated: bool, question: Question, vector: Vector | None
) -> Answer:
    """The five models. Raises what `recommendation.answer` raises."""
    features = None if vector is None else np.asarray(vector, np.float32)
    return recommendation.answer(knowledge(revision, with_simulated), question, features)


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def examples(
    revision: Revision, with_simulated: bool, question: Question, vector: Vector | None
) -> pl.DataFrame:
    """Pictures that show the five models."""
    found = answer(revision, with_simulated, question, vector)
    return recommendation.examples(warehouse(), found)
