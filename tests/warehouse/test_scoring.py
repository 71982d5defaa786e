"""Scores: equal to the slow forms, hidden images without influence, and known to be out of date."""

import dataclasses
import math
from itertools import groupby

import numpy as np
import polars as pl
import pytest

from core import reference
from core.errors import ScoreError
from core.gre import gre_scores, metric_grid
from core.metrics import clip
from core.picture_filters import PictureFilters
from core.scores import group_starts
from core.weights.normalisation import Normalisation, normalise
from tests.warehouse.grids import land_features, land_grid
from warehouse.landing import land
from warehouse.profiles import activate_profile, save_profile
from warehouse.reads import explore
from warehouse.records import ImageRecord, ModelRecord, PromptRecord
from warehouse.scoring import score, scores_current

COLUMNS = "image_id prompt_id model_version_id clip_score mcos q_clip q_mcos q_pop gre"
VIEW = COLUMNS.split()


def view(warehouse):
    return warehouse.select("select * from image_scores order by prompt_id, image_id")


def one(warehouse, image_id):
    return view(warehouse).row(by_predicate=pl.col("image_id") == image_id, named=True)


def drawn_features(warehouse, dimension=5, seed=1):
    """Features for every image and prompt, of various lengths."""
    random = np.random.default_rng(seed)
    images = warehouse.select("select image_id from images order by 1")["image_id"]
    prompts = warehouse.select("select prompt_id from prompts order by 1")["prompt_id"]
    vectors = {i: (random.standard_normal(dimension) * 9).tolist() for i in images}
    texts = {p: random.standard_normal(dimension).tolist() for p in prompts}
    land_features(warehouse, vectors, texts)
    return vectors, texts


def slow_scores(rows, vectors, texts, downloads, lambdas):
    """What image_scores must hold, by core.reference alone; `rows` are (image, prompt, model)."""
    logs = {model: math.log10(count + 1) for model, count in downloads.items()}
    q_pop = dict(zip(logs, reference.min_max(list(logs.values())), strict=True))
    found = {}
    for prompt, group in groupby(rows, key=lambda row: row[1]):
        images = list(group)
        shown = [vectors[image] for image, _, _ in images]
        clip = [100 * reference.cosine(vector, texts[prompt]) for vector in shown]
        mcos = [reference.mcos(index, shown) for index in range(len(shown))]
        q_clip, alike = reference.min_max(clip), reference.min_max(mcos)
        for index, (image, _, model) in enumerate(images):
            q = {"clip": q_clip[index], "mcos": 1 - alike[index], "pop": q_pop[model]}
            found[image] = (clip[index], mcos[index], *q.values(), reference.gre(q, lambdas))
    return found


def assert_equal_to_slow(warehouse, vectors, texts, lambdas):
    rows = view(warehouse).filter(~pl.col("hidden"))
    downloads = dict(warehouse.select("select model_version_id, downloads from models").rows())
    slow = slow_scores(rows.select(VIEW[:3]).rows(), vectors, texts, downloads, lambdas)
    assert rows.height == len(slow) > 0
    for row in rows.select(VIEW).iter_rows():
        assert row[3:] == pytest.approx(slow[row[0]], abs=1e-4), row[0]


def test_every_score_equals_the_slow_form(warehouse):
    land_grid(warehouse, 3, 4)
    vectors, texts = drawn_features(warehouse)
    score(warehouse)
    assert_equal_to_slow(warehouse, vectors, texts, {"clip": 1, "mcos": 0.8, "pop": 0.2})


def test_hidden_images_enter_neither_mcos_nor_any_min_max(warehouse):
    land_grid(warehouse, 3, 4, hidden=((1, 1), (2, 4)))
    vectors, texts = drawn_features(warehouse)
    report = score(warehouse)
    assert (report.images, report.hidden) == (12, 2)
    assert_equal_to_slow(warehouse, vectors, texts, {"clip": 1, "mcos": 0.8, "pop": 0.2})
    hidden = one(warehouse, "1-1")
    assert hidden["hidden"]
    assert [hidden[name] for name in ("q_clip", "q_mcos", "q_pop", "gre")] == [None] * 4
    assert hidden["mcos"] is None
    assert hidden["clip_score"] is not None, "raw values of its own are kept"


def test_hidden_images_with_brought_values_count_for_nobody_either(warehouse):
    land_grid(warehouse, 1, 3, metrics=True, hidden=((1, 2),))
    with warehouse.cursor() as cursor:
        cursor.execute("update image_metrics set value = 1000 where image_id = '1-2'")
    score(warehouse)
    shown = view(warehouse).filter(~pl.col("hidden"))
    assert sorted(shown["q_clip"]) == [0, 1]
    assert sorted(shown["q_mcos"]) == [0, 1]
    assert one(warehouse, "1-2")["q_clip"] is None


