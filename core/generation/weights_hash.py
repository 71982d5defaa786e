"""What weights are: SHA-256 of a file, or of the list of a folder's files."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock

from core.errors import shortened
from core.generation.devices import WrongWeightsError

CHUNK_BYTES = 2**22
FILES_LIMIT = 10_000  # of a folder; a pipeline has about 20
KNOWN_LIMIT = 1_000  # hashes kept by the process

OnBytes = Callable[[int], None]  # how many more were read
_Stamp = tuple[tuple[str, int, int, int, int], ...]  # name, size, mtime_ns, ctime_ns, inode

_known: dict[Path, tuple[_Stamp, str]] = {}
_lock = Lock()


def weights_sha256(path: Path, on_bytes: OnBytes | None = None) -> str:
    """Hash of a file, of a folder's only file, or of the list of a folder's files.

    The list has a line `sha256  relative/path` for each file, sorted by path. Raises
    WrongWeightsError where nothing is there, or a link leads out of the folder.
    """
    hashed = [(name, _file_sha256(file, on_bytes)) for name, file in weight_files(path)]
    return listing_sha256(hashed)


def listing_sha256(hashes: Iterable[tuple[str, str]]) -> str:
    """Hash of a model from those of its files: pairs of a path within it, and its SHA-256."""
    ordered = sorted(hashes)
    if len(ordered) == 1:
        return ordered[0][1]
    listing = "".join(f"{sha256}  {name}\n" for name, sha256 in ordered)
    return hashlib.sha256(listing.encode()).hexdigest()


def check_weights(path: Path, sha256: str) -> None:
    """Make sure that the weights are those that the hash names. Raises WrongWeightsError.

    A hash is computed once in a process for as long as sizes, times and inodes stand.
    """
    stamp = _stamp(path)
    with _lock:
        known = _known.get(path)
    if known is None or known[0] != stamp:
        known = stamp, weights_sha256(path)
        if _stamp(path) == stamp:
            with _lock:
                while len(_known) >= KNOWN_LIMIT:
                    del _known[next(iter(_known))]
                _known[path] = known
    if known[1] != sha256:
        raise WrongWeightsError(
            f"The weights {shortened(path.name)} are not those that were added: their hash begins "
            f"with {known[1][:12]}, not {sha256[:12]}. Put the right file back at {path}, or add "
            "this one as a model of its own: `python -m warehouse add model`."
        )


def weight_files(path: Path) -> list[tuple[str, Path]]:
    """The files of a model by their path within it; of one file, its own name.

    Raises WrongWeightsError.
    """
    if path.is_file():
        return [(path.name, path)]
    if not path.is_dir():
        raise WrongWeightsError(
            f"There are no weights at {path}: put them back, or add the model anew "
            "(`python -m warehouse add model`)."
        )
    root = path.resolve()
    files: list[tuple[str, Path]] = []
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path).as_posix()
        if file.is_symlink() and not _stays(root, file):
            raise WrongWeightsError(
                f"{shortened(name)} in {path} is a link that leads out of the folder: put the "
                "file itself there."
            )
        if file.is_file():
            files.append((name, file))
    if not files or len(files) > FILES_LIMIT:
        count = "no" if not files else f"more than {FILES_LIMIT:,}"
        raise WrongWeightsError(f"{path} holds {count} files: name the folder of one model.")
    return sorted(files)


def _stays(root: Path, link: Path) -> bool:
    """Whether a link leads to a file of the folder, or of the hub's store that it belongs to."""
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):  # nowhere, or in a circle
        return False
    homes = [root]
    if root.parent.name == "snapshots":
        homes.append(root.parent.parent / "blobs")
    return target.is_file() and any(target.is_relative_to(home) for home in homes)


def _stamp(path: Path) -> _Stamp:
    stamps = []
    for name, file in weight_files(path):
        stat = file.stat()
        stamps.append((name, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino))
    return tuple(stamps)


def _file_sha256(path: Path, on_bytes: OnBytes | None) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
                if on_bytes:
                    on_bytes(len(chunk))
    except OSError as error:
        raise WrongWeightsError(f"{path} cannot be read ({error.strerror}).") from error
    return digest.hexdigest()
