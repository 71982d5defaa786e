"""Chosen pictures as CSV, Parquet and zip."""

import csv
import io
import zipfile

import polars as pl
import pytest

from core.errors import PictureError
from tests import seeding
from warehouse.exporters import pictures as exporters

IDS = ["p2-m1-s2", "p1-m2-s1", seeding.MISSING_ID]


@pytest.fixture
def filled(warehouse):
    seeding.fill(warehouse)
    return warehouse


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_rows_are_those_asked_for_in_their_order(filled):
    rows = rows_of(exporters.as_csv(filled, [*IDS, seeding.HIDDEN_ID, "nobody"]))
    assert [row["image_id"] for row in rows] == IDS, "hidden and unknown ones are left out"
    assert rows[1]["model_name"] == "Model 2"
    assert rows[1]["seed"] == str(2**40 + 1)
    assert float(rows[1]["gre"]) == pytest.approx(
        filled.value("select gre from image_scores where image_id = 'p1-m2-s1'")
    )


@pytest.mark.parametrize("start", list("=+-@\t\r\n"))
def test_formulas_are_defused_in_csv_alone(filled, start):
    with filled.cursor() as cursor:
        cursor.execute(
            "update models set model_name = $name where model_version_id = 2",
            {"name": f"{start}cmd|' /C calc'!A0"},
        )
    assert rows_of(exporters.as_csv(filled, IDS))[1]["model_name"][:2] == f"'{start}"
    plain = pl.read_parquet(io.BytesIO(exporters.as_parquet(filled, IDS)))
    assert plain["model_name"][1].startswith(start)


def test_numbers_below_zero_stay_numbers(filled):
    with filled.cursor() as cursor:
        cursor.execute("update scored_metrics set value = -3.5 where metric = 'clip'")
    assert float(rows_of(exporters.as_csv(filled, IDS))[1]["clip_score"]) == -3.5


def test_a_zip_holds_every_picture_once_and_says_which_is_which(filled):
    with zipfile.ZipFile(io.BytesIO(exporters.as_zip(filled, IDS + IDS[:1]))) as archive:
        names = set(archive.namelist())
        rows = rows_of(archive.read("pictures.csv"))
        assert {row["path"] for row in rows if row["path"]} == names - {"pictures.csv"}
        for name in names - {"pictures.csv"}:
            assert archive.read(name) == (filled.home / name).read_bytes()
    assert len(names) == 3, "two pictures and the table"


def test_the_size_is_known_before(filled):
    size = exporters.zip_size(filled, IDS)
    assert (size.pictures, size.missing, size.fits) == (2, 1, True)
    assert size.bytes == sum(
        (filled.home / path).stat().st_size
        for path in exporters.picture_export(filled, IDS)["path"].drop_nulls()
    )


def test_a_file_that_is_gone_is_counted_as_missing_and_left_out(filled):
    path = exporters.picture_export(filled, IDS)["path"][0]
    (filled.home / path).unlink()
    assert exporters.zip_size(filled, IDS).missing == 2
    with zipfile.ZipFile(io.BytesIO(exporters.as_zip(filled, IDS))) as archive:
        assert path not in archive.namelist()


@pytest.mark.parametrize(("limit", "value"), [("MOST_PICTURES", 1), ("MOST_BYTES", 10)])
def test_more_than_a_zip_takes_is_refused_in_words(filled, monkeypatch, limit, value):
    monkeypatch.setattr(exporters, limit, value)
    assert not exporters.zip_size(filled, IDS).fits
    with pytest.raises(PictureError, match="at most"):
        exporters.as_zip(filled, IDS)
