"""The starter world lands whole, once, apart from other data, and marks what is simulated."""

import shutil
from io import BytesIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from core.errors import StarterMixError
from core.settings import Settings
from core.starter.cells import cells_of
from core.starter.manifest import WORLD, StarterDamagedError, write_manifest
from core.starter.prompts import QUERY_TAG, SPECIFICATION_TAG, grid_prompts
from core.starter.roster import roster
from tests import seeding
from warehouse.health import find_problems
from warehouse.starter.loading import holds_anything, load_starter

FEW_PROMPTS = {prompt.prompt_id for prompt in grid_prompts()[:7]}
DIMENSION = 8


def wanted(cell):
    return (
        cell.prompt.prompt_id in FEW_PROMPTS
        or cell.prompt.tag == SPECIFICATION_TAG
        or (cell.prompt.tag == QUERY_TAG and cell.prompt.prompt_id % 14 == 0)
    )


@pytest.fixture(scope="module")
def small_world(tmp_path_factory):
    """Everything in its place, but few and plain pictures, and weights of a few bytes."""
    world = tmp_path_factory.mktemp("starter") / "world"
    random = np.random.default_rng(3)
    entries = roster()
    cells = [cell for entry in entries for cell in cells_of(entry) if wanted(cell)]
    for entry in entries:
        folder = world / entry.path
        folder.mkdir(parents=True)
        (folder / "weights.safetensors").write_bytes(random.bytes(16))
    (world / "starter-clip").mkdir()
    (world / "starter-clip/open_clip_model.safetensors").write_bytes(b"weights")
    (world / "pictures").mkdir()
    pictures = {
        "image_id": [cell.image_id for cell in cells],
        "picture": [webp(random.integers(0, 255, 3)) for _ in cells],
    }
    pq.write_table(pa.table(pictures), world / "pictures/00.parquet")
    (world / "features").mkdir()
    prompt_ids = list({cell.prompt.prompt_id: None for cell in cells})
    for name, key, ids in (
        ("images", "image_id", pictures["image_id"]),
        ("prompts", "prompt_id", prompt_ids),
    ):
        vectors = random.normal(size=(len(ids), DIMENSION)).astype(np.float32)
        table = pa.table({key: ids, "vector": pa.array(list(vectors), pa.list_(pa.float32()))})
        pq.write_table(table, world / f"features/{name}.parquet")
    write_manifest(world)
    return world


def webp(colour):
    buffer = BytesIO()
    Image.new("RGB", (128, 128), tuple(map(int, colour))).save(buffer, "WEBP")
    return buffer.getvalue()


@pytest.fixture
def loaded(warehouse, settings, small_world):
    load_starter(warehouse, settings, world=small_world)
    return warehouse


def count(warehouse, sql):
    return warehouse.value(f"select count(*) from {sql}")


def test_everything_lands_and_is_whole(loaded, small_world):
    counts = loaded.table_counts()
    assert counts["models"] == len(roster())
    assert counts["image_features"] == counts["images"] > 700
    assert counts["specification_prompts"] == 36
    assert count(loaded, "image_scores where gre is null") == 0
    assert find_problems(loaded) == []
    files = loaded.select("select path, sha256 from models where kind <> 'checkpoint'")
    for path, sha256 in files.iter_rows():
        assert (loaded.home / path / "weights.safetensors").is_file()
        assert len(sha256) == 64


def test_what_was_generated_is_not_called_simulated_but_the_people_are(loaded):
    assert count(loaded, "images where simulated") == 0
    for table in ("people", "sessions", "selections", "selection_gestures", "judgments"):
        assert count(loaded, f"{table} where not simulated") == 0
        assert count(loaded, table) > 0
    assert count(loaded, "people where name not like '%(simulated)'") == 0


def test_simulated_people_judge_the_grid_alone(loaded):
    sources = loaded.select(
        "select distinct images.source, prompts.tag from judgments, images, prompts "
        "where list_contains(shown_image_ids, image_id) "
        "and images.prompt_id = prompts.prompt_id"
    )
    assert set(sources["source"]) == {"starter"}
    assert not set(sources["tag"]) & {QUERY_TAG, SPECIFICATION_TAG}


