"""Similarities from stored features: each query, and the whole survey beside slow loops."""

import inspect
import math

import numpy as np
import pytest

from core import reference
from tests import seeding
from tests.features import ENCODER, give_features
from tests.seeding import HIDDEN_ID, UNSCORED_ID
from warehouse import similarity
from warehouse.database import open_in_memory, query_text
from warehouse.reads import similarity as reads

SHORT_ID, ZERO_ID, WITHOUT_ID = "p2-m4-s1", "p2-m5-s1", "p3-m4-s1"


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """A filled warehouse with features, some missing or damaged, and the features by image id."""
    warehouse = open_in_memory(tmp_path_factory.mktemp("similarity"))
    seeding.fill(warehouse)
    vectors = give_features(warehouse, short=[SHORT_ID], zero=[ZERO_ID], without=[WITHOUT_ID])
    yield warehouse, vectors
    warehouse.close()


@pytest.fixture(scope="module")
def filled(given):
    return given[0]


def sets(given, prompt_id):
    """Usable vectors of a prompt's shown images by model, as plain numbers."""
    warehouse, vectors = given
    rows = warehouse.select(
        "select model_version_id, image_id from image_scores "
        "where prompt_id = $prompt_id and not hidden order by all", {"prompt_id": prompt_id}
    )  # fmt: skip
    found = {}
    for model, image_id in rows.iter_rows():
        vector = vectors.get(image_id)
        if vector is not None and len(vector) == 8 and vector.any():
            found.setdefault(model, []).append(vector.astype(float).tolist())
    return found


def slow_entry(found, a, b):
    return reference.self_similarity(found[a]) if a == b else (
        reference.model_similarity(found[a], found[b])
    )  # fmt: skip


READS = [n for n, f in inspect.getmembers(reads, inspect.isfunction)
         if f.__module__ == reads.__name__]  # fmt: skip


@pytest.mark.parametrize("name", READS)
def test_every_read_has_a_query_and_a_test(name):
    assert query_text(name).startswith("-- ")
    assert f"test_{name}" in globals()


def test_feature_encoders(filled, empty):
    assert reads.feature_encoders(filled).rows() == [(ENCODER, ENCODER, 8, 16, True)]
    assert reads.feature_encoders(empty).is_empty()


def test_the_scoring_encoder_comes_first(tmp_path):
    warehouse = open_in_memory(tmp_path)
    seeding.fill(warehouse)
    give_features(warehouse, encoder="z-first")
    give_features(warehouse, encoder="a-second")
    rows = reads.feature_encoders(warehouse)
    assert rows["encoder"].to_list() == ["z-first", "a-second"]
    assert rows["scores"].to_list() == [True, False]
    warehouse.close()


def test_compared_prompts(filled, empty):
    rows = {
        row["prompt_id"]: row
        for row in reads.compared_prompts(filled, encoder=ENCODER).rows(named=True)
    }
    counts = ("shown", "hidden", "featured", "misfits", "models")
    assert [rows[1][name] for name in counts] == [5, 1, 5, 0, 5]
    assert [rows[2][name] for name in counts] == [6, 0, 5, 1, 5]
    assert [rows[3][name] for name in counts] == [5, 0, 4, 0, 4]
    other = reads.compared_prompts(filled, encoder="another")
    assert other["featured"].sum() == other["misfits"].sum() == 0
    assert reads.compared_prompts(empty, encoder=ENCODER).is_empty()


def test_compared_models(filled):
    rows = reads.compared_models(filled, encoder=ENCODER)
    assert rows["model_version_id"].to_list() == [1, 2, 3, 4, 5]
    assert rows["downloads"].to_list() == [10, 100, 1000, 10_000, None]
    assert reads.compared_models(filled, encoder="another").is_empty()


def test_model_gre(filled):
    rows = dict(reads.model_gre(filled).select("model_version_id", "gre").iter_rows())
    expected = filled.select("select gre from image_scores where model_version_id = 2")["gre"]
    assert rows[2] == pytest.approx(expected.mean())
    assert set(rows) <= {1, 2, 3, 4, 5}


def test_prompt_cells(filled):
    cells = {r["model_version_id"]: r for r in
             reads.prompt_cells(filled, prompt_id=1).rows(named=True)}  # fmt: skip
    assert cells[1]["images"] == 1, "the hidden seed is left out"
    hidden = filled.value(f"select sha256 from images where image_id = '{HIDDEN_ID}'")
    assert hidden not in {row["sha256"] for row in cells.values()}
    assert cells[4]["sha256"] is None, "only its metadata was imported"
    assert cells[5]["gre"] is None and UNSCORED_ID.startswith("p1-m5")
    two = reads.prompt_cells(filled, prompt_id=2)
    assert two.filter(two["model_version_id"] == 1)["images"].item() == 2


