"""SIGKILL in the middle of an import: the warehouse opens, with all or nothing of it."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.warehouse.grids import ROOT, gemrec_grid
from warehouse.database import open_warehouse
from warehouse.health import find_problems
from warehouse.importers.gemrec import import_gemrec

NOTHING, ALL = (0, 0, 0), (10, 6, 60)


def start(grid, home):
    return subprocess.Popen(
        [sys.executable, "-m", "warehouse", "import", "gemrec", *grid.options],
        cwd=ROOT,
        env={**os.environ, "GEMBOARD_HOME": str(home), "GEMBOARD_WORKERS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def stored(home):
    return sum(1 for _ in (home / "pictures").rglob("*.png")) if home.exists() else 0


def wait_for(process, condition):
    """Until `condition` holds or the process ends; fails after a minute."""
    deadline = time.monotonic() + 60
    while process.poll() is None and not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def counts_after_kill(process, home, grid, settings):
    """Rows after a kill, with nothing wrong among them; a second import completes them."""
    process.send_signal(signal.SIGKILL)
    process.wait()
    warehouse = open_warehouse(home)
    counts = tuple(warehouse.table_counts()[name] for name in ("models", "prompts", "images"))
    problems = {problem.check for problem in find_problems(warehouse)}
    assert problems <= {"scores out of date"}
    import_gemrec(warehouse, grid.roster, grid.promptset, grid.images, settings)
    assert warehouse.table_counts()["images"] == 60
    warehouse.close()
    return counts


CHILD = """
import os, signal, sys
from warehouse import landing
from warehouse.__main__ import main

plain = getattr(landing, sys.argv[1])

def killing(first, *others, **named):
    if sys.argv_killed in (first, "record"):
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(first, *others, **named)

setattr(landing, sys.argv[1], killing)
sys.argv_killed = sys.argv[2]
sys.argv = ["warehouse", *sys.argv[3:]]
main()
"""


@pytest.fixture
def grid(tmp_path):
    return gemrec_grid(tmp_path / "data", prompts=6, models=10)


@pytest.mark.parametrize(
    ("function", "when"), [("query_text", "merge_image_metrics"), ("record", "record")]
)
def test_a_kill_between_two_tables_leaves_nothing(tmp_path, settings, grid, function, when):
    home = tmp_path / "killed"
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, function, when, "import", "gemrec", *grid.options],
        cwd=ROOT,
        env={**os.environ, "GEMBOARD_HOME": str(home)},
    )
    assert process.wait(timeout=60) == -signal.SIGKILL
    own = settings.model_copy(update={"home": home})
    assert counts_after_kill(process, home, grid, own) == NOTHING


@pytest.mark.parametrize(("pictures", "delay_s"), [(30, 0), (60, 0.02)])
def test_a_killed_import_leaves_all_or_nothing(tmp_path, settings, grid, pictures, delay_s):
    home = tmp_path / "killed"
    process = start(grid, home)
    wait_for(process, lambda: stored(home) >= pictures)
    time.sleep(delay_s)
    own = settings.model_copy(update={"home": home})
    assert counts_after_kill(process, home, grid, own) in (NOTHING, ALL)