def test_queries_are_kept_apart(loaded):
    rows = loaded.select(
        "select tag, images.source from images join prompts using (prompt_id) group by all"
    )
    found = {source for tag, source in rows.iter_rows() if tag == QUERY_TAG}
    assert found == {"starter queries"}
    assert "starter queries" not in {s for tag, s in rows.iter_rows() if tag != QUERY_TAG}


def test_loading_twice_adds_nothing(loaded, settings, small_world):
    before = loaded.table_counts()
    assert load_starter(loaded, settings, world=small_world).added == 0
    after = loaded.table_counts()
    assert {**after, "audit": 0, "score_runs": 0} == {**before, "audit": 0, "score_runs": 0}


def test_a_load_that_was_stopped_is_finished_by_the_next(warehouse, settings, small_world):
    def stop(what, done, total):
        if (what, done) in (("pictures", 100), ("features", 0)):
            raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            load_starter(warehouse, settings, world=small_world, on_progress=stop)
    load_starter(warehouse, settings, world=small_world)
    counts = warehouse.table_counts()
    assert counts["image_features"] == counts["images"]
    assert counts["judgments"] > 0


def test_loading_again_mends_altered_weights_in_the_home(loaded, settings, small_world):
    weights = loaded.home / "models/starter/loras/ink/weights.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(bytes(len(whole)))  # as long as before
    load_starter(loaded, settings, world=small_world)
    assert weights.read_bytes() == whole


def test_other_data_are_not_mixed_in_unless_told(warehouse, settings, small_world):
    seeding.fill(warehouse)
    with pytest.raises(StarterMixError, match=r"3 prompts, 5 models, 17 images.*--mix"):
        load_starter(warehouse, settings, world=small_world)
    assert warehouse.table_counts()["images"] == 17
    assert load_starter(warehouse, settings, world=small_world, mix=True).added > 0
    assert count(warehouse, "images where source not like 'starter%'") == 17


def test_a_damaged_file_is_named_and_nothing_lands(warehouse, settings, small_world, tmp_path):
    world = shutil.copytree(small_world, tmp_path / "damaged")
    with (world / "pictures/00.parquet").open("r+b") as file:
        file.seek(500)
        file.write(b"\0\0\0\0")
    with pytest.raises(StarterDamagedError, match=r"pictures/00\.parquet has changed"):
        load_starter(warehouse, settings, world=world)
    assert not holds_anything(warehouse)


def test_the_first_run_leaves_a_filled_warehouse_alone(command, home):
    from warehouse.database import open_warehouse

    opened = open_warehouse(home)
    seeding.fill(opened)
    opened.close()
    assert command("starter", "--first-run", "--json").json == {"tables": {}}
    refused = command("starter")
    assert refused.code == 1
    assert "--mix" in refused.err


def test_the_first_run_finishes_a_load_that_was_killed(command, home, small_world, monkeypatch):
    from warehouse.database import open_warehouse
    from warehouse.starter import loading

    def killed(*_):
        raise KeyboardInterrupt

    opened = open_warehouse(home)
    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(loading, "score", killed)
        load_starter(opened, Settings(), world=small_world)
    opened.close()
    real = loading.load_starter
    monkeypatch.setattr(
        loading, "load_starter", lambda *given, **named: real(*given, world=small_world, **named)
    )
    assert command("starter", "--first-run", "--json").json["tables"]["judgments"]["added"] > 0
    assert command("check").code == 0
    assert command("starter", "--first-run", "--json").json == {"tables": {}}


@pytest.mark.skipif(not (WORLD / "pictures").exists(), reason="no pictures are packed yet")
def test_the_shipped_world_loads_into_an_empty_home(command):
    tables = command("starter", "--json").json["tables"]
    assert tables["models"]["added"] >= 48
    assert tables["images"]["added"] >= 36 * 48 * 2
    assert tables["judgments"]["added"] > 200
    assert command("check").code == 0
