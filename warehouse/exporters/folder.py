"""Folders to write into."""

from pathlib import Path

from core.errors import FileFormatError


def make_empty(folder: Path) -> None:
    """Make `folder` if need be. Raises FileFormatError where it is a file or holds anything."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileFormatError(str(folder), "is not an empty folder; nothing was written.")
    folder.mkdir(parents=True, exist_ok=True)
