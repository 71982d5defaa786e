"""`export`: read back by `datasets`, by Parquet readers, and by `import gemrec` into a new home."""

import polars as pl
import pytest

from core.errors import FileFormatError
from tests.warehouse.grids import LARGEST_SEED, image_id, metadata_row, picture
from warehouse.database import open_in_memory
from warehouse.exporters.dataset import export_dataset
from warehouse.importers.gemrec import import_gemrec
from warehouse.scoring import score

HOSTILE = ("a\rb, \"q\" 'q'\n# x\r\ny | 汉服", "=1+1,;\t<b>\\n\\")


@pytest.fixture
def filled(warehouse, settings, grid):
    """Six images, hostile prompts, one image without a picture, two with the same one."""
    for row, text in zip(grid.prompts, HOSTILE, strict=True):
        row |= {"prompt": text, "negativePrompt": text, "note": text}
    grid.models[0] |= {
        "kind": "lora",
        "licence": "openrail",
        "modelVersion_trainedWords": '["a\'b"]',
    }
    for row in grid.models[1:]:
        row |= {"kind": "", "licence": ""}
    grid.metadata[4]["file_name"] = ""
    grid.metadata[1]["file_name"] = grid.metadata[0]["file_name"]
    grid.metadata[2] |= {"cfgScale": "", "sampler": "", "clip_score": 26.123456789012345}
    grid.write()
    import_gemrec(warehouse, grid.roster, grid.promptset, grid.images, settings)
    score(warehouse)
    return warehouse


def test_an_import_of_the_export_into_a_new_home_gives_equal_tables(filled, settings, tmp_path):
    export_dataset(filled, tmp_path / "out")
    gemrec = tmp_path / "out/gemrec"
    again = open_in_memory(tmp_path / "second")
    import_gemrec(again, gemrec / "roster.csv", gemrec / "promptset.csv", gemrec, settings)
    score(again)
    for table in ("models", "prompts", "image_metrics", "image_scores"):
        before, after = (w.select(f"select * from {table} order by all") for w in (filled, again))
        assert after.rows(named=True) == before.rows(named=True), table
    images = "select * exclude created_at from images order by image_id"
    assert again.select(images).rows(named=True) == filled.select(images).rows(named=True)
    for path in again.select("select path from images where path is not null")["path"]:
        assert (again.home / path).read_bytes() == (filled.home / path).read_bytes()
    again.close()


def test_tables_hold_every_relation_as_it_is(filled, tmp_path):
    report = export_dataset(filled, tmp_path / "out")
    files = {path.stem for path in (tmp_path / "out/tables").glob("*.parquet")}
    assert files == {*filled.table_counts(), "image_scores"}
    assert report.tables == len(files)
    images = pl.read_parquet(tmp_path / "out/tables/images.parquet")
    assert set(images["image_id"]) == {image_id(p, m) for p in (1, 2) for m in (1, 2, 3)}
    assert images.schema["seed"] == pl.UInt64
    assert images["seed"].max() == LARGEST_SEED - 1


def test_datasets_reads_the_imagefolder_with_ids_intact(filled, tmp_path, monkeypatch):
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    report = export_dataset(filled, tmp_path / "out")
    assert (report.images, report.pictures, report.missing) == (6, 5, 0)
    dataset = datasets.load_dataset(
        "imagefolder", data_dir=str(tmp_path / "out/imagefolder"), cache_dir=str(tmp_path / "cache")
    )["train"]
    expected = {image_id(p, m) for p in (1, 2) for m in (1, 2, 3)} - {image_id(2, 2)}
    assert sorted(dataset["image_id"]) == sorted(expected)
    for row in dataset:
        assert row["image"].size == (24, 16)
        assert row["prompt"] == HOSTILE[row["prompt_id"] - 1]
    assert {int(row["seed"]) for row in dataset} == {LARGEST_SEED - 1, LARGEST_SEED - 2}


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_a_folder_that_holds_something_is_refused_and_left_alone(filled, tmp_path, kind):
    out = tmp_path / "out"
    if kind == "folder":
        out.mkdir()
    (out / "mine.txt" if kind == "folder" else out).write_text("mine")
    with pytest.raises(FileFormatError, match="not an empty folder"):
        export_dataset(filled, out)
    assert sum(1 for path in tmp_path.joinpath("out").rglob("*")) == (kind == "folder")


def test_an_empty_folder_is_taken(filled, tmp_path):
    (tmp_path / "out").mkdir()
    assert export_dataset(filled, tmp_path / "out").images == 6


def test_an_empty_warehouse_is_exported_too(warehouse, tmp_path):
    report = export_dataset(warehouse, tmp_path / "out")
    assert (report.images, report.pictures) == (0, 0)
    assert pl.read_csv(tmp_path / "out/gemrec/roster.csv").height == 0


def test_missing_picture_files_are_counted_and_the_rest_is_written(filled, tmp_path):
    path = filled.value("select path from images where image_id = $i", {"i": image_id(2, 3)})
    (filled.home / path).unlink()
    report = export_dataset(filled, tmp_path / "out")
    assert (report.images, report.pictures, report.missing) == (6, 4, 1)


def test_a_path_in_the_table_that_leads_out_is_not_followed(filled, tmp_path):
    (tmp_path / "secret.png").write_bytes(picture())
    with filled.cursor() as cursor:
        cursor.execute("update images set path = '../secret.png' where image_id = $1",
                       [metadata_row(2, 1)["image_id"]])  # fmt: skip
    assert export_dataset(filled, tmp_path / "out").missing == 1
    assert not list((tmp_path / "out").rglob("secret*"))
