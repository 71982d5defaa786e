"""Reads of the data card: what the warehouse holds."""

import polars as pl

from warehouse.database import Warehouse


def dataset_counts(warehouse: Warehouse) -> pl.DataFrame:
    """One row of counts: prompts, models, images, pictures, judgments and marks."""
    return warehouse.frame("dataset_counts")


def image_sources(warehouse: Warehouse) -> pl.DataFrame:
    """Images by source and `simulated`."""
    return warehouse.frame("image_sources")


def grid_coverage(warehouse: Warehouse, *, max_prompts: int, max_models: int) -> pl.DataFrame:
    """Cells of the prompt x model grid, at most `max_prompts` x `max_models` of them."""
    return warehouse.frame("grid_coverage", max_prompts=max_prompts, max_models=max_models)


def prompts_by_tag(warehouse: Warehouse) -> pl.DataFrame:
    """Prompts and images of each tag."""
    return warehouse.frame("prompts_by_tag")


def models_by_base(warehouse: Warehouse) -> pl.DataFrame:
    """Models of each base model and kind."""
    return warehouse.frame("models_by_base")


def downloads_histogram(warehouse: Warehouse) -> pl.DataFrame:
    """Models in logarithmic bins of their downloads."""
    return warehouse.frame("downloads_histogram")


def active_profile(warehouse: Warehouse) -> pl.DataFrame:
    """The lambdas of the active weight profile."""
    return warehouse.frame("active_profile")
