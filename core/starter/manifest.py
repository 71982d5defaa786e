"""What ships of the starter world: where it lies, and the hash of every file."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from core.errors import GemboardError
from core.generation.weights_hash import listing_sha256

WORLD = Path(__file__).parent / "world"
BASE_FOLDER = WORLD / "base"
ENCODER_FOLDER = WORLD / "starter-clip"
LORA_FOLDER = WORLD / "loras"
PICTURES_FOLDER = WORLD / "pictures"
FEATURES_FOLDER = WORLD / "features"
MANIFEST = WORLD / "manifest.json"


class StarterDamagedError(GemboardError):
    """A file that ships is missing or is not what it was."""

    def __init__(self, problems: list[str]) -> None:
        more = f" and {len(problems) - 1} more" if len(problems) > 1 else ""
        super().__init__(
            f"The starter world is damaged: {problems[0]}{more}. "
            "`git checkout core/starter/world` brings the files back."
        )


class StarterUnmadeError(GemboardError):
    """The weights are there, the pictures are not."""

    def __init__(self) -> None:
        super().__init__(
            "The starter world has no pictures yet: `python -m core.starter.train grid` generates "
            "them, `python -m core.starter.train pack` adds them to core/starter/world."
        )


@dataclass(frozen=True)
class ShippedFile:
    """One file; `path` counts from the world's folder, with forward slashes."""

    path: str
    bytes: int
    sha256: str


def list_files(world: Path = WORLD) -> tuple[ShippedFile, ...]:
    """Every file that lies there but the manifest, by path."""
    paths = sorted(path for path in world.rglob("*") if path.is_file())
    return tuple(
        ShippedFile(path.relative_to(world).as_posix(), path.stat().st_size, _sha256(path))
        for path in paths
        if path.name != MANIFEST.name
    )


def write_manifest(world: Path = WORLD) -> None:
    """Write down what lies there now."""
    files = {file.path: {"bytes": file.bytes, "sha256": file.sha256} for file in list_files(world)}
    (world / MANIFEST.name).write_text(json.dumps({"files": files}, indent=1) + "\n")


def read_manifest(world: Path = WORLD) -> tuple[ShippedFile, ...]:
    """What should lie there.

    Raises StarterUnmadeError where nothing was packed, StarterDamagedError where the manifest
    cannot be read.
    """
    if not (world / PICTURES_FOLDER.name).exists() and not (world / MANIFEST.name).exists():
        raise StarterUnmadeError
    try:
        stored = json.loads((world / MANIFEST.name).read_text(encoding="utf-8"))
        return tuple(
            ShippedFile(path, file["bytes"], file["sha256"])
            for path, file in stored["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StarterDamagedError([f"{MANIFEST.name} cannot be read ({error})"]) from error


def check_files(world: Path = WORLD) -> tuple[ShippedFile, ...]:
    """The manifest, once every file has proved to be what it says; else StarterDamagedError."""
    expected = read_manifest(world)
    there = {file.path: file for file in list_files(world)}
    problems = [
        f"{file.path} is missing" if file.path not in there else f"{file.path} has changed"
        for file in expected
        if there.get(file.path) != file
    ]
    problems += [f"{path} is not in the manifest" for path in there.keys() - _paths(expected)]
    if problems:
        raise StarterDamagedError(problems)
    return expected


def weights_sha256(files: tuple[ShippedFile, ...], folder: str) -> str:
    """Hash of a model, as `core.generation.weights_hash` has it.

    `folder` counts from the world's folder. Raises StarterDamagedError where nothing lies there.
    """
    prefix = f"{folder}/"
    inside = [
        (file.path.removeprefix(prefix), file.sha256)
        for file in files
        if file.path.startswith(prefix)
    ]
    if not inside:
        raise StarterDamagedError([f"{folder} is missing"])
    return listing_sha256(inside)


def _paths(files: tuple[ShippedFile, ...]) -> set[str]:
    return {file.path for file in files}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
