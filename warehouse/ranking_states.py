"""States of ranking sessions as this process read them last, so that a vote replays one event.

What is kept follows from rows that are committed and never change, so it is never wrong, at most
behind; whoever reads brings it up to date.
"""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import duckdb

from core.errors import NotFoundError
from core.sessions.events import event_of_row
from core.sessions.replay import State, apply, start
from core.sessions.session import session_of_row
from warehouse.database import Warehouse, query_text

MOST = 500  # sessions; one is some kilobytes

_kept: WeakKeyDictionary[Warehouse, OrderedDict[str, State]] = WeakKeyDictionary()
_lock = Lock()


def read_state(warehouse: Warehouse, cursor: duckdb.DuckDBPyConnection, session_id: str) -> State:
    """The state after all events that the cursor sees, and that are committed.

    Raises NotFoundError, and SessionError for sessions made elsewhere, which do not tell their
    rules.
    """
    with _lock:
        state = _kept.get(warehouse, OrderedDict()).get(session_id)
    if state is None:
        found = rows(cursor, "ranking_session", session_id=session_id)
        if not found:
            raise NotFoundError("ranking session", session_id)
        state = start(session_of_row(found[0]))
    for row in rows(cursor, "ranking_events", session_id=session_id, from_step=state.step):
        state = apply(state, event_of_row(row))
    return state


def keep_state(warehouse: Warehouse, state: State) -> None:
    """Remember a state whose events are all committed."""
    session_id = state.session.session_id
    with _lock:
        kept = _kept.setdefault(warehouse, OrderedDict())
        known = kept.get(session_id)
        if known is None or known.step < state.step:
            kept[session_id] = state
        kept.move_to_end(session_id)
        while len(kept) > MOST:
            kept.popitem(last=False)


def rows(
    cursor: duckdb.DuckDBPyConnection, query: str, **parameters: Any
) -> list[Mapping[str, Any]]:
    """The rows of `queries/*/QUERY.sql` by column, within the cursor's transaction."""
    answer = cursor.execute(query_text(query), parameters)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
