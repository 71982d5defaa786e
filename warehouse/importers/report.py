"""What an import did, and the rows it refused."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from core.errors import RowError, RowsRejectedError
from warehouse.importers.rows import Row

T = TypeVar("T")
Progress = Callable[[str, int, int], None]  # what, done, of how many


@dataclass(frozen=True)
class Landed:
    """Rows of one table."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class ImportReport:
    """The outcome of one import, by table."""

    tables: dict[str, Landed]
    rejected: int = 0
    rejects_file: Path | None = None
    notes: tuple[str, ...] = ()

    @property
    def changes(self) -> int:
        """Rows added or changed."""
        return sum(landed.added + landed.changed for landed in self.tables.values())


@dataclass
class Rejects:
    """Bad rows as they are met; each row is refused once, for the first thing wrong with it."""

    errors: list[tuple[Row, RowError]] = field(default_factory=list)

    def add(self, row: Row, error: RowError) -> None:
        """Note that `row` is refused."""
        self.errors.append((row, error))

    def parse(self, rows: Iterable[Row], parser: Callable[[Row], T]) -> list[tuple[Row, T]]:
        """The rows that `parser` takes, with what it made of them; the others are noted."""
        good = []
        for row in rows:
            try:
                if row.problem:
                    first = next(iter(row.cells), "")
                    raise row.error(first, row.problem)
                good.append((row, parser(row)))
            except RowError as error:
                self.add(row, error)
        return good

    def keep(
        self, rows: Iterable[tuple[Row, T]], check: Callable[[Row, T], RowError | None]
    ) -> list[tuple[Row, T]]:
        """The rows with which `check` finds nothing wrong; the others are noted."""
        good = []
        for row, parsed in rows:
            error = check(row, parsed)
            if error is None:
                good.append((row, parsed))
            else:
                self.add(row, error)
        return good

    def raise_unless(self, skip_bad: bool) -> None:
        """Raise RowsRejectedError when there are bad rows and they may not be skipped."""
        if self.errors and not skip_bad:
            raise RowsRejectedError(self.errors[0][1], len(self.errors))

    def write(self, folder: Path) -> Path | None:
        """Write the bad rows with their reasons to a CSV in `folder`; None when there are none."""
        if not self.errors:
            return None
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"rejected-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.csv"
        columns = list(dict.fromkeys(name for row, _ in self.errors for name in row.cells))
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(
                ["rejected_file", "rejected_row", "rejected_column", "reason", *columns]
            )
            for row, error in self.errors:
                place = [error.file, error.row, error.column, error.reason]
                writer.writerow([*place, *(row.cells.get(name, "") for name in columns)])
        return path
