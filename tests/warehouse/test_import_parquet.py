"""Parquet shards with pictures inside, as the hub stores them and as `datasets` writes them."""

import decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import FileFormatError, GemboardError, RowsRejectedError
from tests.warehouse.grids import LONG_ID, image_id, picture, shard_row, write_shard
from warehouse.importers import hub
from warehouse.importers.gemrec import import_gemrec
from warehouse.importers.parquet import import_parquet
from warehouse.importers.report import Landed

CELLS = [(prompt, model) for prompt in (1, 2) for model in (1, 2, 3)]


@pytest.fixture
def shards(tmp_path):
    """Six images in two shards."""
    folder = tmp_path / "shards"
    write_shard(folder / "train-00000-of-00002.parquet", [shard_row(*c) for c in CELLS[:4]])
    write_shard(folder / "train-00001-of-00002.parquet", [shard_row(*c) for c in CELLS[4:]])
    return folder


def stored_pictures(warehouse):
    """The bytes of each image's stored picture."""
    rows = warehouse.select("select image_id, path from images").rows()
    return {image: path and (warehouse.home / path).read_bytes() for image, path in rows}


def expected_pictures():
    return {image_id(p, m): picture(10 * p + m) for p, m in CELLS}


def test_several_shards_land_with_their_pictures(warehouse, settings, shards):
    report = import_parquet(warehouse, str(shards), settings)
    assert report.tables["images"] == Landed(6)
    assert stored_pictures(warehouse) == expected_pictures()


def test_without_a_roster_prompts_and_models_come_from_the_rows(warehouse, settings, shards):
    report = import_parquet(warehouse, str(shards), settings)
    assert warehouse.select(
        "select prompt_id, prompt, tag, source from prompts order by 1"
    ).rows() == [
        (1, "prompt 1", "animal", "parquet"),
        (2, "prompt 2", "animal", "parquet"),
    ]
    assert warehouse.select(
        "select model_version_id, model_name, model_id from models order by 1"
    ).rows() == [(number, f"Model {number}", 1000 + number) for number in (1, 2, 3)]
    assert "3 models are known by number alone" in report.notes[0]


def test_with_a_roster_its_names_stay(warehouse, settings, shards, grid):
    import_gemrec(warehouse, grid.roster, grid.promptset, None, settings)
    rows = [shard_row(1, 1)]
    report = import_parquet(warehouse, str(write_shard(shards / "a.parquet", rows)), settings)
    assert set(report.tables) == {"images", "image_metrics"}
    assert report.notes == ()
    assert warehouse.value("select model_name from models where model_version_id = 1") == "model 1"


def test_a_second_import_changes_nothing(warehouse, settings, shards):
    import_parquet(warehouse, str(shards), settings)
    again = import_parquet(warehouse, str(shards), settings)
    assert again.changes == 0
    assert again.tables["images"] == Landed(0, 0, 6)


def test_shards_of_the_same_name_in_two_folders_keep_their_pictures(warehouse, settings, tmp_path):
    write_shard(tmp_path / "s/train/0000.parquet", [shard_row(*c) for c in CELLS[:3]])
    write_shard(tmp_path / "s/test/0000.parquet", [shard_row(*c) for c in CELLS[3:]])
    import_parquet(warehouse, str(tmp_path / "s"), settings)
    assert stored_pictures(warehouse) == expected_pictures()


def test_an_id_repeated_in_a_shard_of_the_same_name_is_named(warehouse, settings, tmp_path):
    write_shard(tmp_path / "s/train/0000.parquet", [shard_row(1, 1)])
    write_shard(tmp_path / "s/test/0000.parquet", [shard_row(1, 1)])
    with pytest.raises(RowsRejectedError, match=r"image_id.*repeats .*0000\.parquet, row 1"):
        import_parquet(warehouse, str(tmp_path / "s"), settings)


