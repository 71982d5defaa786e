"""Kept maps: drawn once from the features of one prompt or of all pictures; later pictures join."""

import json
import time
import uuid
from dataclasses import asdict, dataclass, replace

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from core.maps import cluster_words, tsne
from core.maps.cluster_words import Ints
from core.maps.trustworthiness import SAMPLE, neighbours_for, trustworthiness
from core.maps.tsne import Method, Points, Progress, ProjectionSettings
from core.scores import Vectors, unit_vectors
from warehouse.database import Warehouse, query_text
from warehouse.landing import stage

ATTEMPTS = 5  # two people may open the same prompt for the first time at the same moment
CLUSTERED = 0.97  # share of the work that is done when the places are found


@dataclass(frozen=True)
class MapWork:
    """All that drawing a map, or placing into one, needs: it can be done in another process."""

    encoder: str
    prompt_id: int | None  # None: all pictures
    image_ids: list[str]
    units: Vectors  # (n, dim) pictures to find places for
    damaged: int  # pictures left out: features of zeros or not wholly finite
    projection_id: str | None = None  # the kept map to place into; None: draw one
    method: Method = "tsne"
    old_units: Vectors | None = None  # (m, dim) what the kept map was drawn from
    old_points: Points | None = None  # (m, 2)
    old_cluster: Ints | None = None  # (m,)


@dataclass(frozen=True)
class MapResult:
    """Places that were found."""

    points: Points  # (n, 2)
    cluster: Ints  # (n,)
    method: Method
    trustworthiness: float | None
    seconds: float


@dataclass(frozen=True)
class MapReport:
    """What became of one map."""

    encoder: str
    prompt_id: int | None
    drawn: int
    placed: int
    kept: int
    damaged: int
    method: str | None
    trustworthiness: float | None
    seconds: float


def kept_projection(warehouse: Warehouse, encoder: str, prompt_id: int | None) -> str | None:
    """Id of the kept map of one prompt, or of all pictures where None."""
    rows = warehouse.frame("map_projection", encoder=encoder, prompt_id=prompt_id)
    return None if rows.is_empty() else str(rows["projection_id"][0])


def map_work(
    warehouse: Warehouse, encoder: str, prompt_id: int | None, *, redraw: bool = False
) -> MapWork:
    """A map to draw, or new pictures to place; nothing to do where `image_ids` is empty."""
    projection_id = None if redraw else kept_projection(warehouse, encoder, prompt_id)
    new = _features(
        warehouse,
        "map_features",
        encoder=encoder,
        prompt_id=prompt_id,
        projection_id=projection_id,
    )
    good = _directed(new)
    work = MapWork(
        encoder, prompt_id, new.filter(good)["image_id"].to_pylist(), _units(new.filter(good)),
        int(np.count_nonzero(~good)), projection_id,
    )  # fmt: skip
    if projection_id is None or not work.image_ids:
        return work
    old = _features(warehouse, "map_reference", encoder=encoder, projection_id=projection_id)
    if not old.num_rows:  # every picture it was drawn from is gone: nothing to place by
        return replace(work, projection_id=None)
    row = warehouse.frame("map_projection", encoder=encoder, prompt_id=prompt_id)
    return replace(
        work,
        method=row["method"][0],
        old_units=_units(old),
        old_points=np.stack([old["x"].to_numpy(), old["y"].to_numpy()], axis=1),
        old_cluster=old["cluster"].to_numpy().astype(np.int64),
    )


def find_places(
    work: MapWork, settings: ProjectionSettings, on_progress: Progress | None = None
) -> MapResult:
    """Do the work; pure but for the clock. Raises ProjectionCancelledError."""
    start = time.perf_counter()
    go_on = on_progress or (lambda share: True)

    def most(share: float) -> bool:
        return go_on(share * CLUSTERED)

    if work.old_units is not None:
        assert work.old_points is not None and work.old_cluster is not None
        points = tsne.place(
            work.old_units, work.old_points, work.units, work.method, settings, on_progress=most
        )
        cluster = cluster_words.joined(work.old_points, work.old_cluster, points)
        return MapResult(points, cluster, work.method, None, time.perf_counter() - start)
    found = tsne.project(work.units, settings, on_progress=most)
    cluster = cluster_words.clusters(found.points)
    trust = trustworthiness(work.units, found.points)
    return MapResult(found.points, cluster, found.method, trust, time.perf_counter() - start)


