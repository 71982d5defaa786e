"""Every page on an empty, a filled and a damaged warehouse."""

import os
import subprocess
import sys

import duckdb
import pytest

from dashboard.navigation import PAGES as ENTRIES
from tests.pages.apps import PAGES, ROOT, opened

pytestmark = pytest.mark.parametrize("page", PAGES)


def test_the_page_is_in_the_navigation(page):
    assert f"{page}.py" in {entry.file for entry in ENTRIES}


def test_an_empty_warehouse_gets_the_command_to_run_next(page, home):
    app = opened(page)
    assert not app.exception
    assert not app.error
    assert "python -m warehouse starter" in app.code[0].value
    assert "python -m warehouse import gemrec --roster" in app.code[1].value


def test_a_filled_warehouse_shows_no_error(page, filled_home):
    app = opened(page)
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert app.title and app.caption


def test_a_file_that_is_no_database_is_said_in_words(page, home):
    (home / "gemboard.duckdb").write_bytes(b"this is not a database" * 500)
    app = opened(page)
    assert not app.exception
    assert len(app.error) == 1
    assert "cannot be opened as a warehouse" in app.error[0].value
    assert "backup" in app.error[0].value


def test_a_dropped_table_is_said_in_words(page, filled_home):
    with duckdb.connect(str(filled_home / "gemboard.duckdb")) as connection:
        connection.execute("drop view image_scores")
        connection.execute("drop table images")
    app = opened(page)
    assert not app.exception
    assert len(app.error) == 1
    assert "image" in app.error[0].value


def test_a_newer_warehouse_is_said_in_words(page, filled_home):
    with duckdb.connect(str(filled_home / "gemboard.duckdb")) as connection:
        connection.execute("insert into migrations (version, name, sha256) values (999, 'x', 'x')")
    app = opened(page)
    assert not app.exception
    assert "newer than this Gemboard" in app.error[0].value


def test_a_busy_warehouse_is_said_in_words_and_opens_once_it_is_free(page, filled_home):
    holder = subprocess.Popen(
        [sys.executable, "-c", "import duckdb, sys; c = duckdb.connect(sys.argv[1]);"
         "print('held', flush=True); sys.stdin.read()", str(filled_home / "gemboard.duckdb")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout.readline() == "held\n"
    app = opened(page)
    assert not app.exception
    assert "in use by another process" in app.error[0].value
    holder.communicate("")
    assert not app.run().error


def test_a_wrong_setting_is_said_in_words(page, home, monkeypatch):
    monkeypatch.setenv("GEMBOARD_THUMBNAIL_PX", "tiny")
    app = opened(page)
    assert not app.exception
    assert "GEMBOARD\\_THUMBNAIL\\_PX" in app.error[0].value


def test_torch_and_sklearn_stay_out(page, filled_home):
    code = (
        "import sys\nfrom tests.pages.apps import opened\n"
        f"app = opened({page!r})\nassert not app.exception and not app.error\n"
        "print([m for m in ('torch', 'sklearn', 'open_clip', 'diffusers') if m in sys.modules])"
    )
    environment = {**os.environ, "GEMBOARD_HOME": str(filled_home), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
