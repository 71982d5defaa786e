"""Each query of Map on a tiny warehouse in memory; test name = query name."""

import inspect

import pytest

from core.maps.tsne import ProjectionSettings
from tests import seeding
from tests.features import ENCODER, give_features
from tests.seeding import HIDDEN_ID, UNSCORED_ID
from warehouse.database import open_in_memory, query_text
from warehouse.projections import update_map
from warehouse.reads import map as reads

SHORT = ProjectionSettings(exaggerated_iterations=25, iterations=50)
LATE = "p1-m3-s1"
READS = [name for name, _ in inspect.getmembers(reads, inspect.isfunction)]


@pytest.fixture(scope="module")
def mapped(tmp_path_factory):
    warehouse = open_in_memory(tmp_path_factory.mktemp("map"))
    seeding.fill(warehouse)
    give_features(warehouse, without=(LATE,))
    update_map(warehouse, ENCODER, 1, settings=SHORT)
    update_map(warehouse, ENCODER, None, settings=SHORT)
    with warehouse.transaction() as cursor:
        cursor.execute(
            "insert into image_features values ($id, $encoder, [1, 2, 3, 4, 5, 6, 7, 8])",
            {"id": LATE, "encoder": ENCODER},
        )
    yield warehouse
    warehouse.close()


@pytest.mark.parametrize("name", READS)
def test_every_read_has_a_query_and_a_test(name):
    assert query_text(name).startswith("-- ")
    assert f"test_{name}" in globals()


def test_map_projection(mapped, empty):
    of_prompt = reads.map_projection(mapped, encoder=ENCODER, prompt_id=1).row(0, named=True)
    of_all = reads.map_projection(mapped, encoder=ENCODER, prompt_id=None).row(0, named=True)
    assert (of_prompt["fitted_images"], of_prompt["method"]) == (4, "axes")
    assert (of_all["fitted_images"], of_all["method"]) == (15, "tsne")
    assert of_all["placed_later"] == 0
    assert reads.map_projection(mapped, encoder=ENCODER, prompt_id=2).is_empty()
    assert reads.map_projection(mapped, encoder="other", prompt_id=1).is_empty()
    assert reads.map_projection(empty, encoder=ENCODER, prompt_id=None).is_empty()


def test_map_points(mapped, empty):
    kept = reads.map_projection(mapped, encoder=ENCODER, prompt_id=1)["projection_id"][0]
    rows = reads.map_points(mapped, projection_id=kept)
    assert set(rows["image_id"]) == {"p1-m1-s2", "p1-m2-s1", "p1-m4-s1", UNSCORED_ID}
    assert rows["image_id"][0] == UNSCORED_ID, "without a score: beneath all"
    scores = rows["gre"].drop_nulls().to_list()
    assert scores == sorted(scores), "the highest is drawn last"
    assert HIDDEN_ID not in rows["image_id"].to_list()
    assert reads.map_points(empty, projection_id="nothing").is_empty()


def test_map_unplaced(mapped, empty):
    for prompt_id in (1, None):
        kept = reads.map_projection(mapped, encoder=ENCODER, prompt_id=prompt_id)
        rows = reads.map_unplaced(
            mapped,
            encoder=ENCODER,
            prompt_id=prompt_id,
            projection_id=kept["projection_id"][0],
        )
        assert rows["images"].to_list() == [1]
    nothing = reads.map_unplaced(empty, encoder=ENCODER, prompt_id=None, projection_id="x")
    assert nothing["images"].to_list() == [0]


def test_map_models(mapped, empty):
    rows = reads.map_models(mapped)
    assert rows["model_version_id"].to_list() == [4, 3, 2, 1, 5], "by downloads, unknown last"
    assert rows["tags"][0].to_list() == ["style", "<b>2.5d</b>"]
    assert reads.map_models(empty).is_empty()


def test_map_scopes(mapped):
    assert mapped.frame("map_scopes", encoder=ENCODER)["prompt_id"].to_list() == [1, 2, 3]
    assert mapped.frame("map_scopes", encoder="other").is_empty()