@pytest.mark.parametrize("kind", ["decimal", "string", "integer"])
def test_ids_are_kept_whatever_type_they_have(warehouse, settings, tmp_path, kind):
    number, column = {
        "decimal": (LONG_ID, pa.array([decimal.Decimal(LONG_ID)], pa.decimal256(39, 0))),
        "string": (LONG_ID, pa.array([str(LONG_ID)])),
        "integer": (12345, pa.array([12345], pa.int64())),
    }[kind]
    table = pa.Table.from_pylist([shard_row(1, 1)])
    place = table.column_names.index("image_id")
    pq.write_table(table.set_column(place, "image_id", column), tmp_path / "a.parquet")
    import_parquet(warehouse, str(tmp_path / "a.parquet"), settings)
    assert warehouse.value("select image_id from images") == str(number)


def test_an_id_stored_as_a_float_is_refused_as_rounded(warehouse, settings, tmp_path):
    write_shard(tmp_path / "a.parquet", [shard_row(1, 1, image_id=float(LONG_ID))])
    with pytest.raises(RowsRejectedError, match=r"image_id.*3\.4028.*e\+38.*rounded"):
        import_parquet(warehouse, str(tmp_path / "a.parquet"), settings)


@pytest.mark.parametrize(
    "cell",
    [
        {"bytes": b"not a picture", "path": "a.png"},
        {"bytes": b"", "path": "a.png"},
        {"bytes": None, "path": "a.png"},
        {"bytes": picture(3, form="JPEG"), "path": "a.png"},
        None,
    ],
)
def test_a_bad_picture_refuses_everything_and_is_named(warehouse, settings, tmp_path, cell):
    rows = [shard_row(1, 1), shard_row(1, 2, image=cell), shard_row(1, 3)]
    path = write_shard(tmp_path / "a.parquet", rows)
    with pytest.raises(RowsRejectedError, match=r"a\.parquet, row 2, column image"):
        import_parquet(warehouse, str(path), settings)
    assert sum(warehouse.table_counts()[name] for name in ("images", "prompts", "models")) == 0
    report = import_parquet(warehouse, str(path), settings, skip_bad=True)
    assert (report.rejected, report.tables["images"]) == (1, Landed(2))
    assert set(stored_pictures(warehouse)) == {image_id(1, 1), image_id(1, 3)}
    assert warehouse.table_counts()["models"] == 2, "no model without a picture of its own"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("seed", -1),
        ("size", "big"),
        ("prompt_id", None),
        ("modelVersion_id", -4),
        ("clip_score", float("inf")),
        ("model_id", -2),
        ("prompt", "x" * 30_000),
    ],
)
def test_a_bad_cell_is_named_and_can_be_skipped(warehouse, settings, tmp_path, column, value):
    path = write_shard(
        tmp_path / "a.parquet", [shard_row(1, 1), shard_row(2, 2, **{column: value})]
    )
    with pytest.raises(RowsRejectedError, match=rf"a\.parquet, row 2, column {column}: ") as caught:
        import_parquet(warehouse, str(path), settings)
    assert caught.value.count == 1
    report = import_parquet(warehouse, str(path), settings, skip_bad=True)
    assert report.rejected == 1
    assert set(stored_pictures(warehouse)) == {image_id(1, 1)}


def test_rows_that_disagree_on_a_prompt_are_named(warehouse, settings, tmp_path):
    rows = [shard_row(1, 1), shard_row(1, 2, prompt="something else")]
    path = write_shard(tmp_path / "a.parquet", rows)
    with pytest.raises(RowsRejectedError, match=r"row 2, column prompt: “something else”"):
        import_parquet(warehouse, str(path), settings)


def test_a_row_that_disagrees_with_the_warehouses_prompt_is_named(
    warehouse, settings, shards, tmp_path
):
    import_parquet(warehouse, str(shards), settings)
    path = write_shard(tmp_path / "a.parquet", [shard_row(1, 9, prompt="something else")])
    with pytest.raises(RowsRejectedError, match=r"row 1, column prompt: “something else”"):
        import_parquet(warehouse, str(path), settings)


