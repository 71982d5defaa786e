"""Reads of Weights: what can be weighed, prompts and their pictures, and who judged."""

import polars as pl

from warehouse.database import Warehouse


def weighed_pictures(warehouse: Warehouse, *, prompt_id: int) -> pl.DataFrame:
    """Shown images of one prompt with their model and picture."""
    return warehouse.frame("weighed_pictures", prompt_id=prompt_id)


def weighable_metrics(warehouse: Warehouse) -> pl.DataFrame:
    """Every registered metric with what names and describes it."""
    return warehouse.frame("weighable_metrics")


def weighed_prompts(warehouse: Warehouse) -> pl.DataFrame:
    """Every prompt with its tag, and how many shown images of how many models answer it."""
    return warehouse.frame("weighed_prompts")


def judging_people(warehouse: Warehouse) -> pl.DataFrame:
    """People by id: names on screen, and whether they are simulated."""
    return warehouse.frame("judging_people")
