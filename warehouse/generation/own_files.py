"""Weights brought into the home by hard links or copies, whole or not at all."""

import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import GemboardError, shortened
from core.generation.weights_files import INDEX, listing_sha256
from core.generation.weights_hash import CHUNK_BYTES, OnBytes, weight_files, weights_sha256

OWN_FOLDER = Path("models") / "own"  # below the home
HASH_DIGITS = 12  # of a folder's name
SPARE_BYTES = 256 * 2**20  # left free on the disk
ENDINGS = frozenset({".safetensors", ".json", ".txt"})
# Parts that make no picture: the NSFW checker is Gemboard's own.
LEFT_OUT = frozenset({"safety_checker", "feature_extractor", "image_encoder"})
_VARIANT = re.compile(r"^(?P<plain>[^.]+)\.(?:fp16|bf16|non_ema|ema)(?P<rest>[.-].*safetensors)$")
_UNFIT = re.compile(r"[^\w.+()-]+")


class BringError(GemboardError):
    """Weights that cannot be brought into the home; its text says why and what to do."""


@dataclass(frozen=True)
class WeightsFile:
    """One file to bring."""

    name: str  # within the model, with forward slashes
    path: Path
    bytes: int
    sha256: str = ""


def files_to_bring(path: Path) -> list[WeightsFile]:
    """What a picture needs of a model: of a folder its parts, without pictures and duplicates.

    Raises WrongWeightsError where a link leads out of the folder.
    """
    if path.is_dir() and not (path / INDEX).is_file():
        (path,) = path.glob("*.safetensors")  # one LoRA, as `describe_weights` made sure
    if path.is_file():
        return [WeightsFile(fit_name(path), path, path.stat().st_size)]
    names = dict(weight_files(path))
    return [
        WeightsFile(name, file, file.stat().st_size)
        for name, file in names.items()
        if file.suffix in ENDINGS and _is_needed(name, names)
    ]


def hashed(files: Sequence[WeightsFile], on_bytes: OnBytes) -> tuple[list[WeightsFile], str]:
    """The files with their hashes, and that of the model."""
    told = [
        WeightsFile(file.name, file.path, file.bytes, weights_sha256(file.path, on_bytes))
        for file in files
    ]
    return told, listing_sha256((file.name, file.sha256) for file in told)


def bring(files: Sequence[WeightsFile], home: Path, sha256: str, on_bytes: OnBytes) -> str:
    """Bring files whose hashes are known to models/own; the path of the model below the home.

    Raises BringError, and leaves nothing behind.
    """
    folder = OWN_FOLDER / sha256[:HASH_DIGITS]
    relative = folder if len(files) > 1 else folder / files[0].name
    target = home / folder
    if target.exists() and (home / relative).exists() and weights_sha256(home / relative) == sha256:
        return relative.as_posix()
    unfinished = target.with_name(f".{target.name}.{uuid.uuid4().hex}.tmp")
    try:
        unfinished.mkdir(parents=True)
        _check_room(files, unfinished)
        for file in files:
            _take(file, unfinished / file.name, on_bytes)
        if target.exists():  # of an addition that was cut off, or damaged since
            shutil.rmtree(target)
        unfinished.replace(target)
    except OSError as error:
        raise BringError(
            f"The weights cannot be written to {target.parent} ({error.strerror}): make room or "
            "mend that, and add them again."
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return relative.as_posix()


def fit_name(path: Path) -> str:
    """The file's name in letters that every disk takes."""
    stem = _UNFIT.sub("-", path.stem)[:100].strip(".-")
    return f"{stem or 'model'}.safetensors"


def counted(show: Callable[[str, int, int], None], what: str, total: int) -> OnBytes:
    """A callback that shows how many MiB of `total` bytes are done."""
    done = 0

    def more(count: int) -> None:
        nonlocal done
        done += count
        show(f"{what} (MiB)", done // 2**20, max(1, total // 2**20))

    return more


def check_free(folder: Path, needed: int) -> None:
    """Raises BringError where the disk has no room for so many bytes more."""
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE_BYTES:
        raise BringError(
            f"There is no room: {needed / 1e9:.1f} GB are needed and {free / 1e9:.1f} GB free at "
            f"{folder}. Make room there, or let GEMBOARD_HOME name a folder on another disk."
        )


def _check_room(files: Sequence[WeightsFile], folder: Path) -> None:
    """Raises BringError where the files must be copied and there is no room for all of them."""
    probe = folder / ".probe"
    if _linked(files[0].path, probe):
        probe.unlink()
    else:
        check_free(folder, sum(file.bytes for file in files))


def _take(file: WeightsFile, target: Path, on_bytes: OnBytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if _linked(file.path, target):
        on_bytes(file.bytes)
        return
    digest = hashlib.sha256()
    with file.path.open("rb") as source, target.open("xb") as copy:
        while chunk := source.read(CHUNK_BYTES):
            copy.write(chunk)
            digest.update(chunk)
            on_bytes(len(chunk))
    if digest.hexdigest() != file.sha256:
        raise BringError(
            f"{shortened(file.path.name)} changed while it was read: add it again once it is whole."
        )


def _linked(file: Path, target: Path) -> bool:
    try:
        os.link(file.resolve(), target)
    except OSError:  # another disk, or one that knows no links
        return False
    return True


def _is_needed(name: str, names: dict[str, Path]) -> bool:
    """Of a folder in diffusers' layout: the index, and parts, each in one precision."""
    part, slash, _ = name.partition("/")
    if not slash:
        return name == INDEX
    folder, _, last = name.rpartition("/")
    variant = _VARIANT.match(last)
    is_double = variant and f"{folder}/{variant['plain']}{variant['rest']}" in names
    return part not in LEFT_OUT and not part.startswith(".") and not is_double
