"""Cached reads of Weights.

`revision` rises whenever a profile is saved or put into force (`dashboard.profiles`), so that
every tab follows. A draft is cached by what it weighs.
"""

import numpy as np
import polars as pl
import streamlit as st

from core.drafts.breakdown import agreement_by_group
from core.drafts.spread import Spread, spread
from core.weights.agreement import Agreement
from core.weights.normalisation import Normalisation
from dashboard.resources import warehouse
from warehouse import draft_judgments, profiles
from warehouse.draft_judgments import JudgedRows, Learnt
from warehouse.reads import weights as reads
from warehouse.score_values import RawValues
from warehouse.weight_grid import WeighedGrid
from warehouse.weight_grid import draft_values as read_draft_values
from warehouse.weight_grid import weighed_grid as normalised_grid

Weights = tuple[tuple[str, float], ...]
NO_TAG = "no tag"


@st.cache_data(ttl=300, max_entries=4, show_spinner=False)
def weight_profiles(revision: int) -> list[profiles.WeightProfile]:
    """All profiles, the active one first."""
    return profiles.weight_profiles(warehouse())


@st.cache_data(ttl=300, max_entries=4, show_spinner=False)
def profile_history(revision: int) -> list[profiles.Activation]:
    """Who put which profile into force, newest first."""
    return profiles.profile_history(warehouse())


@st.cache_data(ttl=300, max_entries=2, show_spinner=False)
def weighable_metrics(revision: int) -> pl.DataFrame:
    """Every registered metric with what names and describes it."""
    return reads.weighable_metrics(warehouse())


@st.cache_data(ttl=300, max_entries=2, show_spinner=False)
def weighed_prompts(revision: int) -> pl.DataFrame:
    """Every prompt with its tag, and how many shown images answer it."""
    return reads.weighed_prompts(warehouse())


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def judging_people() -> pl.DataFrame:
    """People by id: names on screen, and whether they are simulated."""
    return reads.judging_people(warehouse())


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def draft_values(revision: int) -> RawValues:
    """Every picture with its raw metrics."""
    return read_draft_values(warehouse())


@st.cache_data(ttl=300, max_entries=4, show_spinner="Reading the metrics")
def weighed_grid(revision: int, normalisation: str) -> WeighedGrid:
    """Every shown picture with its metrics in [0, 1]."""
    return normalised_grid(warehouse(), draft_values(revision), Normalisation(normalisation))


@st.cache_data(ttl=300, max_entries=4, show_spinner=False)
def spreads(revision: int, normalisation: str) -> dict[str, Spread]:
    """How each normalised metric is spread."""
    weighed = weighed_grid(revision, normalisation)
    return {
        name: spread(weighed.flat(name).astype(np.float64), weighed.starts)
        for name in weighed.grid.metrics
    }


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def prompt_pictures(revision: int, prompt_id: int) -> pl.DataFrame:
    """Shown pictures of a prompt with their row of the grid: row, image_id, model, sha256."""
    pictures = draft_values(revision).pictures
    rows = np.flatnonzero(pictures.prompt_ids[: pictures.shown] == prompt_id)
    places = pl.DataFrame(
        {"image_id": [pictures.image_ids[row] for row in rows], "row": rows},
        schema={"image_id": pl.String, "row": pl.Int64},
    )
    told = reads.weighed_pictures(warehouse(), prompt_id=prompt_id)
    return places.join(told, on="image_id", maintain_order="left")


@st.cache_data(ttl=60, max_entries=4, show_spinner=False)
def judged_rows(revision: int, with_simulated: bool) -> JudgedRows:
    """The judgments in force as pairs of rows of the grid."""
    pictures = draft_values(revision).pictures
    return draft_judgments.judged_rows(
        warehouse(), pictures.image_ids[: pictures.shown], with_simulated=with_simulated
    )


@st.cache_data(ttl=60, max_entries=128, show_spinner=False)
def agreement(
    revision: int, weights: Weights, normalisation: str, with_simulated: bool
) -> Agreement:
    """How often these weights order the judged pairs as people did."""
    judged = judged_rows(revision, with_simulated)
    weighed = weighed_grid(revision, normalisation)
    return draft_judgments.draft_agreement(judged, weighed, dict(weights))


@st.cache_data(ttl=60, max_entries=128, show_spinner=False)
def agreement_split(
    revision: int, weights: Weights, normalisation: str, with_simulated: bool, by: str
) -> dict[str, Agreement]:
    """The same group by group: `by` tag of the prompt, or person."""
    judged = judged_rows(revision, with_simulated)
    if by == "tag":
        prompts = weighed_prompts(revision)
        tags = dict(zip(prompts["prompt_id"], prompts["tag"], strict=True))
        groups = [tags.get(int(prompt_id)) or NO_TAG for prompt_id in judged.prompts]
    else:
        people = judging_people().with_columns(shared=pl.col("name").is_duplicated())
        names = {
            key: f"{name} ({key})" if shared else name
            for key, name, _, shared in people.iter_rows()
        }
        ids = judged.person_ids
        groups = [names.get(ids[code], ids[code]) for code in judged.people]
    weighed = weighed_grid(revision, normalisation)
    gaps = draft_judgments.gaps(judged, weighed, dict(weights))
    return agreement_by_group(gaps, judged.outcomes, judged.people, judged.judgments, groups)


@st.cache_data(ttl=60, max_entries=16, show_spinner="Fitting the weights")
def learnt(
    revision: int,
    metrics: tuple[str, ...],
    normalisation: str,
    with_simulated: bool,
    non_negative: bool,
    rivals: tuple[tuple[str, Weights, str], ...],
) -> Learnt:
    """A fit of `metrics`, beside `rivals`: name, weights and normalisation. Raises ScoreError."""
    judged = judged_rows(revision, with_simulated)
    return draft_judgments.learn(
        judged,
        weighed_grid(revision, normalisation),
        metrics,
        {
            name: draft_judgments.gaps(judged, weighed_grid(revision, way), dict(weights))
            for name, weights, way in rivals
        },
        non_negative=non_negative,
    )
