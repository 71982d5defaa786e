"""Any folder of pictures with a CSV: files matched to prompts and models, always the same."""

import pytest

from core.errors import FileFormatError, RowsRejectedError
from tests.warehouse.grids import picture, write_csv
from warehouse.importers.folder import OWN_MODEL_IDS_FROM, import_folder
from warehouse.importers.gemrec import import_gemrec
from warehouse.importers.report import Landed


@pytest.fixture
def folder(tmp_path):
    """Three pictures."""
    path = tmp_path / "mine"
    (path / "sub").mkdir(parents=True)
    for number, name in enumerate(("a.png", "b.png", "sub/c.png")):
        (path / name).write_bytes(picture(number))
    return path


def rows(**changes):
    listed = [
        {"file": "a.png", "prompt": "a cat", "model": "one", "seed": 2**64 - 1, "tag": "animal"},
        {"file": "b.png", "prompt": "a cat", "model": "two", "seed": "", "tag": "animal"},
        {"file": "sub/c.png", "prompt": "a dog", "model": "one", "seed": 5, "tag": ""},
    ]
    return [row | changes for row in listed]


def run(warehouse, folder, listed, settings, **options):
    table = write_csv(folder / "list.csv", listed)
    return import_folder(warehouse, folder, table, settings, source="mine", **options)


def test_prompts_and_models_are_met_by_text_and_name(warehouse, folder, settings):
    report = run(warehouse, folder, rows(), settings)
    assert report.tables == {"models": Landed(2), "prompts": Landed(2), "images": Landed(3)}
    landed = warehouse.select(
        "select prompt, tag, model_name, images.seed, images.source, images.width "
        "from images join prompts using (prompt_id) join models using (model_version_id) "
        "order by all"
    )
    assert landed.rows() == [
        ("a cat", "animal", "one", 2**64 - 1, "mine", 24),
        ("a cat", "animal", "two", None, "mine", 24),
        ("a dog", None, "one", 5, "mine", 24),
    ]


def test_new_models_get_numbers_that_no_hub_gives(warehouse, folder, settings, grid):
    import_gemrec(warehouse, grid.roster, grid.promptset, None, settings)
    run(warehouse, folder, rows(), settings)
    new = warehouse.select("select model_version_id from models where model_name in ('one', 'two')")
    assert new["model_version_id"].min() >= OWN_MODEL_IDS_FROM
    assert warehouse.value("select min(prompt_id) from prompts where source = 'mine'") == 3


def test_a_second_import_changes_nothing(warehouse, folder, settings):
    run(warehouse, folder, rows(), settings)
    again = run(warehouse, folder, rows(), settings)
    assert (again.changes, again.tables["images"]) == (0, Landed(0, 0, 3))


def test_more_rows_later_join_the_models_and_prompts_there_are(warehouse, folder, settings):
    run(warehouse, folder, rows()[:1], settings)
    report = run(warehouse, folder, rows(), settings)
    assert report.tables == {"models": Landed(1), "prompts": Landed(1), "images": Landed(2, 0, 1)}


def test_numbers_of_the_warehouse_may_be_given_instead(warehouse, folder, settings, grid):
    import_gemrec(warehouse, grid.roster, grid.promptset, None, settings)
    listed = [{"file_name": "a.png", "prompt_id": 2, "model_version_id": 3}]
    report = run(warehouse, folder, listed, settings)
    assert report.tables == {"images": Landed(1)}
    assert warehouse.select("select prompt_id, model_version_id from images").rows() == [(2, 3)]


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"file": "none.png"}, "file"),
        ({"file": "../mine/a.png"}, "file"),
        ({"file": ""}, "file"),
        ({"prompt": " "}, "prompt"),
        ({"model": ""}, "model"),
        ({"prompt_id": 77}, "prompt_id"),
        ({"model_version_id": 77}, "model_version_id"),
        ({"seed": -1}, "seed"),
        ({"simulated": "perhaps"}, "simulated"),
    ],
)
def test_a_bad_row_is_named_and_nothing_lands(warehouse, folder, settings, changes, column):
    with pytest.raises(RowsRejectedError, match=rf"list\.csv, row 2, column {column}: "):
        run(warehouse, folder, rows(**changes), settings)
    assert sum(warehouse.table_counts()[name] for name in ("images", "prompts", "models")) == 0


def test_the_same_picture_twice_in_a_cell_is_named(warehouse, folder, settings):
    (folder / "b.png").write_bytes((folder / "a.png").read_bytes())
    with pytest.raises(RowsRejectedError, match=r"row 3, column file: “b\.png” repeats row 2"):
        run(warehouse, folder, rows(model="one"), settings)


def test_the_same_picture_may_stand_in_two_cells(warehouse, folder, settings):
    (folder / "b.png").write_bytes((folder / "a.png").read_bytes())
    run(warehouse, folder, rows(), settings)
    assert warehouse.value("select count(*) from images") == 3
    assert warehouse.value("select count(distinct sha256) from images") == 2


def test_skipping_bad_rows_makes_no_prompt_or_model_for_them(warehouse, folder, settings):
    listed = rows()
    listed[2]["file"] = "none.png"
    report = run(warehouse, folder, listed, settings, skip_bad=True)
    assert report.rejected == 1
    assert report.tables == {"models": Landed(2), "prompts": Landed(1), "images": Landed(2)}


def test_a_ragged_first_row_is_bad_like_any_other(warehouse, folder, settings):
    table = folder / "list.csv"
    table.write_text("prompt,model,file\nhalf a row\na cat,one,a.png\n")
    with pytest.raises(RowsRejectedError, match=r"list\.csv, row 2, .*1 cells"):
        import_folder(warehouse, folder, table, settings, source="mine")
    report = import_folder(warehouse, folder, table, settings, source="mine", skip_bad=True)
    assert (report.rejected, report.tables["images"]) == (1, Landed(1))


def test_a_table_with_a_header_alone_changes_nothing(warehouse, folder, settings):
    table = folder / "list.csv"
    table.write_text("file,prompt,model\n")
    report = import_folder(warehouse, folder, table, settings, source="mine")
    assert report.changes == 0


@pytest.mark.parametrize("text", ["", "prompt,model\na,b\n"])
def test_a_table_that_names_no_files_is_refused(warehouse, folder, settings, text):
    table = folder / "list.csv"
    table.write_text(text)
    with pytest.raises(FileFormatError, match=r"list\.csv.*names files"):
        import_folder(warehouse, folder, table, settings, source="mine")


def test_one_text_with_two_negative_prompts_is_two_prompts(warehouse, folder, settings):
    listed = rows(prompt="a cat", model="one")
    for row, negative in zip(listed, ("", "blurry", "blurry"), strict=True):
        row["negative_prompt"] = negative
    report = run(warehouse, folder, listed, settings)
    assert report.tables["prompts"] == Landed(2)
    again = run(warehouse, folder, rows(prompt="a cat", model="one", tag=""), settings)
    assert "prompts" not in again.tables, "without that column the text alone is met"


def test_a_table_without_models_is_refused_as_a_whole(warehouse, folder, settings):
    listed = [{"file": "a.png", "prompt": "a cat"}]
    with pytest.raises(FileFormatError, match=r"lacks column model \(or model_version_id\)"):
        run(warehouse, folder, listed, settings)
