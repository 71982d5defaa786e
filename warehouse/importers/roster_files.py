"""Rosters in files, to draw from: GEMRec's CSV, or the same as JSON."""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from core.errors import FileFormatError
from core.generation.popularity import Candidate, Draw, DrawError, draw_roster
from warehouse.importers.conflicts import repeated
from warehouse.importers.gemrec import ROSTER_COLUMNS, read_model
from warehouse.importers.report import Rejects
from warehouse.importers.rows import Row, check_columns, read_csv

TAGS, DOWNLOADS = "tag", "model_download_count"
JSON_LIMIT = 256 * 1024 * 1024  # bytes; 500,000 models have about 200 MiB
_HALF = re.compile("[\ud800-\udfff]")
_NEEDED = (*ROSTER_COLUMNS, DOWNLOADS)


class Roster:
    """Models that may be drawn, each with its row as the file wrote it."""

    def __init__(self, rows: Mapping[int, Row], downloads: Mapping[int, int], bad: int) -> None:
        self._rows = rows
        self._downloads = downloads
        self.bad = bad  # rows that were left out

    def __len__(self) -> int:
        return len(self._rows)

    def draw(self, n: int, seed: int, *, keep: Sequence[int], bins_per_decade: int) -> Draw:
        """`n` models over bins of like popularity. Raises DrawError."""
        candidates = [Candidate(*each) for each in self._downloads.items()]
        return draw_roster(candidates, n, seed, keep=keep, bins_per_decade=bins_per_decade)

    def rows(self, draw: Draw) -> list[dict[str, str]]:
        """The cells of the models drawn, in the order of the file."""
        drawn = set(draw.model_version_ids)
        return [dict(row.cells) for number, row in self._rows.items() if number in drawn]


def read_roster(path: Path, *, skip_bad: bool = False) -> Roster:
    """The roster in a CSV or JSON file.

    Raises FileFormatError, and DrawError at a bad row unless `skip_bad`, which leaves it out; a
    model whose downloads nobody tells is one, since it has no place among the bins.
    """
    rejects = Rejects()
    is_json = path.suffix.lower() == ".json"
    rows = _json_rows(path) if is_json else read_csv(path, _NEEDED)
    taken = rejects.parse(rows, _candidate)
    taken = rejects.keep(taken, repeated(lambda _, found: str(found[0]), "modelVersion_id"))
    if rejects.errors and not skip_bad:
        count = len(rejects.errors)
        more = f" ({count - 1:,} more bad rows)" if count > 1 else ""
        raise DrawError(
            f"{rejects.errors[0][1]}{more}. Nothing was drawn; --skip-bad draws from the good rows."
        )
    return Roster(
        {number: row for row, (number, _) in taken},
        {number: downloads for _, (number, downloads) in taken},
        len(rejects.errors),
    )


def write_rows(rows: Sequence[Mapping[str, str]], stream: Any) -> None:
    """Rows as CSV, with the columns that they came with."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def _candidate(row: Row) -> tuple[int, int]:
    model = read_model(row)
    if model.downloads is None:
        raise row.error(DOWNLOADS, "is blank, and models are drawn by their downloads")
    return model.model_version_id, model.downloads


def _json_rows(path: Path) -> Iterator[Row]:
    content = _parsed(path)
    if isinstance(content, dict) and "items" in content:
        raise FileFormatError(
            path.name,
            "is a page of Civitai's API: `roster civitai FILE... --out roster.csv` makes a roster "
            "of such pages, which can be drawn from.",
        )
    if not isinstance(content, list):
        raise FileFormatError(path.name, "is no list of models.")
    for number, item in enumerate(content, start=1):
        if not isinstance(item, dict):
            yield Row(path.name, number, {_NEEDED[0]: str(item)[:200]}, "is no JSON object")
            continue
        if number == 1:
            check_columns(path.name, list(item), _NEEDED)
        cells = {key: _cell(key, value) for key, value in item.items()}
        halves = any(_HALF.search(text) for pair in cells.items() for text in pair)
        yield Row(path.name, number, cells, "holds half a character" if halves else None)


def _cell(column: str, value: object) -> str:
    """A value as the CSV would write it."""
    if value is None:
        return ""
    if isinstance(value, list):
        listed = [str(each) for each in value]
        return "|".join(listed) if column == TAGS else repr(listed)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _parsed(path: Path) -> Any:
    try:
        if path.stat().st_size > JSON_LIMIT:
            raise FileFormatError(path.name, f"is longer than {JSON_LIMIT:,} bytes.")
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise FileFormatError(path.name, "is not UTF-8 text; save it as UTF-8.") from None
    except OSError as error:
        raise FileFormatError(str(path), f"cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise FileFormatError(path.name, "is not JSON.") from None
