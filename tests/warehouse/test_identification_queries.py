"""Each query of identification on a planted grid in memory; test name = query name."""

import inspect

import pytest

from tests.warehouse import planted
from tests.warehouse.planted import HIDDEN, OWN, PROMPTS, QUERIES
from warehouse.database import QUERIES as FOLDER
from warehouse.database import open_in_memory, query_text
from warehouse.reads import identification as reads
from warehouse.starter.pictures import QUERY_SOURCE

NAMES = sorted(path.stem for path in (FOLDER / "identification").glob("*.sql"))
READS = [name for name, _ in inspect.getmembers(reads, inspect.isfunction)]
KEY = {"encoder": "e", "prompt_set": "both", "method": "pmi", "fingerprint": "f"}
APART = {"kept_apart": QUERY_SOURCE}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    warehouse = open_in_memory(tmp_path_factory.mktemp("identification"))
    warehouse.key = planted.plant(warehouse).identity.key
    yield warehouse
    warehouse.close()


@pytest.mark.parametrize("name", NAMES)
def test_every_query_has_a_test(name):
    assert query_text(name).startswith("-- ")
    assert f"test_{name}" in globals()


@pytest.mark.parametrize("name", READS)
def test_every_read_is_a_query_of_its_name(name):
    assert name in NAMES


def pictures(told, prompt_set):
    rows = reads.specification_pictures(told, encoder=told.key, prompt_set=prompt_set, **APART)
    return rows, {
        model: set(part["prompt_id"]) for (model,), part in rows.group_by("model_version_id")
    }


def test_specification_pictures(told, empty):
    rows, default = pictures(told, "default")
    assert rows.height == 5 * 8 * 2 - 1 and HIDDEN not in set(rows["image_id"])
    assert set(map(frozenset, default.values())) == {frozenset(PROMPTS)}
    rows, own = pictures(told, "own")
    assert own == {1: set(OWN)} | {model: set(PROMPTS) for model in (2, 3, 4, 5)}
    rows, both = pictures(told, "both")
    assert both[1] == {*PROMPTS, *OWN} and both[2] == set(PROMPTS)
    order = rows.sort("model_version_id", "prompt_id", "image_id")["image_id"]
    assert rows["image_id"].to_list() == order.to_list()
    assert reads.specification_pictures(
        empty, encoder=told.key, prompt_set="both", **APART
    ).is_empty()


def test_specification_pictures_of_another_length_are_left_out(warehouse):
    key = planted.plant(warehouse).identity.key
    with warehouse.transaction() as cursor:
        cursor.execute("update image_features set vector = [1.0] where image_id = 'p1-m1-s1'")
    rows = reads.specification_pictures(warehouse, encoder=key, prompt_set="default", **APART)
    assert rows.height == 78


def test_specification_fingerprint(told, empty):
    asked = {"encoder": told.key, "prompt_set": "both", **APART}
    row = reads.specification_fingerprint(told, **asked).row(0)
    assert row[0] == 81
    other = reads.specification_fingerprint(told, **asked | {"prompt_set": "own"}).row(0)
    assert other[0] == 65 and other[1] != row[1] and other[2] == row[2]
    assert reads.specification_fingerprint(empty, **asked).row(0) == (0, 0, 0)


def test_specification_texts(told):
    rows = reads.specification_texts(told, encoder=told.key, **APART)
    assert set(rows["prompt_id"]) == {*PROMPTS, *OWN, *QUERIES}
    assert set(rows.filter(rows["kept_apart"])["prompt_id"]) == set(QUERIES)
    assert reads.specification_texts(told, encoder="other", **APART).is_empty()


def test_query_pictures(told):
    rows = reads.query_pictures(told, encoder=told.key, **APART)
    assert rows.height == 5 * 3 * 2
    assert set(rows["prompt_id"]) == set(QUERIES)


def test_example_pictures(told):
    asked = ["p1-m3-s2", HIDDEN, "nothing", "p31-m1-s1"]
    rows = reads.example_pictures(told, encoder=told.key, image_ids=asked)
    assert rows["image_id"].to_list() == ["p1-m3-s2", "p31-m1-s1"]
    assert len(rows["vector"][0]) == 12


def test_identifiable_models(told, empty):
    rows = reads.identifiable_models(told)
    assert rows["model_version_id"].to_list() == [1, 2, 3, 4, 5, 9]
    assert rows["downloads"][0] == 10
    assert reads.identifiable_models(empty).is_empty()


def test_own_prompt_models(told, empty):
    assert reads.own_prompt_models(told)["model_version_id"].to_list() == [1]
    assert reads.own_prompt_models(empty).is_empty()


def test_put_tuned_method(warehouse):
    for option in ("1.5", "2.5"):
        with warehouse.transaction() as cursor:
            cursor.execute(
                query_text("put_tuned_method"),
                {**KEY, "tuned_option": option, "reached": "[]"},
            )
    assert reads.tuned_method(warehouse, **KEY).rows() == [("2.5", "[]")]


def test_tuned_method(warehouse):
    test_put_tuned_method(warehouse)
    assert reads.tuned_method(warehouse, **KEY | {"fingerprint": "g"}).is_empty()
    assert reads.tuned_method(warehouse, **KEY | {"prompt_set": "own"}).is_empty()


def test_put_confidence(warehouse):
    for temperature in (1.0, 2.0):
        for examples in (1, 2):
            with warehouse.transaction() as cursor:
                cursor.execute(
                    query_text("put_confidence"),
                    {
                        **KEY,
                        "wording": "typed",
                        "examples": examples,
                        "temperature": temperature,
                        "log_loss": 0.5,
                        "calibration_error": 0.1,
                        "tasks": 3,
                        "abstention": None,
                    },
                )
    rows = reads.confidences(warehouse, **KEY)
    assert rows.select("wording", "examples", "temperature").rows() == [
        ("typed", 1, 2.0),
        ("typed", 2, 2.0),
    ]


def test_confidences(warehouse):
    test_put_confidence(warehouse)
    assert reads.confidences(warehouse, **KEY | {"fingerprint": "g"}).is_empty()