def test_the_threshold_itself_is_not_yet_hidden(warehouse):
    land_grid(warehouse, 1, 2, metrics=True)
    with warehouse.cursor() as cursor:
        cursor.execute("update images set nsfw_score = 0.8 where image_id = '1-1'")
        cursor.execute("update images set nsfw_score = 0.80001 where image_id = '1-2'")
    assert score(warehouse).hidden == 1
    assert not one(warehouse, "1-1")["hidden"]


def test_values_that_a_dataset_brought_stand(warehouse):
    land_grid(warehouse, 1, 3, metrics=True)
    brought = dict(
        warehouse.select("select image_id, value from image_metrics where metric = 'clip'").rows()
    )
    with warehouse.cursor() as cursor:
        cursor.execute("delete from image_metrics where image_id = '1-3'")
    drawn_features(warehouse)
    report = score(warehouse)
    assert report.mixed_prompts == 1
    for image_id in ("1-1", "1-2"):
        assert one(warehouse, image_id)["clip_score"] == brought[image_id]
    assert one(warehouse, "1-3")["clip_score"] is not None


def test_unmixed_prompts_are_not_called_mixed(warehouse):
    land_grid(warehouse, 2, 3, metrics=True)
    drawn_features(warehouse)
    assert score(warehouse).mixed_prompts == 0


def test_an_image_that_lacks_a_metric_is_listed_without_gre(warehouse):
    land_grid(warehouse, 1, 3, metrics=True)
    with warehouse.cursor() as cursor:
        cursor.execute("delete from image_metrics where image_id = '1-2' and metric = 'clip'")
    score(warehouse)
    row = one(warehouse, "1-2")
    assert (row["clip_score"], row["q_clip"], row["gre"]) == (None, None, None)
    assert row["q_mcos"] is not None
    assert one(warehouse, "1-1")["gre"] is not None
    catalogue = explore.explore_catalogue(warehouse)
    matches = explore.explore_matches(warehouse, catalogue, PictureFilters()).with_columns(
        cosine=pl.lit(None, pl.Float32)
    )
    gallery = explore.explore_page(warehouse, matches, sort="gre", skip=0, page_size=10)
    assert gallery["image_id"].to_list()[-1] == "1-2"
    assert gallery["rank"].to_list()[-1] is None


def test_images_that_never_were_scored_are_listed_without_gre(warehouse):
    land_grid(warehouse, 2, 2)
    assert view(warehouse)["gre"].to_list() == [None] * 4
    score(warehouse)
    assert view(warehouse)["gre"].to_list() == [None] * 4
    assert None not in view(warehouse)["q_pop"].to_list()


def test_unknown_downloads_leave_gre_missing_and_count_for_nobody(warehouse):
    land_grid(warehouse, 1, 3, metrics=True)
    with warehouse.cursor() as cursor:
        cursor.execute("update models set downloads = null where model_version_id = 2")
    score(warehouse)
    assert [row["q_pop"] for row in view(warehouse).iter_rows(named=True)] == [0, None, 1]
    assert one(warehouse, "1-2")["gre"] is None


def test_popularity_is_scaled_over_all_models_with_images_or_not(warehouse):
    land_grid(warehouse, 1, 2, metrics=True)
    land(warehouse, "import", "tests", models=[ModelRecord(9, "nine", downloads=10**9)])
    score(warehouse)
    logs = [math.log10(7 + 1), math.log10(49 + 1), math.log10(10**9 + 1)]
    expected = reference.min_max(logs)[:2]
    assert view(warehouse)["q_pop"].to_list() == pytest.approx(expected)


def test_a_constant_prompt_gives_0_for_clip_and_1_for_distinctiveness(warehouse):
    land_grid(warehouse, 1, 3, metrics=True)
    with warehouse.cursor() as cursor:
        cursor.execute("update image_metrics set value = 0.5")
    score(warehouse)
    assert view(warehouse)["q_clip"].to_list() == [0, 0, 0]
    assert view(warehouse)["q_mcos"].to_list() == [1, 1, 1]


def test_a_single_image_has_scores(warehouse):
    land_grid(warehouse, 1, 1)
    drawn_features(warehouse)
    score(warehouse)
    row = view(warehouse).row(0, named=True)
    assert row["mcos"] == pytest.approx(1, abs=1e-6)
    assert (row["q_clip"], row["q_mcos"], row["q_pop"]) == (0, 1, 0)
    assert row["gre"] == pytest.approx(0.8)


