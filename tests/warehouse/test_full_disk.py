"""A disk that is really full (a small tmpfs): one sentence, no job stuck, and later all is well."""

import os
import subprocess

import pytest

from core.errors import DiskFullError
from core.settings import Settings
from tests.warehouse.making import ANN, Painter, add_models, an_order
from tests.warehouse.test_generation_service import ended
from warehouse.database import open_warehouse
from warehouse.generation.service import GenerationService

SIZE = 8 * 2**20


@pytest.fixture
def disk(tmp_path):
    """A disk of 8 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("mounting a tmpfs takes rights that are not here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk, left):
    """Take all room but `left` bytes."""
    free = os.statvfs(disk)
    (disk / "filler").write_bytes(b"x" * (free.f_bavail * free.f_frsize - left))


@pytest.mark.parametrize("left", [0, 60_000, 200_000])
def test_a_full_disk_is_said_in_a_sentence_and_later_pictures_are_made(disk, monkeypatch, left):
    home = disk / "home"
    monkeypatch.setenv("GEMBOARD_HOME", str(home))
    warehouse = open_warehouse(home)
    add_models(warehouse)
    service = GenerationService(warehouse, Settings(), [Painter()])
    ended(warehouse, service, service.ask(an_order(), ANN))
    fill(disk, left)
    try:
        view = ended(warehouse, service, service.ask(an_order(seeds=range(10, 90)), ANN))
    except DiskFullError as error:
        said = str(error)
    else:
        assert view.state == "failed"
        said = view.message
    assert "is full: free some space, then try again." in said
    (disk / "filler").unlink()
    after = ended(warehouse, service, service.ask(an_order(seeds=(100, 101)), ANN))
    assert after.counts == {"kept": 2}
    service.close()
    warehouse.close()
    again = open_warehouse(home)
    for path in again.select("select path from images")["path"]:
        assert (home / path).is_file()
    again.close()
