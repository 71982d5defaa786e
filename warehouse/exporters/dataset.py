"""The whole warehouse as Parquet tables, an imagefolder, and GEMRec's own CSV layout."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from core.errors import PictureError
from warehouse.database import Warehouse
from warehouse.exporters.folder import make_empty
from warehouse.importers.report import Progress
from warehouse.importers.rows import BIGINT_MAX
from warehouse.pictures import contained_path


@dataclass(frozen=True)
class ExportReport:
    """What was written."""

    folder: str
    tables: int
    images: int
    pictures: int
    missing: int


def export_dataset(
    warehouse: Warehouse, folder: Path, on_progress: Progress | None = None
) -> ExportReport:
    """Write everything to `folder`, which must be new or empty. Raises FileFormatError if not."""
    make_empty(folder)
    tables = _write_tables(warehouse, folder / "tables")
    metadata = warehouse.frame("export_metadata")
    names, missing = _copy_pictures(warehouse, metadata, folder, on_progress)
    metadata = metadata.drop("path").insert_column(0, pl.Series("file_name", names, pl.String))
    pictured = metadata.filter(pl.col("file_name").is_not_null())
    if pictured.height:
        fits = pictured.filter(
            pl.col("seed") > BIGINT_MAX
        ).is_empty()  # `datasets` knows no ubigint
        pictured.with_columns(pl.col("seed").cast(pl.Int64 if fits else pl.String)).write_parquet(
            folder / "imagefolder" / "metadata.parquet"
        )
    _write_gemrec(warehouse, metadata, folder / "gemrec")
    return ExportReport(str(folder), tables, metadata.height, pictured.height, missing)


def _write_tables(warehouse: Warehouse, folder: Path) -> int:
    folder.mkdir()
    names = [*warehouse.table_counts(), "image_scores"]
    with warehouse.cursor() as cursor:
        for name in names:
            cursor.table(name).pl().write_parquet(folder / f"{name}.parquet")
    return len(names)


def _copy_pictures(
    warehouse: Warehouse, metadata: pl.DataFrame, folder: Path, on_progress: Progress | None
) -> tuple[list[str | None], int]:
    """Copy each picture once, linked into both layouts; names are those of the store."""
    (folder / "imagefolder").mkdir()
    (folder / "gemrec" / "images").mkdir(parents=True)
    names: list[str | None] = []
    missing = 0
    for done, path in enumerate(metadata["path"], start=1):
        name = None
        if path is not None:
            try:
                picture = contained_path(warehouse.home, path)
                name = f"images/{picture.name}"
                _copy(picture, folder / "imagefolder" / name, folder / "gemrec" / name)
            except PictureError:
                missing += 1
        names.append(name)
        if on_progress:
            on_progress("pictures", done, metadata.height)
    return names, missing


def _copy(picture: Path, copy: Path, second: Path) -> None:
    copy.parent.mkdir(exist_ok=True)
    if copy.exists():
        return
    shutil.copyfile(picture, copy)
    try:
        os.link(copy, second)
    except OSError:  # a file system without links
        shutil.copyfile(picture, second)


def _write_gemrec(warehouse: Warehouse, metadata: pl.DataFrame, folder: Path) -> None:
    metadata.write_csv(folder / "metadata.csv")
    roster = warehouse.frame("export_roster")
    words = pl.Series(
        "modelVersion_trainedWords", [repr(w) for w in roster["trained_words"].to_list()]
    )
    roster.drop("trained_words").insert_column(6, words).write_csv(folder / "roster.csv")
    warehouse.frame("export_promptset").write_csv(folder / "promptset.csv")
