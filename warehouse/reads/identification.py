"""Reads of identification: specifications, examples, queries, models, what was tuned."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from warehouse.database import Warehouse


def specification_pictures(
    warehouse: Warehouse, *, encoder: str, prompt_set: str, kept_apart: str
) -> pl.DataFrame:
    """Pictures that specify models, with features; prompts of source `kept_apart` are out."""
    return warehouse.frame_over(
        "specification_pictures", {}, encoder=encoder, prompt_set=prompt_set, kept_apart=kept_apart
    )


def specification_fingerprint(
    warehouse: Warehouse, *, encoder: str, prompt_set: str, kept_apart: str
) -> pl.DataFrame:
    """One row that changes when specifications do."""
    return warehouse.frame_over(
        "specification_fingerprint",
        {},
        encoder=encoder,
        prompt_set=prompt_set,
        kept_apart=kept_apart,
    )


def specification_texts(warehouse: Warehouse, *, encoder: str, kept_apart: str) -> pl.DataFrame:
    """Prompts with text features; `kept_apart` tells those of the benchmark's queries."""
    return warehouse.frame_over("specification_texts", {}, encoder=encoder, kept_apart=kept_apart)


def query_pictures(warehouse: Warehouse, *, encoder: str, kept_apart: str) -> pl.DataFrame:
    """Pictures of the benchmark's queries, with features."""
    return warehouse.frame_over("query_pictures", {}, encoder=encoder, kept_apart=kept_apart)


def example_pictures(
    warehouse: Warehouse, *, encoder: str, image_ids: Sequence[str]
) -> pl.DataFrame:
    """Those of `image_ids` that are shown and have features."""
    return warehouse.frame_over("example_pictures", {}, encoder=encoder, image_ids=list(image_ids))


def identifiable_models(warehouse: Warehouse) -> pl.DataFrame:
    """Every model: names, base model, licence, tags, downloads."""
    return warehouse.frame("identifiable_models")


def own_prompt_models(warehouse: Warehouse) -> pl.DataFrame:
    """Models that are specified by prompts of their own makers'."""
    return warehouse.frame("own_prompt_models")


def tuned_method(warehouse: Warehouse, **key: Any) -> pl.DataFrame:
    """The kept option for encoder, prompt_set, method and fingerprint; no row where it is gone."""
    return warehouse.frame_over("tuned_method", {}, **key)


def confidences(warehouse: Warehouse, **key: Any) -> pl.DataFrame:
    """Kept temperatures for encoder, prompt_set, method and fingerprint."""
    return warehouse.frame_over("confidences", {}, **key)
