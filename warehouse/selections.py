"""The selection basket of each person: append-only gestures, each of which can be undone."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import duckdb

from warehouse.database import Warehouse, query_text

MOST_SHOWN = 1_000  # ids kept of what was on screen; a map may show tens of thousands
ATTEMPTS = 5  # two tabs may write at the same moment

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Picker:
    """Who picks, as the table `people` names them."""

    person_id: str
    name: str
    role: str


def pick(
    warehouse: Warehouse,
    picker: Picker,
    image_ids: Sequence[str],
    *,
    page: str,
    shown_image_ids: Sequence[str] = (),
) -> int:
    """Put images into the basket, as one gesture; returns how many were not in it before.

    Unknown images are left out. Where nothing changes, nothing is recorded.
    """
    return _record(warehouse, picker, "pick", image_ids, page, shown_image_ids)


def unpick(warehouse: Warehouse, picker: Picker, image_ids: Sequence[str], *, page: str) -> int:
    """Take images out of the basket, as one gesture; returns how many were in it."""
    return _record(warehouse, picker, "unpick", image_ids, page, ())


def undo(warehouse: Warehouse, picker: Picker, *, page: str) -> bool:
    """Take the person's last gesture back, by a new one; False when there is none left."""

    def work(cursor: duckdb.DuckDBPyConnection) -> bool:
        found = cursor.execute(
            query_text("last_gesture"), {"person_id": picker.person_id}
        ).fetchone()
        if found is None:
            return False
        _write_gesture(cursor, picker, "undo", page, (), undoes=found[0])
        return True

    return written(warehouse, work)


def _record(
    warehouse: Warehouse,
    picker: Picker,
    kind: str,
    image_ids: Sequence[str],
    page: str,
    shown_image_ids: Sequence[str],
) -> int:
    if not image_ids:
        return 0

    def work(cursor: duckdb.DuckDBPyConnection) -> int:
        gesture_id = str(uuid.uuid4())
        moved = cursor.execute(
            query_text("record_selections"),
            {
                "person_id": picker.person_id,
                "image_ids": list(image_ids),
                "picked": kind == "pick",
                "page": page,
                "simulated": is_simulated(cursor, picker),
                "gesture_id": gesture_id,
            },
        ).fetchall()
        if moved:
            _write_gesture(cursor, picker, kind, page, shown_image_ids, gesture_id=gesture_id)
        return len(moved)

    return written(warehouse, work)


def written(warehouse: Warehouse, work: Callable[[duckdb.DuckDBPyConnection], Answer]) -> Answer:
    """What `work` answers, in a transaction of its own; tried again where another one collides."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with warehouse.transaction() as cursor:
                return work(cursor)
        except (duckdb.TransactionException, duckdb.ConstraintException):
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _write_gesture(
    cursor: duckdb.DuckDBPyConnection,
    picker: Picker,
    kind: str,
    page: str,
    shown_image_ids: Sequence[str],
    *,
    gesture_id: str | None = None,
    undoes: str | None = None,
) -> None:
    ensure_person(cursor, picker)
    cursor.execute(
        "insert into selection_gestures "
        "(gesture_id, person_id, kind, page, shown_image_ids, shown_count, undoes_gesture_id, "
        "simulated) values ($gesture_id, $person_id, $kind, $page, $shown, $count, $undoes, "
        "$simulated)",
        {
            "gesture_id": gesture_id or str(uuid.uuid4()),
            "person_id": picker.person_id,
            "kind": kind,
            "page": page,
            "shown": list(shown_image_ids[:MOST_SHOWN]),
            "count": len(shown_image_ids),
            "undoes": undoes,
            "simulated": is_simulated(cursor, picker),
        },
    )


def ensure_person(cursor: duckdb.DuckDBPyConnection, picker: Picker) -> None:
    """Name the person in `people`, unless they are there."""
    cursor.execute(
        "insert into people (person_id, name, role) select $person_id, $name, $role "
        "where $person_id not in (select person_id from people)",
        {"person_id": picker.person_id, "name": picker.name, "role": picker.role},
    )


def is_simulated(cursor: duckdb.DuckDBPyConnection, picker: Picker) -> bool:
    """Whether the person is a simulated annotator; a person's pick of a drawn picture is real."""
    row = cursor.execute(
        "select simulated from people where person_id = $person_id",
        {"person_id": picker.person_id},
    ).fetchone()
    return bool(row and row[0])
