"""Rows on their way into the warehouse; field names and units are the columns' (see README.md)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import polars as pl


@dataclass(frozen=True)
class PromptRecord:
    """One prompt."""

    prompt_id: int
    prompt: str
    source: str
    tag: str | None = None
    negative_prompt: str | None = None
    width: int | None = None
    height: int | None = None
    seed: int | None = None
    sampler: str | None = None
    cfg_scale: float | None = None
    note: str | None = None


@dataclass(frozen=True)
class ModelRecord:
    """One model version."""

    model_version_id: int
    model_name: str
    model_id: int | None = None
    version_name: str | None = None
    base_model: str | None = None
    kind: str = "checkpoint"
    tags: tuple[str, ...] = ()
    trained_words: tuple[str, ...] = ()
    downloads: int | None = None
    url: str | None = None
    path: str | None = None
    sha256: str | None = None
    licence: str | None = None


@dataclass(frozen=True)
class ImageRecord:
    """One image, with the metrics that its dataset brought."""

    image_id: str
    prompt_id: int
    model_version_id: int
    source: str
    seed: int | None = None
    width: int | None = None
    height: int | None = None
    steps: int | None = None
    cfg_scale: float | None = None
    sampler: str | None = None
    path: str | None = None
    sha256: str | None = None
    nsfw_score: float | None = None
    simulated: bool = False
    metrics: dict[str, float] = field(default_factory=dict)


_PROMPT_TYPES = {
    "prompt_id": pl.Int64,
    "prompt": pl.String,
    "source": pl.String,
    "tag": pl.String,
    "negative_prompt": pl.String,
    "width": pl.Int32,
    "height": pl.Int32,
    "seed": pl.UInt64,
    "sampler": pl.String,
    "cfg_scale": pl.Float64,
    "note": pl.String,
}
_MODEL_TYPES = {
    "model_version_id": pl.Int64,
    "model_name": pl.String,
    "model_id": pl.Int64,
    "version_name": pl.String,
    "base_model": pl.String,
    "kind": pl.String,
    "tags": pl.List(pl.String),
    "trained_words": pl.List(pl.String),
    "downloads": pl.Int64,
    "url": pl.String,
    "path": pl.String,
    "sha256": pl.String,
    "licence": pl.String,
}
_IMAGE_TYPES = {
    "image_id": pl.String,
    "prompt_id": pl.Int64,
    "model_version_id": pl.Int64,
    "source": pl.String,
    "seed": pl.UInt64,
    "width": pl.Int32,
    "height": pl.Int32,
    "steps": pl.Int32,
    "cfg_scale": pl.Float64,
    "sampler": pl.String,
    "path": pl.String,
    "sha256": pl.String,
    "nsfw_score": pl.Float64,
    "simulated": pl.Boolean,
}


def prompt_frame(records: Sequence[PromptRecord]) -> pl.DataFrame:
    """Prompts as a frame with the table's column types."""
    return _frame(records, _PROMPT_TYPES)


def model_frame(records: Sequence[ModelRecord]) -> pl.DataFrame:
    """Models as a frame with the table's column types."""
    return _frame(records, _MODEL_TYPES)


def image_frame(records: Sequence[ImageRecord]) -> pl.DataFrame:
    """Images, without their metrics, as a frame with the table's column types."""
    return _frame(records, _IMAGE_TYPES)


def metric_frame(records: Sequence[ImageRecord]) -> pl.DataFrame:
    """The metrics that the images brought: image_id, metric, value."""
    rows = [
        (record.image_id, metric, value)
        for record in records
        for metric, value in record.metrics.items()
    ]
    schema = {"image_id": pl.String, "metric": pl.String, "value": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _frame(records: Sequence[Any], types: dict[str, Any]) -> pl.DataFrame:
    if records:
        assert {f.name for f in fields(records[0])} - {"metrics"} == set(types)
    columns = {name: [getattr(record, name) for record in records] for name in types}
    return pl.DataFrame(columns, schema=types)
