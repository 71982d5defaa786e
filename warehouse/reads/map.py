"""Reads of Map: the kept maps, where pictures lie on them, and what is not on them yet."""

import polars as pl

from warehouse.database import Warehouse


def map_projection(warehouse: Warehouse, *, encoder: str, prompt_id: int | None) -> pl.DataFrame:
    """The kept map of one prompt, or of all pictures; no row while there is none."""
    return warehouse.frame("map_projection", encoder=encoder, prompt_id=prompt_id)


def map_points(warehouse: Warehouse, *, projection_id: str) -> pl.DataFrame:
    """The visible pictures of a map in the order they are drawn, the highest GRE-Score last."""
    return warehouse.frame("map_points", projection_id=projection_id)


def map_unplaced(
    warehouse: Warehouse, *, encoder: str, prompt_id: int | None, projection_id: str
) -> pl.DataFrame:
    """One count: visible images with features that have no place on the map yet."""
    return warehouse.frame(
        "map_unplaced", encoder=encoder, prompt_id=prompt_id, projection_id=projection_id
    )


def map_models(warehouse: Warehouse) -> pl.DataFrame:
    """Every model version with its names, base model, tags and downloads."""
    return warehouse.frame("map_models")
