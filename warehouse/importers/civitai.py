"""A roster read from Civitai's API, as rows of the warehouse and as GEMRec's CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import FileFormatError
from core.generation.civitai import PAGE_LIMIT, RosterRow, first_versions, read_page
from warehouse.database import Warehouse
from warehouse.importers.report import ImportReport
from warehouse.importers.rows import unique
from warehouse.landing import land
from warehouse.records import ModelRecord

COLUMNS = (  # of GEMRec's roster, and kind, which `import gemrec` reads too
    "tag",
    "model_name",
    "model_id",
    "modelVersion_name",
    "modelVersion_id",
    "modelVersion_url",
    "modelVersion_trainedWords",
    "model_download_count",
    "baseModel",
    "kind",
)
CELL_LIMIT = 20_000  # characters, as importers take


@dataclass(frozen=True)
class HubRoster:
    """Models of one or more pages, each once, and what was left out."""

    models: tuple[ModelRecord, ...]
    pages: int
    refused: tuple[str, ...]  # one sentence each
    skipped: tuple[tuple[str, int], ...]  # types that make no pictures by themselves, and counts
    unsafe: int  # left out because the hub marks them as NSFW


@dataclass(frozen=True)
class Wanted:
    """Which model versions are taken."""

    most: int | None = None
    kinds: frozenset[str] = frozenset({"checkpoint", "lora"})
    base_model: str | None = None
    newest_alone: bool = False  # of each model the version that is listed first
    with_unsafe: bool = False


def read_pages(pages: Iterable[tuple[str, str]], wanted: Wanted) -> HubRoster:
    """The roster of pages, given as text and name; no page beyond `most` models is asked for.

    Raises FileFormatError at a page that is no response of the API.
    """
    models: dict[int, ModelRecord] = {}
    refused: list[str] = []
    skipped: dict[str, int] = {}
    unsafe: set[int] = set()
    count = 0
    for text, source in pages:
        count += 1
        page = read_page(text, source)
        refused.extend(page.refused)
        for kind, number in page.skipped:
            skipped[kind] = skipped.get(kind, 0) + number
        for row in first_versions(page.rows) if wanted.newest_alone else page.rows:
            if not _fits(row, wanted):
                continue
            if row.nsfw and not wanted.with_unsafe:
                unsafe.add(row.model_version_id)
                continue
            try:
                models.setdefault(row.model_version_id, model_record(row))
            except FileFormatError as error:
                refused.append(f"{source}: {error}")
        if wanted.most is not None and len(models) >= wanted.most:
            break
    taken = tuple(models.values())[: wanted.most]
    return HubRoster(taken, count, tuple(refused), tuple(sorted(skipped.items())), len(unsafe))


def saved_pages(paths: Iterable[Path]) -> Iterable[tuple[str, str]]:
    """Texts and names of saved responses. Raises FileFormatError."""
    for path in paths:
        try:
            if path.stat().st_size > 4 * PAGE_LIMIT:  # bytes of a character in UTF-8
                raise FileFormatError(path.name, f"is longer than {PAGE_LIMIT:,} characters.")
            yield path.read_text(encoding="utf-8-sig"), path.name
        except UnicodeDecodeError:
            raise FileFormatError(path.name, "is not UTF-8 text; save it as it came.") from None
        except OSError as error:
            raise FileFormatError(str(path), f"cannot be read: {error.strerror}.") from None


def model_record(row: RosterRow) -> ModelRecord:
    """A model version as the warehouse holds it, the same as by way of the CSV.

    Raises FileFormatError where its tags or words are too long for that.
    """
    model = ModelRecord(
        model_version_id=row.model_version_id,
        model_name=row.model_name,
        model_id=row.model_id,
        version_name=row.version_name,
        base_model=row.base_model,
        kind=row.kind,
        tags=unique(part.strip() for tag in row.tags for part in tag.split("|")),
        trained_words=row.trained_words,
        downloads=row.downloads,
        url=row.url,
    )
    for column, cell in zip(COLUMNS, _cells(model), strict=True):
        if len(cell) > CELL_LIMIT:
            raise FileFormatError(
                f"Model version {row.model_version_id}",
                f"{column} is longer than {CELL_LIMIT:,} characters.",
            )
    return model


def roster_text(models: Iterable[ModelRecord]) -> str:
    """The CSV that `import gemrec --roster` reads."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_cells, models))
    return stream.getvalue()


def import_roster(
    warehouse: Warehouse, models: Sequence[ModelRecord], subject: str
) -> ImportReport:
    """Land the models, all or nothing."""
    return ImportReport(land(warehouse, "import civitai", subject, models=models))


def _fits(row: RosterRow, wanted: Wanted) -> bool:
    base = wanted.base_model
    return row.kind in wanted.kinds and (
        base is None or (row.base_model or "").casefold() == base.strip().casefold()
    )


def _cells(model: ModelRecord) -> tuple[str, ...]:
    values = (
        "|".join(model.tags),
        model.model_name,
        model.model_id,
        model.version_name,
        model.model_version_id,
        model.url,
        repr(list(model.trained_words)),  # as the roster's own are written
        model.downloads,
        model.base_model,
        model.kind,
    )
    return tuple("" if value is None else str(value) for value in values)
