"""GEMRec's own layout: the real data, ids to the digit, twice the same, bad rows named."""

import csv

import pytest

from core.errors import FileFormatError, GemboardError, RowsRejectedError
from tests.warehouse.grids import (
    LARGEST_SEED,
    LONG_ID,
    PROMPTS,
    ROSTER,
    image_id,
    metadata_row,
    needs_gemrec,
    picture,
    prompt_row,
    roster_row,
)
from warehouse.importers.gemrec import import_gemrec
from warehouse.importers.report import Landed

TABLES = ("models", "prompts", "images", "image_metrics", "audit")


def run(warehouse, grid, settings, **options):
    return import_gemrec(warehouse, grid.roster, grid.promptset, grid.images, settings, **options)


def contents(warehouse):
    return {
        name: warehouse.select(f"select * from {name} order by all").rows(named=True)
        for name in TABLES
    }


def refuse(warehouse, grid, settings, *words):
    """The import is refused with all `words` on one line, and nothing of it lands."""
    before = contents(warehouse)
    with pytest.raises(GemboardError) as caught:
        run(warehouse, grid.write(), settings)
    message = str(caught.value)
    for word in words:
        assert word in message, message
    assert "\n" not in message
    assert contents(warehouse) == before
    return message


@needs_gemrec
class TestRealData:
    @pytest.fixture
    def report(self, warehouse, settings):
        return import_gemrec(warehouse, ROSTER, PROMPTS, None, settings)

    def test_90_prompts_and_200_models_land(self, warehouse, report):
        assert report.tables == {"models": Landed(200), "prompts": Landed(90)}
        assert warehouse.table_counts()["models"] == 200
        assert warehouse.table_counts()["prompts"] == 90

    def test_every_cell_is_as_the_files_have_it(self, warehouse, report):
        with ROSTER.open(encoding="utf-8-sig", newline="") as stream:
            roster = {int(row["modelVersion_id"]): row for row in csv.DictReader(stream)}
        for model in warehouse.select("select * from models").iter_rows(named=True):
            row = roster[model["model_version_id"]]
            assert model["model_id"] == int(row["model_id"])
            assert model["model_name"] == row["model_name"].strip()
            assert model["downloads"] == int(row["model_download_count"])
            assert model["base_model"] == row["baseModel"]
            assert "|".join(model["tags"]) == row["tag"]
        with PROMPTS.open(encoding="utf-8-sig", newline="") as stream:
            asked = {int(row["prompt_id"]): row for row in csv.DictReader(stream)}
        for prompt in warehouse.select("select * from prompts").iter_rows(named=True):
            row = asked[prompt["prompt_id"]]
            assert prompt["prompt"] == row["prompt"].strip()
            assert prompt["negative_prompt"] == (row["negativePrompt"].strip() or None)
            assert prompt["seed"] == int(row["seed"])
            assert f"{prompt['width']}x{prompt['height']}" == row["size"]
            assert prompt["cfg_scale"] == float(row["cfgScale"])
            assert (prompt["note"] or "") == row["note"].strip()

    def test_trained_words_are_lists_and_one_blank_word_is_none(self, warehouse, report):
        words = dict(warehouse.select("select model_version_id, trained_words from models").rows())
        assert words[1000004] == []
        assert all("" not in listed for listed in words.values())
        assert {"hanfu"} in [set(listed) for listed in words.values()]
        assert sum(map(len, words.values())) > 80

    def test_seeds_over_32_bits_are_intact(self, warehouse, report):
        assert warehouse.value("select seed from prompts where prompt_id = 1") == 8486466558
        assert warehouse.value("select count(*) from prompts where seed > 4294967296") > 0

    def test_a_second_import_changes_nothing(self, warehouse, report, settings):
        before = contents(warehouse)
        again = import_gemrec(warehouse, ROSTER, PROMPTS, None, settings)
        assert again.changes == 0
        assert again.tables == {"models": Landed(0, 0, 200), "prompts": Landed(0, 0, 90)}
        assert contents(warehouse) == before


