"""Which models can make pictures here, from what, and why the others cannot."""

import hashlib
import json
import shutil
from dataclasses import asdict

import pytest

from core.errors import NotFoundError
from core.generation.request import RequestError
from core.starter.manifest import BASE_FOLDER, LORA_FOLDER
from core.starter.roster import BASE_MODEL
from tests.weights_on_disk import diffusers_lora, write_safetensors
from warehouse.generation.catalogue import (
    BaseSettings,
    base_settings,
    places_of,
    usable_models,
)
from warehouse.generation.combining import combined_model
from warehouse.importers.folder import OWN_MODEL_IDS_FROM
from warehouse.landing import land
from warehouse.records import ModelRecord
from warehouse.starter.weights import SETTINGS, put_settings

BASE, SMALL_BASE, INK, OCEAN, MIXED, LIKE_BASE, NO_FILE, ELSEWHERE, NO_BASE = range(1, 10)


def place(home, path, shapes=None):
    """A folder with a file of its own at `path`; a checkpoint where no shapes are given."""
    folder = home / path
    folder.mkdir(parents=True)
    if shapes is None:
        (folder / "model_index.json").write_text(json.dumps({"path": path}))
    else:
        write_safetensors(folder / "lora.safetensors", shapes)


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def model(version_id, name, kind, path, *, base="Base", downloads=None):
    return ModelRecord(
        version_id,
        name,
        kind=kind,
        base_model=base,
        path=path,
        sha256=digest(name),
        downloads=downloads,
        tags=(name.lower(), "all"),
        trained_words=(f"{name.lower()} style",),
    )


@pytest.fixture
def stocked(warehouse):
    place(warehouse.home, "models/base")
    place(warehouse.home, "models/small")
    place(warehouse.home, "models/ink", diffusers_lora(128))
    place(warehouse.home, "models/ocean", diffusers_lora(128))
    place(warehouse.home, "models/mixed", diffusers_lora(128))
    place(warehouse.home, "models/like-base")
    models = [
        model(SMALL_BASE, "Small", "checkpoint", "models/small", downloads=10),
        model(BASE, "Base", "checkpoint", "models/base", downloads=100),
        model(INK, "Ink", "lora", "models/ink", downloads=50),
        model(OCEAN, "Ocean", "lora", "models/ocean", downloads=40),
        model(MIXED, "Mixed", "merge", "models/mixed"),
        model(LIKE_BASE, "Like base", "merge", "models/like-base", downloads=5),
        model(NO_FILE, "No file", "checkpoint", "models/gone", downloads=500, base="Gone"),
        model(ELSEWHERE, "Elsewhere", "checkpoint", "../outside", base="Elsewhere"),
        model(NO_BASE, "No base", "lora", "models/ink", base="Gone"),
    ]
    (warehouse.home.parent / "outside").mkdir()
    land(warehouse, "test", "test", models=models)
    return warehouse


def by_id(warehouse):
    return {each.model_version_id: each for each in usable_models(warehouse)}


def test_generation_models(stocked, empty):
    rows = stocked.frame("generation_models")
    assert rows["model_version_id"].to_list()[:3] == [NO_FILE, BASE, INK]
    assert rows["parts"].to_list() == [[]] * 9
    combined = combined_model(stocked, BASE, [(INK, 0.5)], "p")
    row = stocked.frame("generation_models").filter(model_version_id=combined).row(0, named=True)
    assert row["parts"] == [
        {"part_version_id": BASE, "scale": None},
        {"part_version_id": INK, "scale": 0.5},
    ]
    assert empty.frame("generation_models").is_empty()


def test_the_usable_ones_come_first_by_downloads(stocked):
    models = usable_models(stocked)
    assert [each.model_version_id for each in models] == [
        *(BASE, INK, OCEAN, SMALL_BASE, LIKE_BASE, MIXED),
        *(NO_FILE, ELSEWHERE, NO_BASE),
    ]
    assert [bool(each.problem) for each in models] == [False] * 6 + [True] * 3


def test_a_lora_lies_over_the_most_downloaded_checkpoint_of_its_base(stocked):
    ink = by_id(stocked)[INK]
    assert ink.checkpoint.name == "Base"
    assert [(lora.name, lora.scale) for lora in ink.loras] == [("Ink", 1.0)]
    assert dict(ink.places) == {
        digest("Base"): stocked.home / "models/base",
        digest("Ink"): stocked.home / "models/ink",
    }


