"""Reads of Explore: prompts, their pictures, every fact about one."""

from collections.abc import Sequence

import polars as pl

from warehouse.database import Warehouse


def prompt_choices(warehouse: Warehouse) -> pl.DataFrame:
    """Every prompt with its counts of visible, hidden and unscored images."""
    return warehouse.frame("prompt_choices")


def prompt_gallery(
    warehouse: Warehouse, *, prompt_id: int, sort: str, skip: int, page_size: int
) -> pl.DataFrame:
    """One page of a prompt's visible images by `sort`: gre, clip, distinctiveness or popularity."""
    return warehouse.frame(
        "prompt_gallery", prompt_id=prompt_id, sort=sort, skip=skip, page_size=page_size
    )


def image_details(warehouse: Warehouse, image_ids: Sequence[str]) -> pl.DataFrame:
    """Every fact about the images that are not hidden, in the order given."""
    return warehouse.frame("image_details", image_ids=list(image_ids))


def image_metric_details(warehouse: Warehouse, image_ids: Sequence[str]) -> pl.DataFrame:
    """Every metric of the images, with lambda and contribution to the GRE-Score."""
    return warehouse.frame("image_metric_details", image_ids=list(image_ids))


def hidden_pictures(warehouse: Warehouse) -> pl.DataFrame:
    """Hashes of pictures that only hidden images show."""
    return warehouse.frame("hidden_pictures")
