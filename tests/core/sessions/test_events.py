"""Events and sessions as rows, which the tables take."""

import re
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings

from core.sessions.events import Comment, Skip, Undo, Vote, event_of_row, event_row, step_key
from core.sessions.ratings import ratings_of, unknown_ratings
from core.sessions.refusals import SessionError
from core.sessions.session import Pool, Rules, Session, session_of_row, session_row
from tests.core.sessions.playing import GESTURES, a_session, played, sessions

SCHEMA = Path(__file__).parents[3] / "warehouse/migrations/001_initial.sql"
OF_SESSION = {"session_id", "person_id", "mode", "simulated"}


@given(sessions(), GESTURES)
def test_events_and_rows_map_one_to_one(session, gestures):
    for event in played(session, gestures).state.events:
        row = event_row(event)
        assert event_of_row(row) == event
        assert event_row(event_of_row(row)) == row


@given(sessions())
def test_sessions_and_rows_map_one_to_one(session):
    row = session_row(session)
    assert session_of_row(row) == session
    assert session_row(session_of_row(row)) == row


def test_a_session_keeps_its_ratings_to_the_last_digit():
    ratings = ratings_of(*(array * 0.1 + 1 / 3 for array in unknown_ratings(2).arrays()))
    session = replace(a_session(2), pools=(Pool(7, ("x", "y"), ratings),), campaign="c")
    assert session_of_row(session_row(session)) == session


def written(cursor: duckdb.DuckDBPyConnection, table: str, row: dict) -> None:
    names = ", ".join(row)
    marks = ", ".join("?" * len(row))
    cursor.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))


def read(cursor: duckdb.DuckDBPyConnection, table: str) -> list[dict]:
    found = cursor.execute(f"select * from {table} order by rowid")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture(scope="module")
def schema():
    with duckdb.connect() as connection:
        connection.execute(SCHEMA.read_text())
        yield connection


@settings(max_examples=15)
@given(session=sessions(), gestures=GESTURES)
def test_the_tables_take_the_rows_and_give_them_back(schema, session, gestures):
    schema.execute("truncate judgments; truncate sessions")
    events = played(session, gestures).state.events
    about = session_row(session)
    written(schema, "sessions", about)
    for event in events:
        written(schema, "judgments", event_row(event) | {name: about[name] for name in OF_SESSION})
    assert [session_of_row(row) for row in read(schema, "sessions")] == [session]
    rows = read(schema, "judgments")
    assert tuple(event_of_row(row) for row in rows) == events
    for row in rows:
        assert set(row) == set(event_row(events[0])) | OF_SESSION | {"created_at"}


def test_an_event_is_repeated_by_its_key_and_what_it_says_alone():
    vote = Vote(step=3, idempotency_key="k", shown_image_ids=("a", "b"), outcome="tie")
    taken = replace(vote, judgment_id="uuid", profile="x", prompt_id=1, pairing="gre ascending")
    assert vote.judgment_id == "k"
    assert replace(vote, response_time_ms=5).repeats(taken)
    assert not replace(vote, outcome="left").repeats(taken)
    assert not replace(vote, idempotency_key="other").repeats(taken)
    assert not replace(vote, step=4).repeats(taken)
    assert not replace(vote, shown_image_ids=("b", "a")).repeats(taken)
    assert not Skip(step=3, idempotency_key="k", shown_image_ids=("a", "b")).repeats(taken)


def test_keys_tell_session_and_step():
    assert re.fullmatch(r"abc/12", step_key("abc", 12))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Skip(step=-1, idempotency_key="k"),
        lambda: Skip(step=0, idempotency_key=""),
        lambda: Skip(step=0, idempotency_key="k", response_time_ms=-1),
        lambda: Vote(step=0, idempotency_key="k", outcome="up"),
        lambda: event_of_row({"kind": "shout"}),
        lambda: event_of_row(
            event_row(Undo(step=0, idempotency_key="k", undoes_judgment_id="j"))
            | {"undoes_judgment_id": None}
        ),
        lambda: event_of_row(
            event_row(Comment(step=0, idempotency_key="k", comment="c")) | {"comment": None}
        ),
        lambda: Rules(batch_size=1),
        lambda: Rules(pairing="by taste"),
        lambda: Rules(exploration=1.1),
        lambda: Rules(check_gap=0),
        lambda: a_session(),
        lambda: a_session(4, 1),
        lambda: a_session(4, mode="chess"),
        lambda: Pool(1, ("a", "b"), unknown_ratings(3)),
        lambda: Session("s", "p", "sort", (Pool(1, ("a", "a")),), "x", 1),
        lambda: Session("s", "p", "sort", (Pool(1, ("a", "b")), Pool(1, ("c", "d"))), "x", 1),
        lambda: session_of_row(session_row(a_session(3)) | {"settings": None}),
        lambda: session_of_row(session_row(a_session(3)) | {"candidate_image_ids": [*"abcd"]}),
    ],
)
def test_what_cannot_be_is_not_made(wrong):
    with pytest.raises(SessionError):
        wrong()