def test_a_row_may_name_another_checkpoint_for_a_lora(stocked):
    with stocked.transaction() as cursor:
        cursor.execute("insert into model_parts values ($1, $2, null)", [INK, SMALL_BASE])
    assert by_id(stocked)[INK].checkpoint.name == "Small"
    assert by_id(stocked)[OCEAN].checkpoint.name == "Base"


def test_of_merges_the_files_tell_whether_they_are_loras(stocked):
    models = by_id(stocked)
    assert models[MIXED].checkpoint.name == "Base"
    assert models[MIXED].loras[0].name == "Mixed"
    assert (models[LIKE_BASE].checkpoint.name, models[LIKE_BASE].loras) == ("Like base", ())


def test_problems_name_the_way_out(stocked):
    models = by_id(stocked)
    assert "not at “models/gone” in the home: put them back" in models[NO_FILE].problem
    assert "put them back" in models[ELSEWHERE].problem
    assert "no checkpoint of it is here: add one" in models[NO_BASE].problem
    for each in (NO_FILE, ELSEWHERE, NO_BASE):
        assert (models[each].checkpoint, models[each].loras, dict(models[each].places)) == (
            None,
            (),
            {},
        )


def test_weights_that_came_without_path_or_hash_are_told(warehouse):
    place(warehouse.home, "models/base")
    land(
        warehouse,
        "test",
        "test",
        models=[ModelRecord(1, "Listed"), ModelRecord(2, "Unhashed", path="models/base")],
    )
    models = by_id(warehouse)
    assert "are not here: add their file" in models[1].problem
    assert "have no hash" in models[2].problem


def test_a_link_out_of_the_home_is_not_followed(stocked):
    shutil.rmtree(stocked.home / "models/base")
    (stocked.home / "models/base").symlink_to(stocked.home.parent / "outside")
    assert "put them back" in by_id(stocked)[BASE].problem
    assert places_of(stocked, {digest("Base")}) == {}


def test_strangers_names_become_names_that_a_recipe_takes(stocked):
    with stocked.transaction() as cursor:
        cursor.execute(
            "update models set model_name = $1 where model_version_id = $2",
            ["\x07 <b>\n" + "x" * 600, BASE],
        )
    name = by_id(stocked)[BASE].checkpoint.name
    assert name.startswith("<b> xxx")
    assert len(name) <= 500


def test_weights_places(stocked, empty):
    asked = [digest("Base"), digest("Ink"), digest("No file"), "f" * 64]
    rows = stocked.frame("weights_places", hashes=asked)
    assert set(rows["path"]) == {"models/base", "models/ink", "models/gone"}
    assert places_of(stocked, set(asked)) == {
        digest("Base"): stocked.home / "models/base",
        digest("Ink"): stocked.home / "models/ink",
    }
    assert empty.frame("weights_places", hashes=asked).is_empty()


def test_base_settings(warehouse):
    assert warehouse.frame("base_settings", base_model=BASE_MODEL).is_empty()
    assert base_settings(warehouse, "SD 1.5") == BaseSettings()
    assert base_settings(warehouse, "SD 2.1 768").width == 768
    assert base_settings(warehouse, "Pony").height == 1024
    put_settings(warehouse)
    assert base_settings(warehouse, BASE_MODEL) == SETTINGS
    assert asdict(SETTINGS) == dict(
        zip(asdict(SETTINGS), (128, 128, 16, 4.0, "DDIM trailing", 0.6), strict=True)
    )


def test_put_base_settings(warehouse):
    with warehouse.transaction() as cursor:
        cursor.execute(
            "insert into base_settings values ($1, 256, 256, 8, 2, 'Euler a', 0)", [BASE_MODEL]
        )
    put_settings(warehouse)
    assert base_settings(warehouse, BASE_MODEL).width == 256, "what somebody said stands"


def test_next_own_model_id(warehouse, stocked):
    def numbers(lowest):
        return stocked.frame("next_own_model_id", lowest=lowest)["model_version_id"].to_list()

    assert numbers(OWN_MODEL_IDS_FROM) == [OWN_MODEL_IDS_FROM]
    assert numbers(3) == [NO_BASE + 1]


