"""Pictures on disk: stored under home by content hash, each with a thumbnail."""

import hashlib
import re
import uuid
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Generic, TypeVar

from PIL import Image

from core.errors import PictureError
from warehouse.lookahead import map_ahead
from warehouse.picture_content import ENDINGS, one_line, open_picture

MEBIBYTE = 2**20

Key = TypeVar("Key")


@dataclass(frozen=True)
class StoredPicture:
    """A picture that lies under home; its size is the size as shown, after EXIF orientation."""

    sha256: str
    path: str  # relative to home, with forward slashes
    width: int  # px
    height: int  # px
    format: str  # PNG, JPEG or WebP


@dataclass(frozen=True)
class PictureJob(Generic[Key]):
    """A picture to store; `read` runs in a worker and may raise PictureError or OSError."""

    key: Key  # whatever the caller wants back beside the answer
    name: str  # as the data name it; only its ending counts
    read: Callable[[], bytes]


def store_picture(
    data: bytes, name: str, home: Path, limit_mpx: float, thumbnail_px: int
) -> StoredPicture:
    """Check, store and thumbnail one picture; storing it again changes nothing.

    `name` is only looked at for its ending, which must agree with the content; a name without one
    is taken as it is. A thumbnail that exists is kept whatever its size.
    Raises PictureError with a reason that follows the name: "is empty", "is cut off", ...
    """
    picture = open_picture(data, name, limit_mpx)
    sha256 = hashlib.sha256(data).hexdigest()
    relative = f"pictures/{sha256[:2]}/{sha256}.{ENDINGS[picture.format]}"
    target, thumbnail = home / relative, thumbnail_path(home, sha256)
    known = target.is_file() and file_sha256(target) == sha256
    if not (known and thumbnail_is_whole(thumbnail)):
        small = picture.thumbnail(thumbnail_px)
        if not known:
            _write_atomically(target, data)
        _write_atomically(thumbnail, small)
    return StoredPicture(sha256, relative, picture.width, picture.height, picture.format)


def thumbnail_is_whole(path: Path) -> bool:
    """Whether a thumbnail is there, is WebP, and is as long as its own header says."""
    try:
        with path.open("rb") as file:
            header = file.read(12)
        length = int.from_bytes(header[4:8], "little") + 8
        return header[:4] == b"RIFF" and header[8:] == b"WEBP" and path.stat().st_size == length
    except OSError:
        return False


def store_pictures(
    jobs: Iterable[PictureJob[Key]],
    home: Path,
    *,
    limit_mpx: float,
    thumbnail_px: int,
    workers: int = 0,
    on_progress: Callable[[int], None] | None = None,
) -> Generator[tuple[PictureJob[Key], StoredPicture | PictureError], None, None]:
    """Store many pictures in threads; each job comes back with its answer, in the order given.

    `workers` 0 takes one per core. No more than two pictures per worker are in memory at a time,
    so `jobs` may be endless. `on_progress` gets the number done so far.
    """

    def stored(job: PictureJob[Key]) -> StoredPicture | PictureError:
        try:
            return store_picture(_read(job), job.name, home, limit_mpx, thumbnail_px)
        except PictureError as error:
            return error

    with closing(map_ahead(stored, jobs, workers)) as answers:
        for done, (job, answer) in enumerate(answers, start=1):
            if on_progress:
                on_progress(done)
            yield job, answer


def contained_path(folder: Path, name: str) -> Path:
    """The regular file that `name` (from data, so from a stranger) means inside `folder`.

    Raises PictureError as `contained_entry` does, and where it is no file.
    """
    path = contained_entry(folder, name)
    if not path.is_file():
        raise PictureError("is not a regular file")
    return path


def contained_entry(folder: Path, name: str) -> Path:
    """The file or folder that `name` (from data, so from a stranger) means inside `folder`.

    Raises PictureError for whatever leads elsewhere: absolute names, `..`, links out of the
    folder, NUL, backslashes and drive letters; and where there is nothing.
    """
    if not name.strip() or "\0" in name:
        raise PictureError("is not a file name")
    if "\\" in name or PureWindowsPath(name).drive:
        raise PictureError("is a Windows path; write it with forward slashes, from the folder")
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts:
        raise PictureError(f"leads out of the folder {folder.name}")
    try:
        root = folder.resolve(strict=True)
        path = (root / relative).resolve(strict=True)
    except FileNotFoundError as error:
        raise PictureError("does not exist") from error
    except (OSError, ValueError, RuntimeError) as error:  # too long, no text, links in a circle
        raise PictureError("cannot be reached") from error
    if not path.is_relative_to(root):
        raise PictureError(f"is a link that leads out of the folder {folder.name}")
    return path


def read_contained(folder: Path, name: str, limit_mpx: float) -> bytes:
    """The bytes of the file that `name` means inside `folder`, for a PictureJob's `read`.

    Raises PictureError as `contained_path` does, and for files larger than any picture taken.
    """
    path = contained_path(folder, name)
    size, most = path.stat().st_size, int(limit_mpx * 8_000_000) + MEBIBYTE  # 16-bit RGBA
    if size > most:
        raise PictureError(f"has {size // MEBIBYTE} MiB, more than any picture within the limit")
    return path.read_bytes()


def read_upright(folder: Path, name: str, limit_mpx: float) -> Image.Image:
    """The picture that `name` means inside `folder`, as shown: upright, in RGB, on white.

    Raises PictureError as `read_contained` and `open_picture` do, and where the disk refuses.
    """
    try:
        return open_picture(read_contained(folder, name, limit_mpx), name, limit_mpx).upright()
    except OSError as error:
        raise _unreadable(error) from error


def thumbnail_path(home: Path, sha256: str) -> Path:
    """Where the thumbnail of a picture lies. Raises PictureError where `sha256` is no hash."""
    if not _is_hash(sha256):
        raise PictureError("is not a content hash")
    return home / "thumbnails" / sha256[:2] / f"{sha256}.webp"


def picture_file(home: Path, sha256: str) -> Path | None:
    """The stored original with this content hash, or None."""
    if not _is_hash(sha256):
        return None
    stem = home / "pictures" / sha256[:2] / sha256
    candidates = (stem.with_suffix(f".{ending}") for ending in ENDINGS.values())
    return next((path for path in candidates if path.is_file()), None)


def file_sha256(path: Path) -> str:
    """The content hash of a file, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(job: PictureJob[Key]) -> bytes:
    try:
        return job.read()
    except OSError as error:  # a full disk, by contrast, is nobody's bad row
        raise _unreadable(error) from error


def _unreadable(error: OSError) -> PictureError:
    return PictureError(f"cannot be read ({error.strerror or one_line(error)})")


def _is_hash(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{64}", text) is not None


def _write_atomically(target: Path, data: bytes) -> None:
    """Whole or not at all, also when killed or when two write the same at once."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f"{target.name}.{uuid.uuid4().hex}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
