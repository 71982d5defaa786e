"""Ranking sessions in a warehouse, for tests: people, and answers as a page sends them."""

from dataclasses import replace

from core.sessions.events import step_key
from tests.core.sessions.playing import an_answer, an_undo
from warehouse.ranking import record_event, session_state
from warehouse.ranking_start import start_session
from warehouse.selections import Picker

ADA, BEN, CAT = (Picker(name.lower(), name, "annotator") for name in ("Ada", "Ben", "Cat"))
LEFT, RIGHT, TIE, BOTH_BAD, SKIP = 0, 1, 2, 3, 6


def begun(warehouse, person=ADA, prompt_ids=(2,), mode="battle", **options):
    """The first state of a new session."""
    if "campaign" not in options:
        options["mode"] = mode
    session = start_session(warehouse, person, prompt_ids, **options)
    return session_state(warehouse, session.session_id, person_id=person.person_id)


def answer_to(state, choice=LEFT):
    """The event that a page would send."""
    return an_answer(state, choice, step_key(state.session.session_id, state.step))


def undo_of(state):
    """The event that takes back the latest answer."""
    return replace(an_undo(state), idempotency_key=step_key(state.session.session_id, state.step))


def sent(warehouse, state, event):
    """The state after an event of the session's own person."""
    session = state.session
    return record_event(warehouse, session.session_id, event, person_id=session.person_id)


def answered(warehouse, state, *choices):
    """The state after such answers, as far as the session goes."""
    for choice in choices:
        if not state.is_over:
            state = sent(warehouse, state, answer_to(state, choice))
    return state


def finished(warehouse, state, choice=LEFT):
    """The state when all is through."""
    while not state.is_over:
        state = sent(warehouse, state, answer_to(state, choice))
    return state


def steps(warehouse, session_id):
    """Steps of the session that are stored, oldest first."""
    rows = warehouse.select(
        "select step from judgments where session_id = $session_id order by step",
        {"session_id": session_id},
    )
    return rows["step"].to_list()