def test_several_seeds_of_a_cell_are_images_like_any(warehouse):
    land_grid(warehouse, 1, 2)
    twins = [ImageRecord(f"twin {n}", 1, 1, "tests", seed=n) for n in range(3)]
    land(warehouse, "import", "tests", images=twins)
    vectors, texts = drawn_features(warehouse)
    score(warehouse)
    assert_equal_to_slow(warehouse, vectors, texts, {"clip": 1, "mcos": 0.8, "pop": 0.2})


def test_images_without_features_keep_the_others_scores_right(warehouse):
    land_grid(warehouse, 2, 4)
    vectors, texts = drawn_features(warehouse)
    with warehouse.cursor() as cursor:
        cursor.execute("delete from image_features where image_id in ('1-2', '2-1')")
        cursor.execute("delete from prompt_features where prompt_id = 2")
    report = score(warehouse)
    assert report.present == {"clip": 3, "mcos": 6, "pop": 8}
    shown = [vectors[i] for i in ("1-1", "1-3", "1-4")]
    assert one(warehouse, "1-3")["mcos"] == pytest.approx(reference.mcos(1, shown), abs=1e-5)
    expected = 100 * reference.cosine(vectors["1-4"], texts[1])
    assert one(warehouse, "1-4")["clip_score"] == pytest.approx(expected, abs=1e-4)
    assert one(warehouse, "2-2")["clip_score"] is None


def test_features_of_different_lengths_are_an_error_of_ours(warehouse):
    land_grid(warehouse, 1, 2)
    drawn_features(warehouse)
    with warehouse.cursor() as cursor:
        cursor.execute("update image_features set vector = [1, 2] where image_id = '1-2'")
    with pytest.raises(ScoreError, match=r"2 to 5.*check"):
        score(warehouse)
    with warehouse.cursor() as cursor:
        cursor.execute("update image_features set vector = [1, 2]")
    with pytest.raises(ScoreError, match="Image and prompt features"):
        score(warehouse)


def test_broken_features_are_missing_and_influence_nobody(warehouse):
    land_grid(warehouse, 1, 4)
    vectors, _ = drawn_features(warehouse, dimension=3)
    with warehouse.cursor() as cursor:
        cursor.execute("update image_features set vector = [0, 0, 0] where image_id = '1-1'")
        cursor.execute(
            "update image_features set vector = [1, 'inf'::float, 1] where image_id = '1-2'"
        )
    score(warehouse)
    expected = reference.mcos(0, [vectors["1-3"], vectors["1-4"]])
    assert one(warehouse, "1-3")["mcos"] == pytest.approx(expected, abs=1e-5)
    assert one(warehouse, "1-1")["mcos"] is None
    assert one(warehouse, "1-2")["mcos"] is None


def test_an_empty_warehouse_scores_nothing(warehouse):
    report = score(warehouse)
    assert (report.images, report.hidden, report.mixed_prompts) == (0, 0, 0)
    assert scores_current(warehouse)


def test_a_metric_registered_beyond_the_three_joins_the_sum(warehouse):
    land_grid(warehouse, 2, 3, metrics=True)
    with warehouse.cursor() as cursor:
        cursor.execute(
            "insert into metrics values ('contrast', 'Contrast', 'how strong', 'prompt', true)"
        )
        cursor.execute(
            "insert into image_metrics "
            "select image_id, 'contrast', model_version_id * 10.0, 'tests' from images"
        )
    save_profile(warehouse, "strong", {"clip": 0.5, "contrast": 3})
    activate_profile(warehouse, "strong")
    score(warehouse)
    for row in view(warehouse).iter_rows(named=True):
        expected = 0.5 * row["q_clip"] + 3 * (row["model_version_id"] - 1) / 2
        assert row["gre"] == pytest.approx(expected)


def test_the_view_ranks_as_the_draft_in_core_does(warehouse):
    land_grid(warehouse, 4, 5, metrics=True, hidden=((2, 2),))
    lambdas = {"clip": 0.3, "mcos": 1.7}
    save_profile(warehouse, "draft", lambdas)
    activate_profile(warehouse, "draft")
    score(warehouse)
    rows = view(warehouse).filter(~pl.col("hidden"))
    metrics = {name: rows[f"q_{name}"].to_numpy() for name in ("clip", "mcos", "pop")}
    grid = metric_grid(metrics, group_starts(rows["prompt_id"].to_numpy()))
    draft = gre_scores(grid, lambdas)[grid.rows >= 0]
    np.testing.assert_allclose(draft, rows["gre"].to_numpy(), atol=1e-6)


