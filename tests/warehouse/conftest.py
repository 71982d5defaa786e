"""Warehouses in memory and on disk, and the command line in this process."""

import json
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from core.settings import Settings
from tests.warehouse.grids import gemrec_grid
from warehouse.database import open_in_memory


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home that the settings in force name."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("GEMBOARD_HOME", str(folder))
    monkeypatch.setenv("GEMBOARD_WORKERS", "2")
    return folder


@pytest.fixture
def settings(home):
    """The settings in force."""
    return Settings()


@pytest.fixture
def warehouse(home):
    """An empty warehouse in memory, from the real migrations, with a home on disk."""
    opened = open_in_memory(home)
    yield opened
    opened.close()


@pytest.fixture
def empty(tmp_path):
    """A warehouse in memory that stays empty, beside a filled one."""
    opened = open_in_memory(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def grid(tmp_path):
    """Two prompts x three models with pictures, in GEMRec's layout."""
    return gemrec_grid(tmp_path / "gemrec")


@dataclass(frozen=True)
class Ran:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be one line of JSON."""
        assert self.out.endswith("\n"), self
        assert self.out.count("\n") == 1, self
        return json.loads(self.out, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))


@pytest.fixture
def command(home, monkeypatch, capsys):
    """`command("stats", "--json")` runs the command line in this process."""
    from warehouse.__main__ import main

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["warehouse", *map(str, arguments)])
        capsys.readouterr()
        code: Any = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
        said = capsys.readouterr()
        return Ran(int(code), said.out, said.err)

    return run
