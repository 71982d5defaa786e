"""Cached reads of Explore; `vector` is what pictures are searched by, None without a search.

`revision` is `profiles.scores_revision()`: scores under other weights are kept apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
import streamlit as st

from core.picture_filters import PictureFilters
from core.similarity.neighbours import cosines
from dashboard.resources import feature_index, search_encoder, warehouse
from warehouse.picture_search import Neighbour, neighbours
from warehouse.reads import explore as reads

Vector = tuple[float, ...]
RANGE_BINS = 24


@dataclass(frozen=True)
class Tally:
    """How much matches."""

    images: int
    prompts: int
    models: int
    unscored: int  # without a GRE-Score


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def prompt_choices(revision: int) -> pl.DataFrame:
    """Every prompt with its counts of visible, hidden and unscored images."""
    return reads.prompt_choices(warehouse())


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def catalogue(revision: int) -> pl.DataFrame:
    """Every image with its scores and marks: what filters look at."""
    return reads.explore_catalogue(warehouse())


@st.cache_data(ttl=300, max_entries=8, show_spinner=False)
def matches(revision: int, filters: PictureFilters, vector: Vector | None) -> pl.DataFrame:
    """Rows of explore_matches with the cosine of each image with `vector`.

    With a search, images that have no features count as kept out.
    """
    found = reads.explore_matches(warehouse(), catalogue(revision), filters)
    nothing = pl.lit(None, dtype=pl.Float32).alias("cosine")
    index = None if vector is None else feature_index()
    if vector is None or index is None:
        return found.with_columns(nothing)
    searched = pl.DataFrame(
        {
            "image_id": index.image_ids,
            "cosine": cosines(index.units, np.asarray(vector, dtype=np.float32)),
        },
        schema={"image_id": pl.String, "cosine": pl.Float32},
    ).with_columns(pl.col("cosine").fill_nan(None))
    joined = found.join(searched, on="image_id", how="left", maintain_order="left")
    return joined.with_columns(
        pl.when(pl.col("cosine").is_null())
        .then(pl.lit("several"))
        .otherwise(pl.col("kept_out_by"))
        .alias("kept_out_by")
    )


@st.cache_data(ttl=300, max_entries=32, show_spinner=False)
def tally(revision: int, filters: PictureFilters, vector: Vector | None) -> Tally:
    """How many images match, of how many prompts, by how many models."""
    found = matches(revision, filters, vector).filter(pl.col("kept_out_by") == "")
    return Tally(
        found.height,
        found["prompt_id"].n_unique(),
        found["model_version_id"].n_unique(),
        found["gre"].null_count(),
    )


@st.cache_data(ttl=300, max_entries=32, show_spinner=False)
def facets(revision: int, filters: PictureFilters, vector: Vector | None) -> pl.DataFrame:
    """Options of each filter with the images that would remain under them."""
    return reads.explore_facets(warehouse(), matches(revision, filters, vector))


@st.cache_data(ttl=300, max_entries=32, show_spinner=False)
def ranges(revision: int, filters: PictureFilters, vector: Vector | None) -> pl.DataFrame:
    """Bins of each measured filter with the images that would remain in them."""
    return reads.explore_ranges(warehouse(), matches(revision, filters, vector), bins=RANGE_BINS)


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def known_options(revision: int) -> Mapping[str, frozenset[str]]:
    """What links may name: every option of every filter."""
    options = facets(revision, PictureFilters(), None)
    known = {
        str(facet): frozenset(rows["value"].to_list())
        for (facet,), rows in options.group_by("facet")
    }
    prompts = frozenset(str(prompt_id) for prompt_id in prompt_choices(revision)["prompt_id"])
    return {**known, "prompt": known.get("prompt", frozenset()) | prompts}


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def page(
    revision: int,
    filters: PictureFilters,
    vector: Vector | None,
    sort: str,
    skip: int,
    page_size: int,
) -> pl.DataFrame:
    """One page of what matches, best first by `sort`."""
    found = matches(revision, filters, vector)
    return reads.explore_page(warehouse(), found, sort=sort, skip=skip, page_size=page_size)


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def matrix(
    revision: int,
    filters: PictureFilters,
    vector: Vector | None,
    sort: str,
    skip_prompts: int,
    prompts_shown: int,
    skip_models: int,
    models_shown: int,
) -> pl.DataFrame:
    """A block of the prompt x model grid with the best image of each cell."""
    return reads.explore_matrix(
        warehouse(),
        matches(revision, filters, vector),
        sort=sort,
        skip_prompts=skip_prompts,
        prompts_shown=prompts_shown,
        skip_models=skip_models,
        models_shown=models_shown,
    )


@st.cache_data(ttl=300, max_entries=4, show_spinner=False)
def matching_ids(
    revision: int, filters: PictureFilters, vector: Vector | None, sort: str
) -> tuple[str, ...]:
    """Ids of everything that matches, best first."""
    found = reads.explore_image_ids(warehouse(), matches(revision, filters, vector), sort=sort)
    return tuple(found["image_id"])


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def image_details(revision: int, image_ids: tuple[str, ...]) -> pl.DataFrame:
    """Every fact about the images that are not hidden, in the order given."""
    return reads.image_details(warehouse(), image_ids)


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def image_metric_details(revision: int, image_ids: tuple[str, ...]) -> pl.DataFrame:
    """Every metric of the images, with lambda and contribution."""
    return reads.image_metric_details(warehouse(), image_ids)


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def cell_siblings(image_id: str) -> tuple[str, ...]:
    """The other visible images of the same prompt and model, by seed."""
    return tuple(reads.cell_siblings(warehouse(), image_id)["image_id"])


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def image_neighbours(
    image_id: str, count: int, nearest: bool, same_prompt: bool
) -> list[Neighbour] | None:
    """Images nearest to one or farthest from it by features; None where it has none."""
    index = feature_index()
    if index is None:
        return None
    return neighbours(index, image_id, count, nearest=nearest, same_prompt=same_prompt)


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def image_vector(image_id: str) -> Vector | None:
    """Unit features of a visible image; None where it has none."""
    index = feature_index()
    row = None if index is None else index.rows.get(image_id)
    if index is None or row is None or not index.shown[row] or np.isnan(index.units[row]).any():
        return None
    return tuple(index.units[row].tolist())


@st.cache_data(ttl=300, max_entries=64, show_spinner="Reading the words")
def text_vector(encoder: str, text: str) -> Vector:
    """Features of `text` by the encoder of the warehouse. Raises what `search_encoder` raises."""
    return tuple(search_encoder(encoder).encode_texts([text])[0].tolist())


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def hidden_pictures() -> frozenset[str]:
    """Hashes of pictures that only hidden images show."""
    return frozenset(reads.hidden_pictures(warehouse())["sha256"])