CHANGES = {
    "threshold": "update warehouse_settings set value = '0.05' where name = 'nsfw_threshold'",
    "two hidden": "update images set nsfw_score = 0.9 where prompt_id = 1",
    "swapped downloads": "update models set downloads = 7 ** (3 - model_version_id)",
    "swapped values": "update image_metrics set value = (select sum(value) from image_metrics "
    "as other where other.metric = image_metrics.metric and image_id in ('1-1', '1-2')) - value "
    "where image_id in ('1-1', '1-2')",
    "nsfw": "update images set nsfw_score = 0.9 where image_id = '1-1'",
    "downloads": "update models set downloads = 123456 where model_version_id = 2",
    "model": "insert into models (model_version_id, model_name, downloads) values (9, 'nine', 5)",
    "metric": "update image_metrics set value = value + 1 where image_id = '1-1'",
    "no metric": "delete from image_metrics where image_id = '1-1'",
    "image": "insert into images (image_id, prompt_id, model_version_id, source) "
    "values ('new', 1, 1, 'tests')",
    "no image": "delete from images where image_id = '1-1'",
    "feature": "update image_features set vector[1] = 7 where image_id = '1-1'",
    "no feature": "delete from image_features where image_id = '1-1'",
    "prompt feature": "update prompt_features set vector[1] = 7 where prompt_id = 1",
    "encoder": "update warehouse_settings set value = 'other' where name = 'scoring_encoder'",
    "raw nsfw": "update images set nsfw_score = 0.2 where image_id = '1-1'",
    "normalisation": "update weight_profiles set normalisation = 'rank' where active",
    "weighed metric": "insert into weight_profiles (name, lambdas, author) "
    "values ('safe', map {'nsfw': 1.0}, 'tests')",
    "definition": "update metrics set larger_is_better = false where metric = 'clip'",
}


@pytest.mark.parametrize("change", CHANGES)
def test_scores_are_out_of_date_after_a_change_and_fine_after_scoring(warehouse, change):
    land_grid(warehouse, 2, 2, metrics=True)
    drawn_features(warehouse)
    assert not scores_current(warehouse), "never scored"
    score(warehouse)
    assert scores_current(warehouse)
    with warehouse.cursor() as cursor:
        cursor.execute(CHANGES[change].replace("vector[1] = 7", "vector = [7, 1, 1, 1, 1]"))
    assert not scores_current(warehouse)
    score(warehouse)
    assert scores_current(warehouse)


def test_what_scores_do_not_depend_on_leaves_them_current(warehouse):
    land_grid(warehouse, 2, 2, metrics=True)
    score(warehouse)
    land(warehouse, "import", "tests", prompts=[PromptRecord(1, "prompt 1", "tests", tag="new")])
    save_profile(warehouse, "other", {"clip": 1})
    activate_profile(warehouse, "other")
    assert scores_current(warehouse)


def test_scoring_twice_gives_the_same(warehouse):
    land_grid(warehouse, 2, 3, hidden=((1, 1),))
    drawn_features(warehouse)
    score(warehouse)
    before = view(warehouse)
    score(warehouse)
    assert view(warehouse).equals(before)
    assert warehouse.value("select count(*) from scored_metrics") == 3 * 6 - 1


@pytest.mark.parametrize("way", Normalisation)
def test_q_is_normalised_as_the_active_profile_says(warehouse, way):
    land_grid(warehouse, 2, 4, metrics=True, hidden=((2, 2),))
    save_profile(warehouse, "mine", {"clip": 1, "mcos": 1, "pop": 1}, normalisation=way)
    activate_profile(warehouse, "mine")
    assert score(warehouse).normalisation == way
    rows = view(warehouse).filter(~pl.col("hidden"))
    starts = group_starts(rows["prompt_id"].to_numpy())
    for name, raw, larger in (("q_clip", "clip_score", True), ("q_mcos", "mcos", False)):
        expected = normalise(rows[raw].to_numpy(), starts, way, larger_is_better=larger)
        np.testing.assert_allclose(rows[name].to_numpy(), expected)
    logs = np.log10(7.0 ** np.arange(1, 5) + 1)
    of_models = normalise(logs, np.zeros(1, np.int64), way, larger_is_better=True)
    assert rows["q_pop"].to_list() == pytest.approx(of_models[rows["model_version_id"] - 1])


def test_scores_are_out_of_date_when_a_metric_has_a_new_version(warehouse, monkeypatch):
    land_grid(warehouse, 1, 2, metrics=True)
    score(warehouse)
    monkeypatch.setattr(clip, "METRIC", dataclasses.replace(clip.METRIC, version=2))
    assert not scores_current(warehouse)
    score(warehouse)
    assert scores_current(warehouse)