def test_pair_images(filled):
    rows = reads.pair_images(filled, prompt_id=2, first_model=3, second_model=1)
    assert rows["model_version_id"].to_list() == [1, 1, 3]
    best = rows["gre"].head(2).to_list()
    assert best == sorted(best, reverse=True)
    hidden = reads.pair_images(filled, prompt_id=1, first_model=1, second_model=2)
    assert hidden["image_id"].to_list() == ["p1-m1-s2", "p1-m2-s1"]


@pytest.mark.parametrize("prompt_id", [1, 2, 3])
def test_a_prompt_equals_the_slow_form(given, prompt_id):
    found = similarity.prompt_similarity(given[0], ENCODER, prompt_id)
    expected = sets(given, prompt_id)
    assert found.models.tolist() == sorted(expected)
    slow = [[slow_entry(expected, a, b) for b in sorted(expected)] for a in sorted(expected)]
    np.testing.assert_allclose(found.values, slow, atol=1e-5)
    everything = [vector for own in expected.values() for vector in own]
    assert found.aps == pytest.approx(reference.aps(everything), abs=1e-5)


def test_a_damaged_vector_is_counted_and_left_out(filled):
    found = similarity.prompt_similarity(filled, ENCODER, 2)
    assert found.models.tolist() == [1, 2, 3]
    assert found.undirected == 1


def test_a_prompt_without_features_has_no_models(filled):
    for encoder, prompt_id in ((ENCODER, 99), ("another", 1)):
        assert len(similarity.prompt_similarity(filled, encoder, prompt_id).models) == 0


def test_two_models_over_all_prompts_equal_the_slow_form(given):
    rows = similarity.pair_similarity(given[0], ENCODER, 3, 1)
    slow = {p: slow_entry(found, 3, 1) for p in (1, 2, 3) if {1, 3} <= set(found := sets(given, p))}
    assert dict(rows.select("prompt_id", "similarity").iter_rows()) == pytest.approx(slow, abs=1e-5)
    assert rows["similarity"].to_list() == sorted(rows["similarity"], reverse=True)
    assert dict(rows.select("prompt_id", "pairs").iter_rows())[2] == 2


def test_a_model_with_itself_is_told_where_it_has_several_pictures(given):
    rows = similarity.pair_similarity(given[0], ENCODER, 1, 1)
    assert sorted(rows["prompt_id"]) == [2, 3]
    assert similarity.pair_similarity(given[0], ENCODER, 2, 2).is_empty()


@pytest.mark.parametrize("batch", [1, 2, 7, 20_000])
def test_the_survey_equals_the_slow_form_however_it_is_read(given, monkeypatch, batch):
    monkeypatch.setattr(similarity, "_BATCH_ROWS", batch)
    whole = similarity.survey(given[0], ENCODER)
    found = {prompt_id: sets(given, prompt_id) for prompt_id in (1, 2, 3)}
    flat = {p: [v for own in f.values() for v in own] for p, f in found.items()}
    aps = {p: reference.aps(vectors) for p, vectors in flat.items()}
    assert dict(whole.prompts.select("prompt_id", "aps").iter_rows()) == pytest.approx(aps, 1e-5)
    ranks = dict(zip(aps, reference.diversity_ranks(list(aps.values())), strict=True))
    assert dict(whole.prompts.select("prompt_id", "rank").iter_rows()) == ranks
    assert whole.prompts.sort("prompt_id")["pictures"].to_list() == [5, 4, 4]
    assert whole.prompts.sort("prompt_id")["pairs"].to_list() == [10, 6, 6]
    assert whole.prompts["undirected"].sum() == 1
    for a in (1, 2, 3):
        for b in (1, 2, 3):
            entries = [slow_entry(f, a, b) for f in found.values() if a != b or len(f[a]) > 1]
            expected = reference.mean_and_deviation(entries)[0] if entries else 1.0
            assert whole.models.mean[a - 1, b - 1] == pytest.approx(expected, abs=1e-5)
            assert whole.models.prompts[a - 1, b - 1] == len(entries)


def test_a_survey_of_nothing_is_empty(empty):
    whole = similarity.survey(empty, ENCODER)
    assert whole.prompts.is_empty()
    assert whole.models.mean.shape == (0, 0)


def test_one_picture_has_no_aps_and_no_rank(tmp_path):
    warehouse = open_in_memory(tmp_path)
    seeding.fill(warehouse, prompts=1, models=1, seeds=1)
    give_features(warehouse)
    warehouse.select("select 1")
    with warehouse.transaction() as cursor:
        cursor.execute("update images set nsfw_score = 0")
    row = similarity.survey(warehouse, ENCODER).prompts.row(0, named=True)
    assert (row["aps"], row["rank"], row["pictures"], row["models"]) == (None, None, 1, 1)
    assert math.isnan(similarity.prompt_similarity(warehouse, ENCODER, 1).aps)
    warehouse.close()
