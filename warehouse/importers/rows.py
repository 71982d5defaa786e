"""Rows of a foreign table, read with the place of every cell, so that a bad one can be named."""

import ast
import csv
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from core.errors import FileFormatError, RowError

CELL_LIMIT = 10_000_000  # characters; longer cells are no CSV that anybody meant
SHORT_TEXT = 2_000  # names and the like; prompts may be longer, and may turn
SEED_MAX = 2**64 - 1
BIGINT_MAX = 2**63 - 1
_ROUNDED = re.compile(r"^\d(\.\d+)?[eE][+]?\d+$")
_SIZE = re.compile(r"^\s*(\d{1,5})\s*[xX×]\s*(\d{1,5})\s*$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # and half pairs
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TRUE, _FALSE = {"true", "1", "yes"}, {"false", "0", "no", ""}


@dataclass(frozen=True)
class Row:
    """One row of `file`; `number` counts as a spreadsheet does, the header being row 1."""

    file: str
    number: int
    cells: Mapping[str, str]
    problem: str | None = None  # why the row cannot be read at all

    def error(self, column: str, reason: str) -> RowError:
        """The error that names this row's cell in `column`."""
        return RowError(self.file, self.number, column, self.cells.get(column, ""), reason)

    def text(self, column: str, limit: int = 20_000) -> str | None:
        """The cell's text without outer blanks; None when it is blank or absent."""
        value = self.cells.get(column, "").strip()
        if len(value) > limit:
            raise self.error(column, f"is longer than {limit} characters")
        if _CONTROL.search(value):
            raise self.error(column, "holds a control character")
        if limit <= SHORT_TEXT and _DIRECTION.search(value):
            raise self.error(column, "holds a character that turns the direction of the text")
        return value or None

    def required_text(self, column: str, limit: int = 20_000) -> str:
        """Like `text`, but a blank cell is an error."""
        value = self.text(column, limit)
        if value is None:
            raise self.error(column, "is blank")
        return value

    def identifier(self, column: str) -> str:
        """An id kept as text, digit by digit; refuses one that a spreadsheet rounded."""
        value = self.required_text(column, limit=200)
        if _ROUNDED.match(value):
            raise self.error(column, "was rounded by a spreadsheet: save the file with ids as text")
        return value

    def integer(self, column: str, low: int = 0, high: int = BIGINT_MAX) -> int | None:
        """A whole number from `low` to `high`; None when the cell is blank."""
        value = self.text(column, limit=200)
        if value is None:
            return None
        if _ROUNDED.match(value):
            raise self.error(column, "was rounded by a spreadsheet: save the file with ids as text")
        try:
            number = int(value.replace("_", "?"))  # Python's own digit groups are no one else's
        except ValueError:
            raise self.error(column, "is not a whole number") from None
        if not low <= number <= high:
            raise self.error(column, f"is not between {low} and {high}")
        return number

    def required_integer(self, column: str, low: int = 0, high: int = BIGINT_MAX) -> int:
        """Like `integer`, but a blank cell is an error."""
        value = self.integer(column, low, high)
        if value is None:
            raise self.error(column, "is blank")
        return value

    def seed(self, column: str) -> int | None:
        """A seed of up to 64 bits."""
        return self.integer(column, 0, SEED_MAX)

    def decimal(self, column: str) -> float | None:
        """A finite number; None when the cell is blank."""
        value = self.text(column, limit=200)
        if value is None:
            return None
        try:
            number = float(value.replace("_", "?"))
        except ValueError:
            raise self.error(column, "is not a number") from None
        if not math.isfinite(number):
            raise self.error(column, "is not a finite number")
        return number

    def size(self, column: str) -> tuple[int, int] | tuple[None, None]:
        """A `WIDTHxHEIGHT` in pixels; (None, None) when the cell is blank."""
        value = self.text(column, limit=200)
        if value is None:
            return None, None
        match = _SIZE.match(value)
        if not match or int(match[1]) == 0 or int(match[2]) == 0:
            raise self.error(column, "is not a size as WIDTHxHEIGHT")
        return int(match[1]), int(match[2])

    def flag(self, column: str) -> bool:
        """True or false; blank is false."""
        value = self.cells.get(column, "").strip().lower()
        if value in _TRUE:
            return True
        if value in _FALSE:
            return False
        raise self.error(column, "is neither true nor false")

    def choice(self, column: str, choices: tuple[str, ...], default: str) -> str:
        """One of `choices`; `default` when the cell is blank."""
        value = (self.text(column, limit=200) or default).lower()
        if value not in choices:
            raise self.error(column, f"is none of {', '.join(choices)}")
        return value

    def piped(self, column: str) -> tuple[str, ...]:
        """A list written as `a|b|c`."""
        return unique(part.strip() for part in (self.text(column) or "").split("|"))

    def listed(self, column: str) -> tuple[str, ...]:
        """A list of texts written as Python or JSON writes it."""
        value = self.text(column)
        if value is None:
            return ()
        try:
            parsed = ast.literal_eval(value)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            raise self.error(column, "is not a list of texts") from None
        if not isinstance(parsed, list) or not all(isinstance(item, str) for item in parsed):
            raise self.error(column, "is not a list of texts")
        if any(_CONTROL.search(item) for item in parsed):
            raise self.error(column, "holds a control character")
        return unique(item.strip() for item in parsed)


def unique(items: Iterable[str]) -> tuple[str, ...]:
    """The items that are not blank, each once, in order."""
    return tuple(dict.fromkeys(item for item in items if item))


def read_csv(path: Path, required: Iterable[str], delimiter: str = ",") -> Iterator[Row]:
    """Rows of a CSV file in UTF-8. Raises FileFormatError when it is none or lacks a column."""
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(())
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, delimiter=delimiter, strict=True)
            header = [name.strip() for name in next(reader, [])]
            check_columns(path.name, header, required)
            for number, cells in enumerate(reader, start=2):
                if not any(cell.strip() for cell in cells):
                    continue
                problem = None
                if len(cells) != len(header):
                    problem = f"has {len(cells)} cells where the header has {len(header)}"
                values = dict(zip_longest(header, cells[: len(header)], fillvalue=""))
                yield Row(path.name, number, values, problem)
    except FileNotFoundError:
        raise FileFormatError(str(path), "there is no such file.") from None
    except IsADirectoryError:
        raise FileFormatError(str(path), "is a folder, not a CSV file.") from None
    except UnicodeDecodeError:
        raise FileFormatError(
            path.name, f"is not UTF-8 text (line {_first_bad_line(path)}); save it as UTF-8."
        ) from None
    except csv.Error as error:
        raise FileFormatError(
            path.name, f"is not a CSV file: {error} (line {reader.line_num})."
        ) from None


def read_header(path: Path) -> list[str]:
    """Column names of a CSV file that `read_csv` took."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [name.strip() for name in next(csv.reader(stream), [])]


def _first_bad_line(path: Path) -> int:
    """The first line that is not UTF-8; the stream that met it counts from its own buffer."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 1


def check_columns(file: str, header: list[str], required: Iterable[str]) -> None:
    """Raise FileFormatError where a column is missing or stands twice."""
    missing = [name for name in required if name not in header]
    if missing:
        found = ", ".join(header[:20]) or "none"
        raise FileFormatError(file, f"lacks column {', '.join(missing)}; it has {found}.")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise FileFormatError(file, f"has column {', '.join(twice)} twice.")
