"""Reads of “Which model?”: prompts, models, their scores, and pictures that show them."""

from collections.abc import Sequence

import polars as pl

from warehouse.database import Warehouse


def recommendation_prompts(warehouse: Warehouse, *, encoder: str | None) -> pl.DataFrame:
    """Prompts that compare models, each with its text features or null."""
    return warehouse.frame_over("recommendation_prompts", {}, encoder=encoder)


def recommendation_models(warehouse: Warehouse) -> pl.DataFrame:
    """Models that have a picture to show."""
    return warehouse.frame("recommendation_models")


def recommendation_scores(warehouse: Warehouse) -> pl.DataFrame:
    """Mean GRE-Score of each model on each prompt; cells without one are left out."""
    return warehouse.frame("recommendation_scores")


def recommendation_examples(
    warehouse: Warehouse, near_prompts: pl.DataFrame, *, models: Sequence[int], most: int
) -> pl.DataFrame:
    """At most `most` pictures of each model, those of the nearest prompts first.

    `near_prompts` holds prompt_id and nearness.
    """
    return warehouse.frame_over(
        "recommendation_examples", {"near_prompts": near_prompts}, models=list(models), most=most
    )
