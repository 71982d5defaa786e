"""Cached reads of Map; `revision` (`profiles.scores_revision()`) keeps weights apart."""

from typing import Any

import numpy as np
import polars as pl
import streamlit as st

from core.maps.cluster_words import ClusterLabel, Documents, label_clusters
from core.maps.label_words import prompt_words, tag_words
from dashboard.data.similarity import compared_prompts
from dashboard.resources import warehouse
from warehouse.reads import map as reads


@st.cache_data(ttl=60, max_entries=64, show_spinner=False)
def map_projection(encoder: str, prompt_id: int | None) -> dict[str, Any] | None:
    """The kept map of a prompt, or of all pictures, with `unplaced`: new pictures not on it yet."""
    rows = reads.map_projection(warehouse(), encoder=encoder, prompt_id=prompt_id)
    if rows.is_empty():
        return None
    kept = rows.row(0, named=True)
    unplaced = reads.map_unplaced(
        warehouse(),
        encoder=encoder,
        prompt_id=prompt_id,
        projection_id=kept["projection_id"],
    )
    return {**kept, "unplaced": int(unplaced["images"][0])}


@st.cache_data(ttl=300, max_entries=16, show_spinner=False)
def map_points(revision: int, projection_id: str, placed_later: int) -> pl.DataFrame:
    """Visible pictures of a map in the order they are drawn; its growth makes the frame anew."""
    return reads.map_points(warehouse(), projection_id=projection_id)


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def map_models() -> pl.DataFrame:
    """Every model version with its names, base model, tags and downloads."""
    return reads.map_models(warehouse())


@st.cache_data(ttl=300, max_entries=16, show_spinner=False)
def map_labels(
    revision: int, encoder: str, projection_id: str, placed_later: int
) -> list[ClusterLabel]:
    """What distinguishes each cluster: words of its prompts, tags of its models."""
    points = map_points(revision, projection_id, placed_later)
    if points.is_empty():
        return []
    prompts, models = compared_prompts(encoder), map_models()
    texts = dict(zip(prompts["prompt_id"], prompts["prompt"], strict=True))
    tags = dict(zip(models["model_version_id"], models["tags"].to_list(), strict=True))
    prompt_ids, of_prompt = np.unique(points["prompt_id"].to_numpy(), return_inverse=True)
    model_ids, of_model = np.unique(points["model_version_id"].to_numpy(), return_inverse=True)
    return label_clusters(
        points.select("x", "y").to_numpy(),
        points["cluster"].fill_null(-1).to_numpy().astype(np.int64),
        [
            Documents([prompt_words(texts.get(int(i)) or "") for i in prompt_ids], of_prompt),
            Documents([tag_words(tags.get(int(i)) or ()) for i in model_ids], of_model),
        ],
    )
