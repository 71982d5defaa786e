"""Errors of Gemboard: each owns one line that says what is wrong, where, and the way out."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path


class GemboardError(Exception):
    """Base of every error that a person may read; its text is shown as it is."""

    wrong_usage = False  # the command line exits with 2 where it is true, else with 1


class SettingsError(GemboardError):
    """A setting cannot be used."""

    wrong_usage = True

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"Setting {name}: {reason}")


class WarehouseBusyError(GemboardError):
    """Another process holds the database file."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name} is in use by another process (a running dashboard or command). "
            "Stop it, or wait for it to end, and try again."
        )


class WarehouseDamagedError(GemboardError):
    """The database file cannot be read as a warehouse."""

    def __init__(self, path: Path, reason: str) -> None:
        first_line = reason.strip().splitlines()[0] if reason.strip() else "no reason given"
        first_line = first_line.rstrip(".") + "."
        super().__init__(
            f"{path} cannot be opened as a warehouse: {first_line} "
            "Move the file away to start afresh, or put a backup in its place."
        )


class DiskFullError(GemboardError):
    """There is no room left where the home lies."""

    def __init__(self, home: Path) -> None:
        super().__init__(
            f"The disk of {home} is full: free some space, then try again. "
            "What was finished before is kept."
        )


class WarehouseMissingError(GemboardError):
    """There is no database file yet."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"There is no warehouse at {path}. `python -m warehouse migrate` makes one."
        )


class WarehouseNewerError(GemboardError):
    """The database file was written by a newer Gemboard."""

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(
            f"{path.name} has schema {found}, newer than this Gemboard knows ({known}). "
            "Update Gemboard, or point GEMBOARD_HOME elsewhere."
        )


class WarehouseOutdatedError(GemboardError):
    """The database file wants migrations that a read-only opener cannot run."""

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(
            f"{path.name} has schema {found}, this Gemboard needs {known}: "
            "run `python -m warehouse migrate` first."
        )


class RowError(GemboardError):
    """A row of a file that cannot be taken; names file, row, column and value."""

    def __init__(self, file: str, row: int, column: str, value: object, reason: str) -> None:
        self.file = file
        self.row = row
        self.column = column
        self.value = value
        self.reason = reason
        super().__init__(f"{file}, row {row}, column {column}: {shortened(value)} {reason}")


class RowsRejectedError(GemboardError):
    """An import was refused because of bad rows; nothing of it landed."""

    def __init__(self, first: RowError, count: int) -> None:
        self.first = first
        self.count = count
        more = f" ({count - 1} more bad rows)" if count > 1 else ""
        super().__init__(f"{first}{more}. Nothing was imported; --skip-bad lands the good rows.")


class FileFormatError(GemboardError):
    """A file that cannot be read as what it should be."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {' '.join(reason.split())}")


class PictureError(GemboardError):
    """A picture that is refused; the reason stands alone, so that a row error can carry it."""


class EncoderError(GemboardError):
    """An encoder that cannot be loaded or does not fit the stored features."""


class MissingPackageError(GemboardError):
    """A feature needs a package that this installation left out."""

    def __init__(self, feature: str, package: str) -> None:
        super().__init__(
            f"{feature} needs {package}, which is not installed here: "
            "run `pip install -r requirements.txt`."
        )


class NotFoundError(GemboardError):
    """Something named does not exist."""

    def __init__(self, kind: str, name: object) -> None:
        super().__init__(f"There is no {kind} named {shortened(name)}.")


class NotAllowedError(GemboardError):
    """Someone asked for what their role may not do."""

    def __init__(self, what: str, role: str) -> None:
        article = "an" if role[0] in "aeiou" else "a"
        super().__init__(f"Only {article} {role} or above may {what}.")


class ScoreError(GemboardError):
    """Scores cannot be computed from what is given."""


class MetricUnavailableError(ScoreError):
    """A metric lacks something that it needs here, such as a file; says how to get it."""


class ConflictError(GemboardError):
    """Somebody else put another weight profile into force in the meantime."""

    def __init__(self, active: str, person: str, activated_at: datetime) -> None:
        super().__init__(
            f"{shortened(person)} put {shortened(active)} into force at "
            f"{activated_at:%Y-%m-%d %H:%M:%S} UTC, so nothing was changed. "
            "Look at that profile first, then try again."
        )


class ProjectionCancelledError(GemboardError):
    """A map was stopped before it was ready."""

    def __init__(self) -> None:
        super().__init__("The map was stopped before it was ready; nothing of it was kept.")


def shortened(value: object, limit: int = 80) -> str:
    """`value` in quotes, cut to `limit` characters and to one line, fit for an error message."""
    text = " ".join(str(value).split())
    text = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text[: limit + 1])
    return f"“{text if len(text) <= limit else text[: limit - 1] + '…'}”"


class StarterMixError(GemboardError):
    """The starter world would mix with other data."""

    def __init__(self, found: Mapping[str, int]) -> None:
        there = ", ".join(f"{count:,} {table}" for table, count in found.items())
        super().__init__(
            f"The warehouse holds other data ({there}). Load the starter world into an empty home "
            "(GEMBOARD_HOME), or add it to these data with --mix."
        )
