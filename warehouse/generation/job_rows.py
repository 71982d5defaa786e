"""Jobs that make pictures, as they lie in the tables."""

from collections.abc import Callable
from typing import Any

import duckdb
import polars as pl

from core.generation.recipe import identity
from warehouse.database import Warehouse
from warehouse.generation.landing import SOURCE
from warehouse.generation.orders import Order, order_content
from warehouse.jobs import ask_job
from warehouse.landing import record
from warehouse.selections import ATTEMPTS, Picker, ensure_person, written

KIND = "generate"


def add_job(warehouse: Warehouse, order: Order, picker: Picker) -> str:
    """Id of a job for the order; of the one under way where this person asked the same."""

    def greet(cursor: duckdb.DuckDBPyConnection) -> None:
        ensure_person(cursor, picker)

    written(warehouse, greet)
    request = {**order_content(order), "person_id": picker.person_id}
    return ask_job(warehouse, KIND, picker.person_id, request)


def job_rows(
    warehouse: Warehouse,
    *,
    person_id: str | None = None,
    job_id: str | None = None,
    most: int = 20,
) -> list[dict[str, Any]]:
    """Rows of generation_jobs, the newest first."""
    return warehouse.frame(
        "generation_jobs", kind=KIND, person_id=person_id, job_id=job_id, most=most
    ).to_dicts()


def job_pictures(warehouse: Warehouse, job_id: str) -> pl.DataFrame:
    """Rows of job_pictures: what the job has so far."""
    return warehouse.frame("job_pictures", job_id=job_id)


def left_jobs(warehouse: Warehouse) -> list[dict[str, Any]]:
    """Jobs that an earlier process left under way, the oldest first; they are queued again."""

    def queue(cursor: duckdb.DuckDBPyConnection) -> None:
        cursor.execute(
            "update jobs set state = 'queued' where kind = $kind and state = 'running'",
            {"kind": KIND},
        )

    written(warehouse, queue)
    rows = job_rows(warehouse, most=1_000)
    return [row for row in reversed(rows) if row["state"] == "queued"]


def reopen_job(warehouse: Warehouse, job_id: str) -> None:
    """A failed or cancelled job is queued again; what it made stays made."""

    def queue(cursor: duckdb.DuckDBPyConnection) -> None:
        cursor.execute(
            "update jobs set state = 'queued', message = null, finished_at = null "
            "where job_id = $job_id and state in ('failed', 'cancelled')",
            {"job_id": job_id},
        )

    written(warehouse, queue)


def pictures_here(warehouse: Warehouse, order: Order) -> dict[str, Any]:
    """Rows of pictures_by_identity by identity: what was made before by the same requests."""
    identities = [identity(each.request) for each in order.pictures]
    rows = warehouse.frame("pictures_by_identity", identities=identities)
    return {row["identity"]: row for row in rows.to_dicts()}


def add_found(
    warehouse: Warehouse, job_id: str, order: Order, found: dict[str, Any], taken: set[str]
) -> None:
    """Answer places from the warehouse, but those that the job has already."""
    rows = [
        {"job_id": job_id, "place": place, "model_version_id": picture.model_version_id, **row}
        for place, picture in enumerate(order.pictures)
        for row in [found.get(identity(picture.request))]
        if row is not None and row["identity"] not in taken
    ]

    def add(cursor: duckdb.DuckDBPyConnection) -> None:
        for row in rows:
            cursor.execute(
                "insert or ignore into generated_pictures (job_id, place, identity, "
                "model_version_id, prompt_id, image_id, sha256, path, nsfw_score, state) values "
                "($job_id, $place, $identity, $model_version_id, $prompt_id, $image_id, $sha256, "
                "$path, $nsfw_score, 'found')",
                row,
            )

    if rows:
        written(warehouse, add)


def kept_images(warehouse: Warehouse, job_id: str) -> tuple[str, ...]:
    """Images that entered the warehouse by this job."""
    rows = job_pictures(warehouse, job_id)
    return tuple(rows.filter(rows["state"] == "kept")["image_id"])


def retried(work: Callable[[], None]) -> None:
    """Do a small write of its own, again where another one collides."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            work()
            return
        except duckdb.TransactionException:
            if attempt == ATTEMPTS:
                raise


def record_asked(warehouse: Warehouse, job_id: str, order: Order, person_id: str) -> None:
    """Note in the audit log who asked for what."""
    models = sorted({picture.model_version_id for picture in order.pictures})
    after = {"pictures": len(order.pictures), "models": models, "source": SOURCE}

    def note(cursor: duckdb.DuckDBPyConnection) -> None:
        record(cursor, "ask for pictures", job_id, person_id=person_id, after=after)

    written(warehouse, note)
