"""The manifest tells of every change."""

from pathlib import Path

import pytest

from core.generation.weights_hash import weights_sha256 as hash_of_folder
from core.starter.manifest import (
    MANIFEST,
    WORLD,
    StarterDamagedError,
    StarterUnmadeError,
    check_files,
    weights_sha256,
    write_manifest,
)


@pytest.fixture
def world(tmp_path: Path) -> Path:
    for name in ("base/unet/a.bin", "base/b.json", "loras/ink/weights.bin", "pictures/00.parquet"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    write_manifest(tmp_path)
    return tmp_path


def test_an_untouched_world_is_as_the_manifest_says(world: Path) -> None:
    assert [file.path for file in check_files(world)] == [
        "base/b.json",
        "base/unet/a.bin",
        "loras/ink/weights.bin",
        "pictures/00.parquet",
    ]


def test_a_changed_file_is_named(world: Path) -> None:
    (world / "base/b.json").write_text("base/c.json")  # as long as before
    with pytest.raises(StarterDamagedError, match=r"base/b\.json has changed"):
        check_files(world)


def test_a_missing_file_is_named(world: Path) -> None:
    (world / "loras/ink/weights.bin").unlink()
    with pytest.raises(StarterDamagedError, match=r"loras/ink/weights\.bin is missing"):
        check_files(world)


def test_a_file_that_nobody_shipped_is_named(world: Path) -> None:
    (world / "loras/evil.bin").write_text("x")
    with pytest.raises(StarterDamagedError, match=r"loras/evil\.bin is not in the manifest"):
        check_files(world)


def test_a_broken_manifest_says_how_to_get_it_back(world: Path) -> None:
    (world / MANIFEST.name).write_text("{")
    with pytest.raises(StarterDamagedError, match="git checkout"):
        check_files(world)


def test_a_world_without_pictures_says_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(StarterUnmadeError, match="train grid"):
        check_files(tmp_path)


def test_a_folder_of_weights_has_a_hash_of_its_files_and_a_lone_file_its_own(world: Path) -> None:
    files = check_files(world)
    assert weights_sha256(files, "loras/ink") == files[2].sha256
    before = weights_sha256(files, "base")
    assert before == hash_of_folder(world / "base"), "as everywhere: paths count from the model"
    (world / "base/b.json").write_text("other")
    write_manifest(world)
    assert weights_sha256(check_files(world), "base") != before
    with pytest.raises(StarterDamagedError, match="loras/none"):
        weights_sha256(files, "loras/none")


@pytest.mark.skipif(not MANIFEST.exists(), reason="no pictures are packed yet")
def test_what_ships_is_what_the_manifest_says() -> None:
    assert check_files(WORLD)
