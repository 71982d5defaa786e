"""Pictures of a job that a person keeps or throws away afterwards."""

from collections.abc import Collection
from typing import Any

import duckdb
import polars as pl

from core.generation.recipe import read_recipe
from warehouse.database import Warehouse, query_text
from warehouse.generation import job_rows
from warehouse.generation.landing import KeptPicture, add_images, prompt_of
from warehouse.generation.orders import OrderedPicture, OrderError
from warehouse.landing import record
from warehouse.pictures import thumbnail_path
from warehouse.selections import written

TABLES = (  # where an image has rows, itself last
    "image_features",
    "scored_metrics",
    "image_metrics",
    "projection_points",
    "image_recipes",
    "images",
)


def keep_pictures(
    warehouse: Warehouse, job_id: str, places: Collection[int], person_id: str
) -> tuple[str, ...]:
    """Take fresh pictures of a job into the warehouse; ids of the images that entered."""
    rows = _rows(warehouse, job_id, places, "fresh")

    def work(cursor: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
        kept = [_kept(cursor, row) for row in rows]
        add_images(cursor, kept, job_id)
        _set_state(cursor, job_id, rows, "kept")
        ids = tuple(picture.image_id for picture in kept)
        record(cursor, "keep pictures", job_id, person_id=person_id, after={"images": ids})
        return ids

    return written(warehouse, work) if rows else ()


def discard_pictures(
    warehouse: Warehouse, job_id: str, places: Collection[int], person_id: str
) -> tuple[str, ...]:
    """Throw pictures of a job away, with all that was computed from them; ids of kept ones.

    Raises OrderError where somebody picked or judged one, or is asked about it in a session:
    what people said must keep what it is about.
    """
    rows = _rows(warehouse, job_id, places, "fresh", "kept")
    ids = [row["image_id"] for row in rows]

    def work(cursor: duckdb.DuckDBPyConnection) -> list[str]:
        used = cursor.execute(query_text("picture_uses"), {"image_ids": ids}).fetchall()
        if used:
            raise OrderError(
                f"{len(used)} of these pictures {'was' if len(used) == 1 else 'were'} picked or "
                "judged, so they stay. Take them out of the selection first, if they are in one; "
                "what was judged stays for good."
            )
        for table in TABLES:
            cursor.execute(
                f"delete from {table} where list_contains($ids, image_id)",  # noqa: S608 - ours
                {"ids": ids},
            )
        _set_state(cursor, job_id, rows, "discarded")
        cursor.execute(  # other jobs that were answered by these images have them no more
            "update generated_pictures set state = 'discarded' "
            "where list_contains($ids, image_id) and state in ('kept', 'found')",
            {"ids": ids},
        )
        record(cursor, "discard pictures", job_id, person_id=person_id, before={"images": ids})
        shas = [row["sha256"] for row in rows]
        still = cursor.execute(
            "select sha256 from images where list_contains($shas, sha256) union select sha256 "
            "from generated_pictures where list_contains($shas, sha256) and state <> 'discarded'",
            {"shas": shas},
        ).fetchall()
        return sorted(set(shas) - {row[0] for row in still})

    if rows:
        alone = set(written(warehouse, work))
        for row in rows:
            if row["sha256"] in alone:
                (warehouse.home / row["path"]).unlink(missing_ok=True)
                thumbnail_path(warehouse.home, row["sha256"]).unlink(missing_ok=True)
    return tuple(row["image_id"] for row in rows if row["state"] == "kept")


def _rows(
    warehouse: Warehouse, job_id: str, places: Collection[int], *states: str
) -> list[dict[str, Any]]:
    rows = job_rows.job_pictures(warehouse, job_id)
    wanted = pl.col("place").is_in(list(places)) & pl.col("state").is_in(states)
    return rows.filter(wanted).to_dicts()


def _set_state(
    cursor: duckdb.DuckDBPyConnection, job_id: str, rows: list[dict[str, Any]], state: str
) -> None:
    cursor.execute(
        "update generated_pictures set state = $state "
        "where job_id = $job_id and list_contains($places, place)",
        {"state": state, "job_id": job_id, "places": [row["place"] for row in rows]},
    )


def _kept(cursor: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> KeptPicture:
    recipe = read_recipe(row["recipe"])
    model_version_id, prompt_id = row["model_version_id"], row["prompt_id"]
    if prompt_id is None:
        prompt_id = prompt_of(cursor, OrderedPicture(recipe.request, model_version_id))
    return KeptPicture(
        row["image_id"],
        prompt_id,
        model_version_id,
        recipe,
        row["path"],
        row["sha256"],
        row["nsfw_score"],
    )