class TestGoodGrid:
    def test_rows_and_pictures_land(self, warehouse, settings, grid):
        report = run(warehouse, grid, settings)
        assert {name: counts.added for name, counts in report.tables.items()} == {
            "models": 3,
            "prompts": 2,
            "images": 6,
            "image_metrics": 12,
        }
        for path, sha256 in warehouse.select("select path, sha256 from images").rows():
            assert sha256 in path
            assert (warehouse.home / path).read_bytes().startswith(b"\x89PNG")

    def test_ids_of_39_digits_and_seeds_of_64_bits_are_intact(self, warehouse, settings, grid):
        run(warehouse, grid, settings)
        ids = set(warehouse.select("select image_id from images")["image_id"])
        assert ids == {image_id(p, m) for p in (1, 2) for m in (1, 2, 3)}
        assert all(len(identifier) == len(str(LONG_ID)) == 39 for identifier in ids)
        assert set(warehouse.select("select seed from images")["seed"]) == {
            LARGEST_SEED - 1,
            LARGEST_SEED - 2,
        }

    def test_a_second_import_changes_nothing_at_all(self, warehouse, settings, grid):
        run(warehouse, grid, settings)
        before = contents(warehouse)
        files = sorted((p, p.stat().st_mtime_ns) for p in warehouse.home.rglob("*") if p.is_file())
        again = run(warehouse, grid, settings)
        assert again.changes == 0
        assert again.tables["images"] == Landed(0, 0, 6)
        assert contents(warehouse) == before
        assert files == sorted(
            (p, p.stat().st_mtime_ns) for p in warehouse.home.rglob("*") if p.is_file()
        )

    def test_the_sizes_are_those_of_the_pictures(self, warehouse, settings, grid):
        grid.metadata[0]["size"] = "99x99"
        run(warehouse, grid.write(), settings)
        assert set(warehouse.select("select width, height from images").rows()) == {(24, 16)}

    def test_metadata_alone_can_be_taken_and_pictures_later(self, warehouse, settings, grid):
        first = run(warehouse, grid, settings, pictures=False)
        assert first.tables["images"] == Landed(6)
        assert warehouse.value("select count(path) from images") == 0
        second = run(warehouse, grid, settings)
        assert second.tables["images"] == Landed(0, 6, 0)
        assert warehouse.value("select count(path) from images") == 6
        assert run(warehouse, grid, settings).changes == 0

    def test_a_picture_that_comes_later_brings_its_true_size(self, warehouse, settings, grid):
        grid.metadata[0]["size"] = "99x99"
        run(warehouse, grid.write(), settings, pictures=False)
        run(warehouse, grid, settings)
        assert set(warehouse.select("select width, height from images").rows()) == {(24, 16)}

    @pytest.mark.parametrize(("column", "value"), [("seed", 5), ("cfgScale", 2), ("sampler", "x")])
    def test_another_recipe_for_the_same_image_is_refused(
        self, warehouse, settings, grid, column, value
    ):
        run(warehouse, grid, settings)
        grid.metadata[0][column] = value
        refuse(warehouse, grid, settings, "row 2", f"column {column}", "which the warehouse holds")

    def test_downloads_beyond_all_counting_are_refused(self, warehouse, settings, grid):
        grid.models[0]["model_download_count"] = 2**63 - 1
        refuse(warehouse, grid, settings, "row 2", "column model_download_count")

    def test_new_downloads_are_taken_over(self, warehouse, settings, grid):
        run(warehouse, grid, settings)
        grid.models[0]["model_download_count"] = 77
        report = run(warehouse, grid.write(), settings)
        assert report.tables["models"] == Landed(0, 1, 2)
        assert warehouse.value("select downloads from models where model_version_id = 1") == 77

    def test_a_new_nsfw_score_is_taken_over_and_a_blank_one_is_not(self, warehouse, settings, grid):
        run(warehouse, grid, settings)
        for value, expected in (("0.95", 0.95), ("", 0.95)):
            grid.metadata[0]["nsfw_score"] = value
            run(warehouse, grid.write(), settings)
            assert warehouse.value("select max(nsfw_score) from images") == expected

    def test_a_leaner_roster_takes_nothing_away(self, warehouse, settings, grid):
        grid.models = [row | {"kind": "lora"} for row in grid.models]
        run(warehouse, grid.write(), settings)
        before = contents(warehouse)["models"]
        keep = ("model_name", "modelVersion_id")
        grid.models = [{name: row[name] for name in keep} for row in grid.models]
        assert run(warehouse, grid.write(), settings).changes == 0
        assert contents(warehouse)["models"] == before

    def test_a_byte_order_mark_does_no_harm(self, warehouse, settings, grid):
        run(warehouse, grid.write(encoding="utf-8-sig"), settings)
        assert warehouse.table_counts()["images"] == 6

    def test_hostile_texts_are_stored_as_they_are(self, warehouse, settings, grid):
        hostile = (
            "'; drop table prompts; -- <script>alert(1)</script> {{7*7}} $x$ “”",
            "=cmd|' /C calc'!A0, \"quoted\"\n# heading\r\n汉服 ﷽ \u202eevil \U0001f600",
        )
        for row, text in zip(grid.prompts, hostile, strict=True):
            row |= {"prompt": text, "tag": "<b>tag</b>", "negativePrompt": text}
        grid.models[0]["model_name"] = hostile[0]
        run(warehouse, grid.write(), settings)
        stored = warehouse.select("select prompt, negative_prompt from prompts order by prompt_id")
        assert stored.rows() == [(text, text) for text in hostile]
        first = warehouse.value("select model_name from models where model_version_id = 1")
        assert first == hostile[0]

    def test_the_import_is_in_the_audit_log(self, warehouse, settings, grid):
        run(warehouse, grid, settings)
        assert warehouse.select("select action, subject from audit").rows() == [
            ("import gemrec", "grid")
        ]

    def test_progress_is_told(self, warehouse, settings, grid):
        told = []
        run(warehouse, grid, settings, on_progress=lambda *what: told.append(what))
        assert told[-1] == ("pictures", 6, 6)


