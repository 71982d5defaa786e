"""Metrics that are read from picture files: measured once per content, kept as they come."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from time import monotonic

import polars as pl

from core.errors import PictureError
from core.metrics.metric import PictureMetric
from warehouse.database import Warehouse, query_text
from warehouse.landing import stage
from warehouse.lookahead import map_ahead
from warehouse.pictures import read_upright

DEFAULT_LIMIT_MPX = 64.0
COMMIT_S = 5.0

Progress = Callable[[str, int, int], None]  # what, done, of how many


@dataclass(frozen=True)
class Measured:
    """What measuring one metric did, in images."""

    added: int
    already: int
    without_picture: int
    unreadable: list[tuple[str, str]]  # image_id, why its picture gives no value


def measure(
    warehouse: Warehouse,
    metric: PictureMetric,
    *,
    limit_mpx: float = DEFAULT_LIMIT_MPX,
    workers: int = 0,
    commit_s: float = COMMIT_S,
    on_progress: Progress | None = None,
) -> Measured:
    """Measure every picture that has no value yet; a picture of several images only once.

    Values land every `commit_s` seconds and when the work breaks off, so that the next run goes on
    from there. What another version of the metric measured is measured anew; what a dataset
    brought stands. Pictures that are missing or broken are reported, not fatal.
    """
    names = {"metric": metric.name, "origin": metric.origin}
    with warehouse.transaction() as cursor:
        cursor.execute(query_text("forget_stale_values"), names)
        shared = len(cursor.execute(query_text("share_measured_values"), names).fetchall())
    before = warehouse.frame("measured_counts", metric=metric.name).row(0, named=True)
    todo = warehouse.frame("pictures_to_measure", metric=metric.name)
    unreadable: list[tuple[str, str]] = []
    waiting: list[tuple[str, float]] = []
    added, landed_at = shared, monotonic()

    def measured(row: tuple[str, list[str]]) -> float | PictureError:
        return _value(metric, warehouse.home, row[0], limit_mpx)

    try:
        with closing(map_ahead(measured, todo.iter_rows(), workers)) as answers:
            for done, ((_, image_ids), value) in enumerate(answers, start=1):
                if isinstance(value, PictureError):
                    unreadable += [(image_id, str(value)) for image_id in image_ids]
                else:
                    waiting += [(image_id, value) for image_id in image_ids]
                    added += len(image_ids)
                if monotonic() - landed_at >= commit_s:
                    _land(warehouse, names, waiting)
                    waiting, landed_at = [], monotonic()
                if on_progress:
                    on_progress(metric.label, done, todo.height)
    finally:
        _land(warehouse, names, waiting)
    already = before["images"] - shared
    return Measured(added, already, before["images_without_picture"], unreadable)


def _value(metric: PictureMetric, home: Path, path: str, limit_mpx: float) -> float | PictureError:
    try:
        value = metric.measure(read_upright(home, path, limit_mpx))
    except PictureError as error:
        return error
    return value if isfinite(value) else PictureError(f"has no {metric.label.lower()}")


def _land(warehouse: Warehouse, names: dict[str, str], values: list[tuple[str, float]]) -> None:
    if not values:
        return
    schema = {"image_id": pl.String, "value": pl.Float64}
    with warehouse.transaction() as cursor:
        stage(cursor, "incoming_values", pl.DataFrame(values, schema=schema, orient="row"))
        cursor.execute(query_text("land_measured_values"), names)
