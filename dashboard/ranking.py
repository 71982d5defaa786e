"""Ranking sessions as the screen uses them: who may rank, and each event stored before the next."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from core.errors import NotAllowedError
from core.sessions.events import Event
from core.sessions.replay import State
from core.sessions.session import Mode, Rules, Session
from dashboard.access import Role, current_person
from dashboard.resources import judgments_made, warehouse
from dashboard.state import simulated
from warehouse import ranking, ranking_start
from warehouse.ranking import StoredSession
from warehouse.ranking_start import CHOOSE
from warehouse.selections import Picker

ANNOTATES = Role.ANNOTATOR
_RANK = "rank pictures"


def may_rank() -> bool:
    """Whether the person at the screen may rank."""
    return current_person().may(ANNOTATES)


def begin(
    prompt_ids: Sequence[int] | Literal["choose"] = CHOOSE,
    *,
    campaign: str | None = None,
    mode: Mode | None = None,
    rules: Rules | None = None,
    session_id: str | None = None,
) -> Session:
    """Begin a session of the person at the screen; the same `session_id` again gives the same one.

    Raises NotAllowedError and what `ranking_start.start_session` raises.
    """
    _allow()
    person = current_person()
    return ranking_start.start_session(
        warehouse(),
        Picker(person.person_id, person.name, person.role.name.lower()),
        prompt_ids,
        campaign=campaign,
        mode=mode,
        rules=rules,
        session_id=session_id,
        with_simulated=simulated.shown(st.session_state),
    )


def state(session_id: str) -> State:
    """The present state of a session. Raises NotAllowedError and as `ranking.session_state`."""
    _allow()
    return ranking.session_state(warehouse(), session_id, person_id=current_person().person_id)


def record(session_id: str, event: Event) -> State:
    """Store an event; when this returns it is on disk. Repeated, it changes nothing.

    Raises NotAllowedError, EventRefusedError with the present state, and as `state`.
    """
    _allow()
    after = ranking.record_event(
        warehouse(), session_id, event, person_id=current_person().person_id
    )
    judgments_made()["judgments"] += 1
    return after


def finish(session_id: str) -> None:
    """End a session early; an answer or an undo that comes later opens it again."""
    _allow()
    ranking.finish(warehouse(), session_id, person_id=current_person().person_id)


def sessions() -> tuple[StoredSession, ...]:
    """The sessions of the person at the screen, the one touched last first."""
    _allow()
    return ranking.sessions_of(warehouse(), current_person().person_id)


def judgments_revision() -> int:
    """Rises with every event that this process stores: what was read before is keyed otherwise."""
    return judgments_made()["judgments"]


def _allow() -> None:
    if not may_rank():
        raise NotAllowedError(_RANK, ANNOTATES.name.lower())