class TestBadRows:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("image_id", "1.2E+38"),
            ("image_id", ""),
            ("seed", "-5"),
            ("seed", str(2**64)),
            ("seed", "9" * 60),
            ("prompt_id", "one"),
            ("prompt_id", "99"),
            ("modelVersion_id", "99"),
            ("size", "24 by 16"),
            ("steps", "-1"),
            ("cfgScale", "NaN"),
            ("clip_score", "inf"),
            ("mcos_score", "-Infinity"),
            ("nsfw_score", "safe"),
            ("file_name", "../../../../etc/passwd"),
            ("file_name", "/etc/passwd"),
            ("file_name", "images/none.png"),
            ("file_name", "images"),
        ],
    )
    def test_file_row_column_and_value_are_named(self, warehouse, settings, grid, column, value):
        grid.metadata[3][column] = value
        refuse(
            warehouse, grid, settings, "metadata.csv", "row 5", f"column {column}", f"“{value[:60]}"
        )

    def test_a_bad_model_is_named(self, warehouse, settings, grid):
        grid.models[1]["modelVersion_trainedWords"] = "{[]: 1}"
        refuse(
            warehouse, grid, settings, "roster.csv", "row 3", "modelVersion_trainedWords", "{[]: 1}"
        )

    def test_a_bad_prompt_is_named(self, warehouse, settings, grid):
        grid.prompts[1]["prompt"] = "  "
        refuse(warehouse, grid, settings, "promptset.csv", "row 3", "column prompt", "blank")

    def test_negative_and_enormous_downloads_are_refused(self, warehouse, settings, grid):
        for value in ("-1", str(2**63), "1e300"):
            grid.models[0]["model_download_count"] = value
            refuse(warehouse, grid, settings, "model_download_count", value)

    def test_the_number_of_further_bad_rows_is_told(self, warehouse, settings, grid):
        grid.metadata[0]["seed"] = grid.metadata[2]["seed"] = grid.metadata[4]["seed"] = "x"
        refuse(warehouse, grid, settings, "row 2", "2 more", "--skip-bad")

    @pytest.mark.parametrize("second", ["{0}", "0{0}", "+{0}", " {0} "])
    def test_a_repeated_model_is_named_however_its_number_is_written(
        self, warehouse, settings, grid, second
    ):
        grid.models.append(roster_row(1, modelVersion_id=second.format(1)))
        refuse(warehouse, grid, settings, "roster.csv", "row 5", "modelVersion_id", "row 2")

    @pytest.mark.parametrize("second", ["{0}", "00{0}"])
    def test_a_repeated_prompt_is_named_however_its_number_is_written(
        self, warehouse, settings, grid, second
    ):
        grid.prompts.append(prompt_row(2, prompt_id=second.format(2)))
        refuse(warehouse, grid, settings, "promptset.csv", "row 4", "prompt_id", "row 3")

    def test_a_repeated_image_is_named(self, warehouse, settings, grid):
        grid.metadata.append(metadata_row(2, 3))
        refuse(warehouse, grid, settings, "metadata.csv", "row 8", "image_id", "repeats row 7")

    def test_a_ragged_row_is_named(self, warehouse, settings, grid):
        path = grid.images / "metadata.csv"
        path.write_text(path.read_text() + "a,b,c\n")
        with pytest.raises(RowsRejectedError, match=r"metadata\.csv, row 8.*3 cells"):
            run(warehouse, grid, settings)
        assert warehouse.table_counts()["images"] == 0

    def test_a_disguised_picture_is_named(self, warehouse, settings, grid):
        (grid.images / "images/1-2.png").write_bytes(picture(1, form="JPEG"))
        refuse(warehouse, grid, settings, "metadata.csv", "row 3", "file_name", "holds JPEG")

    def test_a_cut_picture_is_named(self, warehouse, settings, grid):
        path = grid.images / "images/1-2.png"
        path.write_bytes(path.read_bytes()[:-20])
        refuse(warehouse, grid, settings, "row 3", "file_name", "1-2.png")

    def test_a_link_out_of_the_folder_is_refused(self, warehouse, settings, grid, tmp_path):
        (tmp_path / "secret.png").write_bytes(picture())
        link = grid.images / "images/1-1.png"
        link.unlink()
        link.symlink_to(tmp_path / "secret.png")
        refuse(warehouse, grid, settings, "row 2", "file_name", "link")

    def test_another_encoding_is_refused(self, warehouse, settings, grid):
        grid.prompts[0]["prompt"] = "café"
        grid.write(encoding="latin-1")
        with pytest.raises(FileFormatError, match=r"promptset\.csv.*UTF-8"):
            run(warehouse, grid, settings)

    @pytest.mark.parametrize("name", ["roster", "promptset"])
    def test_an_empty_file_lacks_its_columns(self, warehouse, settings, grid, name):
        getattr(grid, name).write_bytes(b"")
        with pytest.raises(FileFormatError, match="lacks column"):
            run(warehouse, grid, settings)

    def test_a_folder_without_metadata_is_named(self, warehouse, settings, grid):
        (grid.images / "metadata.csv").unlink()
        with pytest.raises(FileFormatError, match=r"metadata\.csv"):
            run(warehouse, grid, settings)


