"""Reads of Similarity: encoders, prompts, models and the pictures behind an entry."""

import polars as pl

from warehouse.database import Warehouse


def feature_encoders(warehouse: Warehouse) -> pl.DataFrame:
    """Encoders with image features, the scoring one first."""
    return warehouse.frame("feature_encoders")


def compared_prompts(warehouse: Warehouse, *, encoder: str) -> pl.DataFrame:
    """Every prompt with its shown and hidden images, and how many of the shown have features."""
    return warehouse.frame("compared_prompts", encoder=encoder)


def compared_models(warehouse: Warehouse, *, encoder: str) -> pl.DataFrame:
    """Models with at least one shown image that has features, with what names and orders them."""
    return warehouse.frame("compared_models", encoder=encoder)


def model_gre(warehouse: Warehouse) -> pl.DataFrame:
    """Mean GRE-Score of each model over its shown images that have one."""
    return warehouse.frame("model_gre")


def prompt_cells(warehouse: Warehouse, *, prompt_id: int) -> pl.DataFrame:
    """Models with a shown image of the prompt: mean GRE-Score there, and the best picture."""
    return warehouse.frame("prompt_cells", prompt_id=prompt_id)


def pair_images(
    warehouse: Warehouse, *, prompt_id: int, first_model: int, second_model: int
) -> pl.DataFrame:
    """Shown images of two models for one prompt, the best GRE-Score of each model first."""
    return warehouse.frame(
        "pair_images", prompt_id=prompt_id, first_model=first_model, second_model=second_model
    )
