"""Each query of summaries on a tiny warehouse in memory; test name = query name."""

import inspect

import pytest

from core.sessions.events import Comment, step_key
from tests import seeding
from tests.judging import judge
from tests.ranking import ADA, BEN, LEFT, SKIP, answered, begun, sent, undo_of
from tests.seeding import HIDDEN_ID, HOSTILE_MODEL, MISSING_ID
from warehouse.database import QUERIES, open_in_memory, query_text
from warehouse.reads import summary as reads

NAMES = sorted(path.stem for path in (QUERIES / "summary").glob("*.sql"))
READS = [name for name, _ in inspect.getmembers(reads, inspect.isfunction)]
WORDS = "=too **dark**"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Ada's two sessions with an undo, a skip and a comment, Ben's one, and a simulated vote."""
    warehouse = open_in_memory(tmp_path_factory.mktemp("summary"))
    seeding.fill(warehouse)
    state = answered(warehouse, begun(warehouse, ADA, (2,), session_id="ada-1"), LEFT, LEFT, SKIP)
    state = sent(warehouse, state, undo_of(state))
    state = sent(warehouse, state, undo_of(state))
    comment = Comment(
        step=state.step, idempotency_key=step_key("ada-1", state.step), prompt_id=2, comment=WORDS,
        shown_image_ids=state.screen.image_ids,
    )  # fmt: skip
    sent(warehouse, state, comment)
    state = begun(warehouse, ADA, (3,), "sort", session_id="ada-2")
    answered(warehouse, state, LEFT)
    answered(warehouse, begun(warehouse, BEN, (2,), session_id="ben-1"), LEFT, LEFT)
    judge(warehouse, "vote", ["p1-m2-s1", "p1-m3-s1"], person="sim", simulated=True, outcome="left",
          session_id="sim-1")  # fmt: skip
    judge(warehouse, "vote", ["p1-m2-s1", "p1-m3-s1"], person="ben", outcome="left",
          pairing="check", session_id="ben-1", step=99)  # fmt: skip
    yield warehouse
    warehouse.close()


@pytest.mark.parametrize("name", NAMES)
def test_every_query_has_a_test(name):
    assert query_text(name).startswith("-- ")
    assert f"test_{name}" in globals()


@pytest.mark.parametrize("name", READS)
def test_every_read_is_a_query_of_its_name(name):
    assert name in NAMES


def test_summary_judgments(told, empty):
    def found(**asked):
        rows = reads.summary_judgments(told, person_id="ada", **asked)
        own = rows.filter("own")
        assert set(own["person_id"]) <= {"ada"}
        return own.height, rows.height - own.height

    assert found() == (2, 2), "undone votes, skips and attention checks do not count"
    assert found(session_id="ada-1") == (1, 2), "a session is one's own; others count whole"
    assert found(with_simulated=True) == (2, 3)
    assert found(tag="") == (1, 0) and found(tag="<b>tag</b> $t$") == (1, 2)
    assert found(tag="animal", with_simulated=True) == (0, 1)
    assert reads.summary_judgments(empty, person_id="ada").is_empty()


def test_judged_pictures(told):
    rows = reads.judged_pictures(told, ["p1-m2-s1", HIDDEN_ID, MISSING_ID, "nowhere"])
    found = {row["image_id"]: row for row in rows.iter_rows(named=True)}
    assert set(found) == {"p1-m2-s1", HIDDEN_ID, MISSING_ID}
    assert found["p1-m2-s1"]["sha256"] and found["p1-m2-s1"]["gre"] is not None
    hidden = found[HIDDEN_ID]
    assert hidden["hidden"] and hidden["sha256"] is None and hidden["gre"] is None
    assert hidden["model_name"] == HOSTILE_MODEL
    assert found[MISSING_ID]["sha256"] is None and not found[MISSING_ID]["hidden"]
    assert reads.judged_pictures(told, []).is_empty()


def test_person_events(told):
    (count,) = reads.person_events(told, person_id="ada").row(0)
    assert count == 7, "undone votes and comments are events too"
    assert reads.person_events(told, person_id="nobody").row(0) == (0,)


def test_summary_people(told):
    rows = reads.summary_people(told).rows()
    assert rows == [("ada", "Ada", False, 2), ("ben", "Ben", False, 2)]
    everybody = reads.summary_people(told, with_simulated=True).rows()
    assert everybody[2] == ("sim", "sim", True, 1)


def test_summary_sessions(told):
    rows = reads.summary_sessions(told, person_id="ada").rows(named=True)
    assert [row["session_id"] for row in rows] == ["ada-2", "ada-1"]
    first = rows[1]
    assert (first["mode"], first["prompts"], first["judgments"]) == ("battle", 1, 1)
    assert (first["skips"], first["undone"], first["comments"]) == (0, 2, 1)
    assert first["response_time_s"] is None or first["response_time_s"] >= 0
    assert first["campaign_name"] is None
    assert reads.summary_sessions(told, person_id="nobody").is_empty()


def test_summary_comments(told):
    (row,) = reads.summary_comments(told, person_id="ada").rows(named=True)
    assert (row["comment"], row["session_id"], row["prompt_id"]) == (WORDS, "ada-1", 2)
    assert reads.summary_comments(told, person_id="ada", session_id="ada-2").is_empty()
    assert reads.summary_comments(told, person_id="ben").is_empty()


def test_session_owner(told):
    assert reads.session_owner(told, session_id="ben-1").rows() == [("ben",)]
    assert reads.session_owner(told, session_id="nowhere").is_empty()


def test_judgment_export(told):
    rows = reads.judgment_export(told, person_id="ada", session_id="ada-1").rows(named=True)
    assert [row["kind"] for row in rows] == ["vote", "vote", "skip", "undo", "undo", "comment"]
    assert [row["undone"] for row in rows] == [False, True, True, False, False, False]
    models = {f"p2-m{m}-s{s}": m for m in range(1, 6) for s in (1, 2)}
    for row in rows[:3]:
        assert row["shown_model_version_ids"] == [models[key] for key in row["shown_image_ids"]]
        assert row["tag"] == "<b>tag</b> $t$" and row["prompt"]
    assert reads.judgment_export(told, person_id="ada").height == 7
    assert reads.judgment_export(told, person_id="ada", tag="").height == 1
    assert reads.judgment_export(told, person_id="sim").is_empty()
    assert reads.judgment_export(told, person_id="sim", with_simulated=True).height == 1
