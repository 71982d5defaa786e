"""Scores as they are stored: all of them at once, with a record of how they came about."""

from dataclasses import dataclass

import duckdb
import polars as pl

from core.weights.normalisation import Normalisation
from warehouse.database import Warehouse, query_text
from warehouse.landing import stage


@dataclass(frozen=True)
class Scores:
    """All scores, ready to be stored."""

    rows: pl.DataFrame  # of scored_metrics
    encoder: str | None
    images: int
    inputs_hash: str
    normalisation: Normalisation
    metrics: tuple[str, ...]  # origins


@dataclass(frozen=True)
class ScoreRun:
    """The last time that everything was scored."""

    score_run_id: str
    encoder: str | None
    inputs_hash: str
    normalisation: Normalisation
    metrics: tuple[str, ...]  # origins


def store(cursor: duckdb.DuckDBPyConnection, found: Scores) -> None:
    """Replace all scores and record the run, inside the caller's transaction."""
    cursor.execute("delete from scored_metrics")
    stage(cursor, "incoming_scores", found.rows)
    cursor.execute(
        "insert into scored_metrics by name from incoming_scores order by prompt_id, metric"
    )
    cursor.execute(
        query_text("add_score_run"),
        {
            "encoder": found.encoder,
            "images": found.images,
            "inputs_hash": found.inputs_hash,
            "normalisation": str(found.normalisation),
            "metrics": list(found.metrics),
        },
    )


def latest_run(cursor: duckdb.DuckDBPyConnection) -> ScoreRun | None:
    """The last run, if any."""
    row = cursor.execute(query_text("latest_score_run")).fetchone()
    if row is None:
        return None
    return ScoreRun(row[0], row[1], row[2], Normalisation(row[3]), tuple(row[4]))


def inputs_hash(warehouse: Warehouse, encoder: str | None) -> str:
    """Fingerprint of all data that scores depend on."""
    return str(warehouse.value(query_text("score_inputs_hash"), {"encoder": encoder}))


def normalisation_in_force(cursor: duckdb.DuckDBPyConnection) -> Normalisation:
    """How the active profile normalises; min-max where none is active."""
    row = cursor.execute("select normalisation from weight_profiles where active").fetchone()
    return Normalisation(row[0]) if row else Normalisation.MIN_MAX
