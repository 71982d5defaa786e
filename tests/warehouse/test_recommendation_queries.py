"""Each query of “Which model?” on a tiny warehouse in memory; test name = query name."""

import inspect

import polars as pl
import pytest

from tests import seeding
from tests.features import ENCODER, give_features
from tests.seeding import HIDDEN_ID, HOSTILE_MODEL, MISSING_ID, UNSCORED_ID
from warehouse.database import QUERIES, open_in_memory, query_text
from warehouse.reads import recommendation as reads

NAMES = sorted(path.stem for path in (QUERIES / "recommendation").glob("*.sql"))
READS = [name for name, _ in inspect.getmembers(reads, inspect.isfunction)]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The small grid with an encoder, text features for prompt 2 and a damaged one for 3."""
    warehouse = open_in_memory(tmp_path_factory.mktemp("recommendation"))
    seeding.fill(warehouse)
    give_features(warehouse)
    with warehouse.transaction() as cursor:
        for prompt_id, length in ((2, 8), (3, 4)):
            cursor.execute(
                "insert into prompt_features values ($prompt_id, $encoder, $vector)",
                {"prompt_id": prompt_id, "encoder": ENCODER, "vector": [1.0] * length},
            )
    yield warehouse
    warehouse.close()


def near(*rows):
    schema = {"prompt_id": pl.Int64, "nearness": pl.Float64}
    return pl.DataFrame(rows, schema, orient="row")


@pytest.mark.parametrize("name", NAMES)
def test_every_query_has_a_test(name):
    assert query_text(name).startswith("-- ")
    assert f"test_{name}" in globals()


@pytest.mark.parametrize("name", READS)
def test_every_read_is_a_query_of_its_name(name):
    assert name in NAMES


def test_recommendation_prompts(told, empty):
    rows = reads.recommendation_prompts(told, encoder=ENCODER)
    assert rows["prompt_id"].to_list() == [1, 2, 3]
    assert [vector is not None for vector in rows["vector"]] == [False, True, False]
    without = reads.recommendation_prompts(told, encoder=None)
    assert without["vector"].null_count() == 3
    assert reads.recommendation_prompts(empty, encoder=None).is_empty()


def test_a_prompt_that_one_model_shows_compares_nothing(warehouse):
    seeding.fill(warehouse)
    with warehouse.transaction() as cursor:
        cursor.execute("delete from images where prompt_id = 3 and model_version_id > 1")
    assert reads.recommendation_prompts(warehouse, encoder=None)["prompt_id"].to_list() == [1, 2]


def test_recommendation_models(told, empty):
    rows = reads.recommendation_models(told)
    assert rows["model_version_id"].to_list() == [1, 2, 3, 4, 5]
    first = rows.row(0, named=True)
    assert (first["model_name"], first["base_model"]) == (HOSTILE_MODEL, "SD 1.5")
    assert rows["licence"].to_list() == ["openrail", None, *["openrail"] * 3]
    assert reads.recommendation_models(empty).is_empty()


def test_recommendation_scores(told):
    rows = reads.recommendation_scores(told)
    cells = {(prompt, model): gre for prompt, model, gre in rows.iter_rows()}
    assert len(cells) == 12 and 5 not in {model for _, model in cells}, "it has no score"
    kept = told.value("select gre from image_scores where image_id = 'p1-m1-s2'")
    assert cells[1, 1] == pytest.approx(kept), "hidden pictures bring no score"
    both = told.value(
        "select avg(gre) from image_scores where prompt_id = 2 and model_version_id = 1"
    )
    assert cells[2, 1] == pytest.approx(both)


def test_recommendation_examples(told):
    found = reads.recommendation_examples(told, near((3, 0.9), (1, 0.2)), models=[1, 4, 5], most=2)
    by_model = {
        model: rows["image_id"].to_list()
        for (model,), rows in found.group_by("model_version_id", maintain_order=True)
    }
    best = told.value(
        "select image_id from image_scores where prompt_id = 3 and model_version_id = 1 "
        "order by gre desc limit 1"
    )
    assert by_model[1] == [best, "p1-m1-s2"], "the nearest prompt first, never a hidden picture"
    assert by_model[4] == ["p3-m4-s1", MISSING_ID], "near without a file is still near"
    assert by_model[5] == [UNSCORED_ID, "p2-m5-s1"], "then prompts that are not near"
    assert found.filter(image_id="p2-m5-s1")["nearness"].to_list() == [0]
    everything = reads.recommendation_examples(told, near(), models=[1, 2, 3, 4, 5], most=99)
    assert HIDDEN_ID not in everything["image_id"].to_list()
    assert everything.height == 14, "one picture of each prompt"
    assert reads.recommendation_examples(told, near(), models=[], most=2).is_empty()
