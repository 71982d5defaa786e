"""Reads of Explore: prompts, filtered pictures, every fact about one.

`matches` is the answer of `explore_matches`, with a column `cosine` where pictures were searched.
"""

import dataclasses
from collections.abc import Sequence

import polars as pl

from core.picture_filters import PictureFilters
from warehouse.database import Warehouse


def prompt_choices(warehouse: Warehouse) -> pl.DataFrame:
    """Every prompt with its counts of visible, hidden and unscored images."""
    return warehouse.frame("prompt_choices")


def explore_catalogue(warehouse: Warehouse) -> pl.DataFrame:
    """Every image with its scores and marks: what filters look at."""
    return warehouse.frame_over("explore_catalogue", {})


def explore_matches(
    warehouse: Warehouse, catalogue: pl.DataFrame, filters: PictureFilters
) -> pl.DataFrame:
    """Rows of explore_catalogue with, in `kept_out_by`, the filter that keeps each out."""
    parameters = dataclasses.asdict(filters)
    for name in ("downloads", "gre", "clip", "distinctiveness", "added"):
        ends = parameters.pop(name)
        parameters[f"{name}_from"], parameters[f"{name}_to"] = ends["lower"], ends["upper"]
    lists = {name: list(v) for name, v in parameters.items() if isinstance(v, tuple)}
    lists["words"] = [word.lower() for word in filters.words]
    return warehouse.frame_over(
        "explore_matches", {"catalogue": catalogue}, **{**parameters, **lists}
    )


def explore_facets(warehouse: Warehouse, matches: pl.DataFrame) -> pl.DataFrame:
    """Options of each filter with the images that would remain under them."""
    return warehouse.frame_over("explore_facets", {"matches": matches})


def explore_ranges(warehouse: Warehouse, matches: pl.DataFrame, *, bins: int) -> pl.DataFrame:
    """Bins of each measured filter: downloads in log10(n + 1), days since 1970."""
    return warehouse.frame_over("explore_ranges", {"matches": matches}, bins=bins)


def explore_page(
    warehouse: Warehouse, matches: pl.DataFrame, *, sort: str, skip: int, page_size: int
) -> pl.DataFrame:
    """One page of what matches: gre, clip, distinctiveness, popularity or nearest first."""
    return warehouse.frame_over(
        "explore_page", {"matches": matches}, sort=sort, skip=skip, page_size=page_size
    )


def explore_matrix(
    warehouse: Warehouse,
    matches: pl.DataFrame,
    *,
    sort: str,
    skip_prompts: int,
    prompts_shown: int,
    skip_models: int,
    models_shown: int,
) -> pl.DataFrame:
    """A block of the prompt x model grid with the best image of each cell."""
    return warehouse.frame_over(
        "explore_matrix",
        {"matches": matches},
        sort=sort,
        skip_prompts=skip_prompts,
        prompts_shown=prompts_shown,
        skip_models=skip_models,
        models_shown=models_shown,
    )


def explore_image_ids(warehouse: Warehouse, matches: pl.DataFrame, *, sort: str) -> pl.DataFrame:
    """Ids of everything that matches, best first."""
    return warehouse.frame_over("explore_image_ids", {"matches": matches}, sort=sort)


def image_details(warehouse: Warehouse, image_ids: Sequence[str]) -> pl.DataFrame:
    """Every fact about the images that are not hidden, in the order given."""
    return warehouse.frame_over("image_details", {}, image_ids=list(image_ids))


def image_metric_details(warehouse: Warehouse, image_ids: Sequence[str]) -> pl.DataFrame:
    """Every scored or weighed metric of the images, with lambda and contribution."""
    return warehouse.frame_over("image_metric_details", {}, image_ids=list(image_ids))


def cell_siblings(warehouse: Warehouse, image_id: str) -> pl.DataFrame:
    """The other visible images of the image's cell, by seed."""
    return warehouse.frame("cell_siblings", image_id=image_id)


def hidden_pictures(warehouse: Warehouse) -> pl.DataFrame:
    """Hashes of pictures that only hidden images show."""
    return warehouse.frame("hidden_pictures")