def store_places(
    warehouse: Warehouse, work: MapWork, result: MapResult, settings: ProjectionSettings
) -> None:
    """Keep what was found: a new map replaces the one before, new pictures join theirs."""
    rows = pl.DataFrame(
        {
            "image_id": pl.Series(work.image_ids, dtype=pl.String),
            "x": result.points[:, 0],
            "y": result.points[:, 1],
            "cluster": pl.Series(result.cluster, dtype=pl.Int32).replace(-1, None),
        }
    )

    def write(cursor: duckdb.DuckDBPyConnection) -> None:
        stage(cursor, "incoming_points", rows)
        if work.projection_id is None:
            projection_id = str(uuid.uuid4())
            _replace_projection(cursor, work, result, settings, projection_id)
        else:
            projection_id = work.projection_id
        cursor.execute(
            query_text("add_projection_points"),
            {"projection_id": projection_id, "placed_later": work.projection_id is not None},
        )

    for attempt in range(1, ATTEMPTS + 1):
        try:
            with warehouse.transaction() as cursor:
                write(cursor)
            return
        except (duckdb.TransactionException, duckdb.ConstraintException):
            if attempt == ATTEMPTS:
                raise


def update_map(
    warehouse: Warehouse,
    encoder: str,
    prompt_id: int | None,
    *,
    redraw: bool = False,
    on_progress: Progress | None = None,
    settings: ProjectionSettings | None = None,
) -> MapReport:
    """Draw the map where there is none (or `redraw`), and place what is new; the old ones stay."""
    settings = settings or ProjectionSettings()
    work = map_work(warehouse, encoder, prompt_id, redraw=redraw)
    kept = _placed(warehouse, work.projection_id)
    if not work.image_ids:
        return MapReport(encoder, prompt_id, 0, 0, kept, work.damaged, None, None, 0.0)
    result = find_places(work, settings, on_progress)
    store_places(warehouse, work, result, settings)
    new, drawn = len(work.image_ids), work.projection_id is None
    return MapReport(
        encoder,
        prompt_id,
        new if drawn else 0,
        0 if drawn else new,
        kept,
        work.damaged,
        result.method,
        result.trustworthiness,
        result.seconds,
    )


def _placed(warehouse: Warehouse, projection_id: str | None) -> int:
    return int(
        warehouse.value(
            "select count(*) from projection_points where projection_id = $projection_id",
            {"projection_id": projection_id},
        )
    )


def _replace_projection(
    cursor: duckdb.DuckDBPyConnection,
    work: MapWork,
    result: MapResult,
    settings: ProjectionSettings,
    projection_id: str,
) -> None:
    key = {"encoder": work.encoder, "prompt_id": work.prompt_id}
    for statement in ("drop_projection_points", "drop_projections"):
        cursor.execute(query_text(statement), key)
    count = len(work.image_ids)
    cursor.execute(
        query_text("add_projection"),
        {
            **key,
            "projection_id": projection_id,
            "method": result.method,
            "settings": json.dumps(asdict(settings)),
            "fitted_images": count,
            "trustworthiness": result.trustworthiness,
            "trust_neighbours": neighbours_for(count),
            "trust_sample": min(count, SAMPLE),
            "seconds": result.seconds,
        },
    )


def _features(warehouse: Warehouse, query: str, **parameters: object) -> pa.Table:
    with warehouse.cursor() as cursor:
        # execute, not sql: with parameters the latter keeps a slow copy of every vector
        return cursor.execute(query_text(query), parameters).to_arrow_table()


def _units(table: pa.Table) -> Vectors:
    """Unit vectors (n, dim); NaN where one has no direction."""
    if not table.num_rows:
        return np.zeros((0, 1), dtype=np.float32)
    flat = table["vector"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
    return unit_vectors(flat.reshape(table.num_rows, -1).astype(np.float32, copy=False))


def _directed(table: pa.Table) -> npt.NDArray[np.bool_]:
    """Which rows have a direction: those of zeros or not wholly finite have none."""
    return np.asarray(np.isfinite(_units(table)).all(axis=1), dtype=np.bool_)