def test_a_row_without_a_known_prompt_or_its_text_is_named(warehouse, settings, tmp_path):
    path = write_shard(tmp_path / "a.parquet", [shard_row(1, 1, prompt=None)])
    with pytest.raises(RowsRejectedError, match="row 1, column prompt_id"):
        import_parquet(warehouse, str(path), settings)


@pytest.mark.parametrize(
    "data", [b"", b"PAR1", b"no parquet at all", b"PAR1" + b"\xff" * 200 + b"\xc8\0\0\0PAR1"]
)
def test_a_broken_shard_is_named(warehouse, settings, tmp_path, data):
    (tmp_path / "a.parquet").write_bytes(data)
    with pytest.raises(FileFormatError, match=r"a\.parquet"):
        import_parquet(warehouse, str(tmp_path / "a.parquet"), settings)


def test_a_shard_with_a_broken_page_is_named(warehouse, settings, tmp_path):
    path = write_shard(tmp_path / "a.parquet", [shard_row(1, 1)])
    data = bytearray(path.read_bytes())
    data[4:60] = b"\xff" * 56
    path.write_bytes(bytes(data))
    with pytest.raises(FileFormatError, match=r"a\.parquet"):
        import_parquet(warehouse, str(path), settings)


def test_a_shard_that_lacks_a_column_is_named(warehouse, settings, tmp_path):
    row = shard_row(1, 1)
    del row["image_id"]
    path = write_shard(tmp_path / "a.parquet", [row])
    with pytest.raises(FileFormatError, match="lacks column image_id"):
        import_parquet(warehouse, str(path), settings)


def test_an_image_column_of_another_type_is_named(warehouse, settings, tmp_path):
    path = write_shard(tmp_path / "a.parquet", [shard_row(1, 1, image="a.png")])
    with pytest.raises(FileFormatError, match="not a struct with bytes"):
        import_parquet(warehouse, str(path), settings)


def test_a_folder_without_shards_is_named(warehouse, settings, tmp_path):
    with pytest.raises(FileFormatError, match=r"holds no \.parquet file"):
        import_parquet(warehouse, str(tmp_path), settings)


@pytest.mark.parametrize(
    "name", ["no/such/folder", "nothing", "/no/where.parquet", "a--b/c..d", "data/missing.parquet"]
)
def test_a_path_that_is_nothing_is_named_without_asking_the_hub(
    warehouse, settings, monkeypatch, name
):
    import huggingface_hub

    asked = []
    monkeypatch.setattr(
        huggingface_hub, "snapshot_download", lambda *args, **kwargs: asked.append(args)
    )
    with pytest.raises(GemboardError):
        import_parquet(warehouse, name, settings)
    assert asked == []


def test_a_hub_id_is_fetched_and_imported(warehouse, settings, monkeypatch, shards):
    import huggingface_hub

    asked = []

    def snapshot_download(name, **options):
        asked.append((name, options["repo_type"]))
        return str(shards)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    report = import_parquet(warehouse, "MAPS-research/GEMRec-PromptBook", settings)
    assert asked == [("MAPS-research/GEMRec-PromptBook", "dataset")]
    assert report.tables["images"] == Landed(6)


def test_a_hub_out_of_reach_is_told_with_the_way_out(monkeypatch):
    import huggingface_hub

    def snapshot_download(name, **options):
        raise OSError("no route\nto host")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    with pytest.raises(FileFormatError, match=r"no route to host.*folder instead"):
        hub.dataset_folder("MAPS-research/GEMRec-PromptBook")


def test_what_datasets_writes_is_read(warehouse, settings, tmp_path):
    datasets = pytest.importorskip("datasets")
    rows = [shard_row(*cell) for cell in CELLS]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    dataset = datasets.Dataset.from_dict(columns).cast_column("image", datasets.Image())
    dataset.to_parquet(tmp_path / "written.parquet")
    report = import_parquet(warehouse, str(tmp_path / "written.parquet"), settings)
    assert report.tables["images"] == Landed(6)
    assert stored_pictures(warehouse) == expected_pictures()
