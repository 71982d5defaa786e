"""Ranking sessions in the warehouse: each event is committed before what comes next is shown.

Sessions begin in `ranking_start`. The rules are `core.sessions`; here their events are stored once
each and read back, whatever is clicked twice, in two tabs, or cut off by a killed server.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from core.errors import GemboardError
from core.sessions.events import Event, event_row
from core.sessions.progress import Progress, progress
from core.sessions.refusals import SessionError
from core.sessions.replay import State, apply
from core.sessions.session import Mode
from warehouse.database import Warehouse, query_text
from warehouse.ranking_states import keep_state, read_state
from warehouse.reads import ranking as reads
from warehouse.selections import written

MOST_LISTED = 50  # sessions of a person


class OthersSessionError(GemboardError):
    """Someone asked for a session that is another person's."""

    def __init__(self) -> None:
        super().__init__(
            "This ranking session belongs to somebody else. Start one of your own on Rank."
        )


@dataclass(frozen=True)
class StoredSession:
    """A session of a person, to go on with or to look back at."""

    session_id: str
    campaign: str | None
    campaign_name: str | None
    mode: Mode
    prompt_ids: tuple[int, ...]
    created_at: datetime
    last_at: datetime  # of the last event
    ended: bool  # by the person, before all was judged
    is_over: bool  # all was judged
    progress: Progress | None  # None for sessions made elsewhere, which do not tell their rules

    @property
    def is_open(self) -> bool:
        """Whether it can be gone on with."""
        return self.progress is not None and not (self.is_over or self.ended)


def session_state(warehouse: Warehouse, session_id: str, *, person_id: str) -> State:
    """The present state of a session, after all events that are stored.

    Raises NotFoundError, OthersSessionError, and SessionError for a session without rules.
    """
    with warehouse.cursor() as cursor:
        state = _own_state(warehouse, cursor, session_id, person_id)
    keep_state(warehouse, state)
    return state


def record_event(warehouse: Warehouse, session_id: str, event: Event, *, person_id: str) -> State:
    """Store an event and return the state after it; when this returns, it is on disk.

    An event that was stored before changes nothing, and the present state comes back. Where
    another tab was faster the events are read again, and the rules decide. Raises
    EventRefusedError as `core.sessions.replay.apply`, with the present state, and what
    `session_state` raises; nothing is stored then.
    """

    def work(cursor: duckdb.DuckDBPyConnection) -> State:
        before = _own_state(warehouse, cursor, session_id, person_id)
        session = before.session
        profile = active_profile_name(cursor)
        after = apply(before, replace(event, profile=profile))
        if after is not before:
            told = {
                "session_id": session_id,
                "person_id": person_id,
                "mode": session.mode,
                "simulated": session.simulated,
            }
            cursor.execute(query_text("add_judgment"), event_row(after.events[-1]) | told)
        return after

    state = written(warehouse, work)
    keep_state(warehouse, state)
    return state


def finish(warehouse: Warehouse, session_id: str, *, person_id: str) -> None:
    """End a session before all is judged: it is no longer offered to go on with.

    What was judged stays. An answer or an undo that comes later opens it again. Raises as
    `session_state`.
    """

    def work(cursor: duckdb.DuckDBPyConnection) -> None:
        state = _own_state(warehouse, cursor, session_id, person_id)
        cursor.execute(
            "insert or ignore into session_ends (session_id, step, person_id) "
            "values ($session_id, $step, $person_id)",
            {"session_id": session_id, "step": state.step, "person_id": person_id},
        )

    written(warehouse, work)


def sessions_of(
    warehouse: Warehouse, person_id: str, *, most: int = MOST_LISTED
) -> tuple[StoredSession, ...]:
    """The person's sessions with their progress, the one touched last first."""
    found = reads.sessions_of_person(warehouse, person_id=person_id, most=most)
    return tuple(_stored(warehouse, person_id, row) for row in found.iter_rows(named=True))


def active_profile_name(cursor: duckdb.DuckDBPyConnection) -> str:
    """The weight profile in force; “none” where there is none."""
    row = cursor.execute("select max(name) from weight_profiles where active").fetchone()
    return str(row[0]) if row and row[0] is not None else "none"


def _own_state(
    warehouse: Warehouse, cursor: duckdb.DuckDBPyConnection, session_id: str, person_id: str
) -> State:
    state = read_state(warehouse, cursor, session_id)
    if state.session.person_id != person_id:
        raise OthersSessionError
    return state


def _stored(warehouse: Warehouse, person_id: str, row: dict[str, object]) -> StoredSession:
    session_id = str(row["session_id"])
    is_over, far = False, None
    try:
        state = session_state(warehouse, session_id, person_id=person_id)
    except SessionError:
        pass  # made elsewhere: listed, not gone on with
    else:
        is_over, far = state.is_over, progress(state)
    values = row | {"prompt_ids": tuple(row["prompt_ids"])}  # type: ignore[arg-type]
    return StoredSession(**values, is_over=is_over, progress=far)  # type: ignore[arg-type]