class TestConflicts:
    @pytest.mark.parametrize(
        ("name", "column", "value"),
        [
            ("prompt", "prompt", "another prompt"),
            ("negativePrompt", "negativePrompt", "blurry"),
            ("size", "size", "64x64"),
            ("seed", "seed", "1"),
        ],
    )
    def test_a_prompt_that_means_something_else_is_named(
        self, warehouse, settings, grid, name, column, value
    ):
        run(warehouse, grid, settings)
        grid.prompts[1][name] = value
        refuse(
            warehouse, grid, settings, "promptset.csv", "row 3", f"column {column}", f"“{value}”"
        )

    @pytest.mark.parametrize(("column", "value"), [("prompt_id", 2), ("modelVersion_id", 2)])
    def test_an_image_of_another_cell_is_named(self, warehouse, settings, grid, column, value):
        run(warehouse, grid, settings)
        grid.metadata[0][column] = value
        refuse(warehouse, grid, settings, "row 2", "image_id", image_id(1, 1), "already stands")

    def test_another_picture_under_the_same_id_is_named(self, warehouse, settings, grid):
        run(warehouse, grid, settings)
        (grid.images / "images/1-1.png").write_bytes(picture(250))
        refuse(warehouse, grid, settings, "row 2", "image_id", "another picture")

    def test_what_describes_a_prompt_may_change(self, warehouse, settings, grid):
        run(warehouse, grid, settings)
        grid.prompts[0]["tag"] = "beast"
        assert run(warehouse, grid.write(), settings).tables["prompts"] == Landed(0, 1, 1)
        assert warehouse.value("select tag from prompts where prompt_id = 1") == "beast"


