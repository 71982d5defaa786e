"""Each query of Weights on a tiny warehouse in memory; test name = query name."""

import inspect

import pytest

from tests import seeding
from tests.seeding import HIDDEN_ID, MISSING_ID
from warehouse.database import open_in_memory, query_text
from warehouse.reads import weights as reads

READS = [name for name, _ in inspect.getmembers(reads, inspect.isfunction)]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    warehouse = open_in_memory(tmp_path_factory.mktemp("weights"))
    seeding.fill(warehouse)
    yield warehouse
    warehouse.close()


@pytest.mark.parametrize("name", READS)
def test_every_read_has_a_query_and_a_test(name):
    assert query_text(name).startswith("-- ")
    assert f"test_{name}" in globals()


def test_weighed_pictures(filled, empty):
    rows = reads.weighed_pictures(filled, prompt_id=1)
    ids = rows["image_id"].to_list()
    assert ids == sorted(ids)
    assert MISSING_ID in ids and HIDDEN_ID not in ids
    assert rows.filter(rows["image_id"] == MISSING_ID)["sha256"].to_list() == [None]
    assert set(rows["model_version_id"]) == {1, 2, 3, 4, 5}
    assert reads.weighed_pictures(empty, prompt_id=1).is_empty()


def test_weighable_metrics(filled):
    rows = reads.weighable_metrics(filled)
    assert {"clip", "mcos", "pop", "nsfw", "sharpness", "aesthetic"} <= set(rows["metric"])
    assert rows["description"].null_count() == 0


def test_weighed_prompts(filled, empty):
    rows = reads.weighed_prompts(filled)
    assert rows["prompt_id"].to_list() == [1, 2, 3]
    assert rows["images"].to_list() == [5, 6, 5], "hidden ones are not counted"
    assert rows["models"].to_list() == [5, 5, 4], "a model of two pictures counts once"
    assert rows["tag"].to_list() == ["animal", "<b>tag</b> $t$", None]
    assert reads.weighed_prompts(empty).is_empty()


def test_judging_people(filled, empty):
    with filled.transaction() as cursor:
        cursor.execute(
            "insert into people (person_id, name, role, simulated) "
            "values ('b', 'Bo', 'annotator', true), ('a', 'An', 'analyst', false)"
        )
    rows = reads.judging_people(filled).rows()
    assert rows == [("a", "An", False), ("b", "Bo", True)]
    assert reads.judging_people(empty).is_empty()
