"""SIGKILL between two events: what was acknowledged is there after reopening, and once."""

import signal
import subprocess
import sys

import duckdb
import pytest

from core.sessions.events import COLUMNS, LISTS
from core.sessions.session import Rules
from tests import seeding
from tests.ranking import ADA, begun
from tests.warehouse.grids import ROOT
from warehouse.database import open_warehouse, query_text
from warehouse.ranking import record_event, session_state

CHILD = """
import os, signal, sys
from pathlib import Path
from tests.ranking import answer_to, undo_of
from warehouse import ranking
from warehouse.database import open_warehouse

home, session_id, last, where = sys.argv[1:]
warehouse = open_warehouse(Path(home))
if where == "in a transaction":
    plain = ranking.query_text

    def killing(name):
        if name == "add_judgment" and state.step == int(last):
            os.kill(os.getpid(), signal.SIGKILL)
        return plain(name)

    ranking.query_text = killing
state = ranking.session_state(warehouse, session_id, person_id="ada")
while True:
    event = undo_of(state) if state.step % 5 == 4 else answer_to(state, state.step)
    state = ranking.record_event(warehouse, session_id, event, person_id="ada")
    print(state.step, flush=True)
    if where == "after" and state.step == int(last):
        os.kill(os.getpid(), signal.SIGKILL)
"""

MIGRATE_SOME = """
import os, signal, sys
from pathlib import Path
from tests.warehouse.test_ranking_kill import a_skip
from warehouse import migration
from warehouse.database import open_warehouse, query_text

steps = migration.known_migrations()
migration.known_migrations = lambda: steps[:5]
warehouse = open_warehouse(Path(sys.argv[1]))
warehouse.cursor().execute(query_text("add_judgment"), a_skip(0))
os.kill(os.getpid(), signal.SIGKILL)
"""
MIGRATE_ALL = MIGRATE_SOME.replace("steps[:5]", "steps").replace("a_skip(0)", "a_skip(1)")


def a_skip(step, key=None):
    """A row of `judgments`."""
    row = {name: [] if name in LISTS else None for name in COLUMNS}
    told = {"session_id": "s", "person_id": "p", "mode": "battle", "simulated": False}
    key = key or f"s/{step}"
    return (
        row
        | told
        | {
            "judgment_id": key,
            "idempotency_key": key,
            "step": step,
            "kind": "skip",
            "profile": "none",
        }
    )


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    warehouse = open_warehouse(folder)
    seeding.fill(warehouse)
    warehouse.close()
    return folder


def acknowledged(home, session_id, last, where):
    """The last step that the child said was stored, before it was killed."""
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(home), session_id, str(last), where],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    return int(child.stdout.split()[-1])


@pytest.mark.parametrize("where", ["after", "in a transaction"])
def test_a_kill_loses_nothing_that_was_acknowledged(home, where):
    warehouse = open_warehouse(home)
    state = begun(warehouse, prompt_ids=(1, 2, 3), rules=Rules(check_every=3))
    session_id = state.session.session_id
    warehouse.close()
    for last in (3, 7):
        assert acknowledged(home, session_id, last, where) == last
    warehouse = open_warehouse(home)
    state = session_state(warehouse, session_id, person_id=ADA.person_id)
    found = warehouse.value("select list(step order by step) from judgments")
    assert found == [0, 1, 2, 3, 4, 5, 6]
    for event in state.events:  # the page did not hear of it and sends it again
        again = record_event(warehouse, session_id, event, person_id=ADA.person_id)
        assert again == state
    assert warehouse.value("select count(*) from judgments") == 7
    warehouse.close()


def test_a_step_is_unique_after_a_kill_right_after_migrating(tmp_path):
    """The index over judgments that were there before is replayed from the log."""
    home = tmp_path / "home"
    for code in (MIGRATE_SOME, MIGRATE_ALL):
        child = subprocess.run([sys.executable, "-c", code, str(home)], cwd=ROOT, timeout=120)
        assert child.returncode == -signal.SIGKILL
    warehouse = open_warehouse(home)
    assert warehouse.value("select list(step order by step) from judgments") == [0, 1]
    with warehouse.cursor() as cursor, pytest.raises(duckdb.ConstraintException):
        cursor.execute(query_text("add_judgment"), a_skip(1, "another key"))
    warehouse.close()