class TestSkipBad:
    def test_the_rest_lands_and_the_bad_rows_are_written_with_reasons(
        self, warehouse, settings, grid
    ):
        grid.metadata[0]["seed"] = "lots"
        grid.metadata[2]["image_id"] = "1.2E+38"
        (grid.images / "images/2-1.png").write_bytes(b"GIF89a")
        grid.models.append(roster_row(9, modelVersion_id="nine"))
        report = run(warehouse, grid.write(), settings, skip_bad=True)
        assert report.rejected == 4
        assert report.tables["images"] == Landed(3)
        assert report.rejects_file.parent == warehouse.home / "rejected"
        with report.rejects_file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        places = [
            (row["rejected_file"], row["rejected_row"], row["rejected_column"]) for row in rows
        ]
        assert places == [
            ("roster.csv", "5", "modelVersion_id"),
            ("metadata.csv", "2", "seed"),
            ("metadata.csv", "4", "image_id"),
            ("metadata.csv", "5", "file_name"),
        ]
        assert rows[1]["seed"] == "lots"
        assert "spreadsheet" in rows[2]["reason"]
        assert rows[2]["image_id"] == "1.2E+38"
        assert "GIF" in rows[3]["reason"]

    def test_images_of_a_bad_model_are_bad_too(self, warehouse, settings, grid):
        grid.models[0]["model_download_count"] = "-1"
        report = run(warehouse, grid.write(), settings, skip_bad=True)
        assert report.rejected == 3
        assert set(warehouse.select("select model_version_id from images").to_series()) == {2, 3}

    def test_nothing_is_written_when_all_rows_are_good(self, warehouse, settings, grid):
        report = run(warehouse, grid, settings, skip_bad=True)
        assert (report.rejected, report.rejects_file) == (0, None)
        assert not (warehouse.home / "rejected").exists()

    def test_a_ragged_row_is_left_out(self, warehouse, settings, grid):
        path = grid.images / "metadata.csv"
        path.write_text(path.read_text() + "a,b,c\n")
        report = run(warehouse, grid, settings, skip_bad=True)
        assert (report.rejected, report.tables["images"]) == (1, Landed(6))

    def test_a_second_run_changes_nothing(self, warehouse, settings, grid):
        grid.metadata[0]["seed"] = "lots"
        run(warehouse, grid.write(), settings, skip_bad=True)
        assert run(warehouse, grid, settings, skip_bad=True).changes == 0


@needs_gemrec
def test_metadata_that_names_no_files_is_taken_only_on_request(warehouse, settings, tmp_path):
    header = "image_id,prompt_id,modelVersion_id\n"
    (tmp_path / "metadata.csv").write_text(f"{header}{LONG_ID},1,1000004\n")
    with pytest.raises(FileFormatError, match="lacks column file_name"):
        import_gemrec(warehouse, ROSTER, PROMPTS, tmp_path, settings)
    import_gemrec(warehouse, ROSTER, PROMPTS, tmp_path, settings, pictures=False)
    assert warehouse.value("select image_id from images") == str(LONG_ID)