class TestCombined:
    def test_add_model_part(self, stocked):
        combined = combined_model(stocked, BASE, [(INK, 0.8), (OCEAN, -0.5)], "ada")
        rows = stocked.select(
            "select part_version_id, scale from model_parts where model_version_id = $id",
            {"id": combined},
        )
        assert dict(rows.iter_rows()) == {BASE: None, INK: 0.8, OCEAN: -0.5}

    def test_it_is_a_model_of_its_own(self, stocked):
        combined = combined_model(stocked, BASE, [(INK, 0.8)], "ada")
        assert combined == OWN_MODEL_IDS_FROM
        model = by_id(stocked)[combined]
        assert (model.model_name, model.kind, model.base_model) == (
            "Base + Ink 0.8",
            "merge",
            "Base",
        )
        assert model.checkpoint.name == "Base"
        assert model.downloads == 0, "without a count its pictures would have no GRE-Score"
        assert [(lora.name, lora.scale) for lora in model.loras] == [("Ink", 0.8)]
        assert set(model.places) == {digest("Base"), digest("Ink")}
        row = stocked.select("select tags, trained_words from models where kind = 'merge'")
        assert ["base", "all", "ink"] in row["tags"].to_list()
        told = stocked.select("select person_id, subject from audit where action = 'combine model'")
        assert told.rows() == [("ada", str(combined))]

    def test_the_same_parts_are_the_same_model_in_any_order(self, stocked):
        one = combined_model(stocked, BASE, [(INK, 0.8), (OCEAN, 1)], "ada")
        assert combined_model(stocked, BASE, [(OCEAN, 1.0), (INK, 0.8)], "bob") == one
        assert combined_model(stocked, OCEAN, [(INK, 0.8)], "bob") == one
        assert combined_model(stocked, BASE, [(OCEAN, 1.0), (INK, 0.7)], "bob") != one
        assert stocked.value("select count(*) from audit where action = 'combine model'") == 2

    def test_what_is_no_combination_is_the_model_itself(self, stocked):
        assert combined_model(stocked, BASE, [], "ada") == BASE
        assert combined_model(stocked, BASE, [(INK, 1.0)], "ada") == INK
        assert combined_model(stocked, INK, [(OCEAN, 0)], "ada") == INK
        assert combined_model(stocked, SMALL_BASE, [(INK, 1.0)], "ada") == OWN_MODEL_IDS_FROM

    def test_a_combined_model_can_be_combined_again(self, stocked):
        first = combined_model(stocked, BASE, [(INK, 0.8)], "ada")
        second = combined_model(stocked, first, [(OCEAN, 0.5)], "ada")
        assert by_id(stocked)[second].model_name == "Base + Ink 0.8 + Ocean 0.5"
        assert combined_model(stocked, BASE, [(INK, 0.8), (OCEAN, 0.5)], "ada") == second

    @pytest.mark.parametrize(
        ("first", "loras", "words"),
        [
            (BASE, [(SMALL_BASE, 1.0)], "“Small” is no LoRA"),
            (INK, [(INK, 0.5)], "“Ink” is named twice"),
            (BASE, [(INK, 11.0)], "out of range"),
            (NO_FILE, [(INK, 1.0)], "put them back"),
        ],
    )
    def test_what_cannot_be_combined_is_told(self, stocked, first, loras, words):
        with pytest.raises(RequestError, match=words):
            combined_model(stocked, first, loras, "ada")
        with pytest.raises(NotFoundError):
            combined_model(stocked, BASE, [(77, 1.0)], "ada")
        assert stocked.value("select count(*) from model_parts") == 0

    def test_a_part_that_went_away_is_a_problem(self, stocked):
        combined = combined_model(stocked, BASE, [(INK, 0.8)], "ada")
        shutil.rmtree(stocked.home / "models/ink")
        assert "“Ink”" in by_id(stocked)[combined].problem


def test_the_starter_is_usable_where_its_files_lie(warehouse):
    shutil.copytree(BASE_FOLDER, warehouse.home / "base")
    shutil.copytree(LORA_FOLDER / "ink+autumn", warehouse.home / "ink+autumn")
    land(
        warehouse,
        "test",
        "test",
        models=[
            ModelRecord(1, BASE_MODEL, base_model=BASE_MODEL, path="base", sha256="a" * 64),
            ModelRecord(
                *(2, "Ink and Leaves"),
                base_model=BASE_MODEL,
                kind="merge",
                path="ink+autumn",
                sha256="b" * 64,
            ),
        ],
    )
    models = by_id(warehouse)
    assert [each.problem for each in models.values()] == ["", ""]
    assert models[2].loras[0].sha256 == "b" * 64
