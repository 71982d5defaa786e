"""Reads of summaries: what one person judged beside everybody else, and their sessions.

A tag "" stands for prompts without one.
"""

from collections.abc import Sequence

import polars as pl

from warehouse.database import Warehouse


def summary_judgments(
    warehouse: Warehouse,
    *,
    person_id: str,
    session_id: str | None = None,
    tag: str | None = None,
    with_simulated: bool = False,
) -> pl.DataFrame:
    """Votes and orders in force: a person's own, of one session or all, and everybody else's."""
    return warehouse.frame_over(  # by arrow: lists of ids come several times as fast
        "summary_judgments",
        {},
        person_id=person_id,
        session_id=session_id,
        tag=tag,
        with_simulated=with_simulated,
    )


def judged_pictures(warehouse: Warehouse, image_ids: Sequence[str]) -> pl.DataFrame:
    """Model and GRE-Score of the pictures; those that are in no warehouse any more are left out."""
    wanted = pl.DataFrame({"image_id": list(image_ids)}, schema={"image_id": pl.String})
    return warehouse.frame_over("judged_pictures", {"wanted": wanted})


def person_events(warehouse: Warehouse, *, person_id: str) -> pl.DataFrame:
    """How many events the person's sessions have."""
    return warehouse.frame("person_events", person_id=person_id)


def summary_people(warehouse: Warehouse, *, with_simulated: bool = False) -> pl.DataFrame:
    """People with judgments in force, the busiest first."""
    return warehouse.frame("summary_people", with_simulated=with_simulated)


def summary_sessions(
    warehouse: Warehouse, *, person_id: str, with_simulated: bool = False
) -> pl.DataFrame:
    """A person's sessions with counts, the one touched last first."""
    return warehouse.frame("summary_sessions", person_id=person_id, with_simulated=with_simulated)


def summary_comments(
    warehouse: Warehouse,
    *,
    person_id: str,
    session_id: str | None = None,
    with_simulated: bool = False,
) -> pl.DataFrame:
    """What a person wrote, newest first."""
    return warehouse.frame(
        "summary_comments",
        person_id=person_id,
        session_id=session_id,
        with_simulated=with_simulated,
    )


def session_owner(warehouse: Warehouse, *, session_id: str) -> pl.DataFrame:
    """person_id of the session; no row where there is none such."""
    return warehouse.frame("session_owner", session_id=session_id)


def judgment_export(
    warehouse: Warehouse,
    *,
    person_id: str,
    session_id: str | None = None,
    tag: str | None = None,
    with_simulated: bool = False,
) -> pl.DataFrame:
    """Every event of a person, undone ones marked, oldest first."""
    return warehouse.frame(
        "judgment_export",
        person_id=person_id,
        session_id=session_id,
        tag=tag,
        with_simulated=with_simulated,
    )
