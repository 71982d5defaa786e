"""Chosen pictures as CSV, as Parquet, or as a zip of the files with their facts beside them."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import polars as pl

from core.errors import PictureError
from warehouse.database import Warehouse
from warehouse.exporters.tables import csv_file, parquet_file
from warehouse.pictures import contained_path

MOST_PICTURES = 1_000  # in one zip
MOST_BYTES = 300 * 2**20


@dataclass(frozen=True)
class ZipSize:
    """What a zip would hold."""

    pictures: int
    bytes: int
    missing: int  # images without a picture that can be read

    @property
    def fits(self) -> bool:
        """Whether it is within the limits."""
        return self.pictures <= MOST_PICTURES and self.bytes <= MOST_BYTES


def picture_export(warehouse: Warehouse, image_ids: Sequence[str]) -> pl.DataFrame:
    """Every fact about the images that are not hidden, one row each, in the order given."""
    wanted = pl.DataFrame(
        {"image_id": list(image_ids), "place": range(len(image_ids))},
        schema={"image_id": pl.String, "place": pl.Int64},
    )
    return warehouse.frame_over("picture_export", {"wanted": wanted})


def as_csv(warehouse: Warehouse, image_ids: Sequence[str]) -> bytes:
    """CSV in UTF-8 with a mark that spreadsheets know; texts that begin a formula get a quote."""
    return csv_file(picture_export(warehouse, image_ids))


def as_parquet(warehouse: Warehouse, image_ids: Sequence[str]) -> bytes:
    """Parquet, with texts as they are."""
    return parquet_file(picture_export(warehouse, image_ids))


def zip_size(warehouse: Warehouse, image_ids: Sequence[str]) -> ZipSize:
    """What a zip of these images would hold; sizes are not looked up beyond the limit."""
    rows = picture_export(warehouse, image_ids)
    named = rows.filter(pl.col("path").is_not_null()).unique("sha256", maintain_order=True)
    if named.height > MOST_PICTURES:
        return ZipSize(named.height, 0, rows.height - rows["path"].count())
    sizes = [size for path in named["path"] if (size := _size(warehouse, path)) is not None]
    return ZipSize(len(sizes), sum(sizes), rows["path"].null_count() + named.height - len(sizes))


def as_zip(warehouse: Warehouse, image_ids: Sequence[str]) -> bytes:
    """A zip of the pictures, named by content, and pictures.csv that says which is which.

    Pictures are stored as they are, since they are compressed already. Raises PictureError where
    they are more than the limits allow.
    """
    size = zip_size(warehouse, image_ids)
    if not size.fits:
        raise PictureError(
            f"{size.pictures:,} pictures are more than one zip takes: at most {MOST_PICTURES:,} "
            f"and {MOST_BYTES // 2**20} MiB."
        )
    rows = picture_export(warehouse, image_ids)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(
            "pictures.csv", as_csv(warehouse, image_ids), compress_type=zipfile.ZIP_DEFLATED
        )
        named = rows.filter(pl.col("path").is_not_null()).unique("sha256", maintain_order=True)
        for path in named["path"]:
            try:
                archive.write(contained_path(warehouse.home, path), path)
            except PictureError:
                continue  # counted as missing by zip_size
    return buffer.getvalue()


def _size(warehouse: Warehouse, path: str) -> int | None:
    try:
        return contained_path(warehouse.home, path).stat().st_size
    except (PictureError, OSError):
        return None
