"""Each query of the screens on a tiny warehouse in memory; test name = query name."""

import inspect

import polars as pl
import pytest

from core.picture_filters import DateRange, PictureFilters, Range
from tests import seeding
from tests.seeding import HIDDEN_ID, UNSCORED_ID
from warehouse import selections
from warehouse.database import open_in_memory, query_text
from warehouse.reads import dataset, explore, selection


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    warehouse = open_in_memory(tmp_path_factory.mktemp("queries"))
    seeding.fill(warehouse)
    yield warehouse
    warehouse.close()


READS = [
    name
    for module in (dataset, explore, selection)
    for name, _ in inspect.getmembers(module, inspect.isfunction)
]


@pytest.mark.parametrize("name", READS)
def test_every_read_has_a_query_that_begins_with_a_sentence_and_a_test(name):
    text = query_text(name)
    first = text.splitlines()[0]
    assert first.startswith("-- ")
    assert first.endswith(".")
    assert text == text.lower() or "GRE-Score" in text or first != first.lower()
    assert f"test_{name}" in globals()


def test_dataset_counts(filled, empty):
    counts = dataset.dataset_counts(filled).row(0, named=True)
    assert counts == {
        "prompts": 3,
        "models": 5,
        "people": 0,
        "sessions": 0,
        "images": 17,
        "pictures": 16,
        "simulated_images": 17,
        "cells": 14,
        "hidden_images": 1,
        "scored_images": 14,
        "judgments": 0,
        "simulated_judgments": 0,
    }
    assert set(dataset.dataset_counts(empty).row(0)) == {0}


def test_image_sources(filled, empty):
    assert dataset.image_sources(filled).rows() == [("drawn for tests", True, 17)]
    assert dataset.image_sources(empty).is_empty()


def test_grid_coverage(filled, empty):
    cells = dataset.grid_coverage(filled, max_prompts=100, max_models=100)
    assert cells.height == 15
    missing = cells.filter(cells["images"] == 0).row(0, named=True)
    assert missing["model"] == "Model 5 · v5.0"
    assert missing["prompt"].startswith("A cartoon tiger face")
    assert cells["images"].sum() == 17
    assert {str(cells.schema[name]) for name in ("prompt_place", "model_place", "images")} == {
        "Int16"
    }
    blocks = dataset.grid_coverage(filled, max_prompts=2, max_models=2)
    assert blocks.height == 4
    assert blocks["images"].sum() == 17
    assert blocks["percent_filled"].to_list() == [100, 100, 100, 50]
    assert " and 2 more" in blocks["model"][0]
    assert dataset.grid_coverage(empty, max_prompts=2, max_models=2).is_empty()


def test_prompts_by_tag(filled):
    assert dataset.prompts_by_tag(filled).rows() == [
        ("<b>tag</b> $t$", 1, 6),
        ("animal", 1, 6),
        ("no tag", 1, 5),
    ]


def test_models_by_base(filled):
    rows = dataset.models_by_base(filled).rows()
    assert ("SD 1.5", "lora", 1) in rows
    assert ("unknown", "merge", 1) in rows
    assert sum(row[2] for row in rows) == 5


def test_downloads_histogram(filled):
    bins = dataset.downloads_histogram(filled)
    assert bins["models"].sum() == 4, "the model with unknown downloads is left out"
    first = bins.row(0, named=True)
    assert first["lower_downloads"] <= 11 < first["upper_downloads"]


def test_active_profile(filled):
    rows = dataset.active_profile(filled).rows(named=True)
    assert [(row["metric"], row["lambda"]) for row in rows] == [
        ("clip", 1.0),
        ("mcos", 0.8),
        ("pop", 0.2),
    ]
    assert rows[0]["label"] == "CLIP score"


def test_prompt_choices(filled):
    rows = {row["prompt_id"]: row for row in explore.prompt_choices(filled).rows(named=True)}
    assert (rows[1]["visible"], rows[1]["hidden"], rows[1]["unscored"]) == (5, 1, 1)
    assert rows[2]["negative_prompt"] is None, "a single blank is no negative prompt"
    assert rows[3]["tag"] is None


def matches(warehouse, **filters):
    rows = explore.explore_matches(
        warehouse, explore.explore_catalogue(warehouse), PictureFilters(**filters)
    )
    return rows.with_columns(pl.lit(None, dtype=pl.Float32).alias("cosine"))


def remaining(warehouse, **filters):
    rows = matches(warehouse, **filters)
    return set(rows.filter(pl.col("kept_out_by") == "")["image_id"])


def test_explore_catalogue(filled, empty):
    rows = explore.explore_catalogue(filled)
    assert rows.height == 17
    assert rows.filter(pl.col("hidden"))["image_id"].to_list() == [HIDDEN_ID]
    assert explore.explore_catalogue(empty).is_empty()


def test_explore_matches(filled, empty):
    everything = {
        f"p{p}-m{m}-s{s}"
        for p in (1, 2, 3)
        for m in range(1, 6)
        for s in ((1, 2) if m == 1 else (1,))
    } - {"p3-m5-s1", HIDDEN_ID}
    assert remaining(filled) == everything
    for filters, fits in (
        ({"tags": ("animal",)}, lambda i: i.startswith("p1")),
        ({"tags": ("animal", "")}, lambda i: i[:2] in ("p1", "p3")),
        ({"prompt_ids": (2, 3)}, lambda i: i[:2] in ("p2", "p3")),
        ({"words": ("CARTOON", "tiger")}, lambda i: i.startswith("p3")),
        ({"words": ("tiger", "nowhere")}, lambda i: False),
        ({"model_version_ids": (4,)}, lambda i: "m4" in i),
        ({"base_models": ("",)}, lambda i: i[3:5] in ("m2", "m4")),
        ({"kinds": ("lora",)}, lambda i: i[3:5] in ("m1", "m4")),
        ({"model_tags": ("style", "unheard of")}, lambda i: True),
        ({"licences": ("",)}, lambda i: "m2" in i),
        ({"sources": ("elsewhere",)}, lambda i: False),
        ({"simulated": False}, lambda i: False),
        ({"downloads": Range(100, 1000)}, lambda i: i[3:5] in ("m2", "m3")),
        ({"downloads": Range(0, None)}, lambda i: "m5" not in i),
        ({"added": DateRange(None, None)}, lambda i: True),
        ({"tags": ("animal",), "model_version_ids": (2,)}, lambda i: i == "p1-m2-s1"),
    ):
        assert remaining(filled, **filters) == {i for i in everything if fits(i)}, filters
    assert remaining(filled, hidden=True) == {HIDDEN_ID}
    assert UNSCORED_ID not in remaining(filled, gre=Range(-10, None)), "no score is no score"
    two = matches(filled, tags=("animal",), model_version_ids=(2,))
    told = dict(two.select("image_id", "kept_out_by").iter_rows())
    assert (told["p1-m3-s1"], told["p2-m2-s1"], told["p2-m3-s1"]) == ("model", "tag", "several")
    assert matches(empty).is_empty()


def test_explore_facets(filled, empty):
    def options(name, **filters):
        rows = explore.explore_facets(filled, matches(filled, **filters))
        return dict(rows.filter(pl.col("facet") == name).select("value", "remaining").iter_rows())

    assert options("tag") == {"animal": 5, "<b>tag</b> $t$": 6, "": 5}
    filters = {"tags": ("animal",), "kinds": ("lora",)}
    assert options("tag", **filters) == {"animal": 2, "<b>tag</b> $t$": 3, "": 3}, "tag set aside"
    assert options("prompt", **filters) == {"1": 2}
    for facet, attribute in (
        ("tag", "tags"),
        ("model", "model_version_ids"),
        ("base_model", "base_models"),
        ("kind", "kinds"),
        ("model_tag", "model_tags"),
        ("licence", "licences"),
        ("source", "sources"),
    ):
        for value, count in options(facet, **filters).items():
            chosen = int(value) if facet == "model" else value
            asked = filters | {attribute: (chosen,)}
            assert count == len(remaining(filled, **asked)), (facet, value)
    assert options("hidden") == {"false": 16, "true": 1}
    assert options("simulated") == {"true": 16}
    assert explore.explore_facets(empty, matches(empty)).is_empty()


def test_explore_ranges(filled, empty):
    rows = explore.explore_ranges(filled, matches(filled, tags=("animal",)), bins=10)
    scored = rows.filter(pl.col("facet") == "gre")
    assert scored["remaining"].sum() == 4, "five of the tag, one without a score"
    assert scored["lowest"][0] < scored["highest"][0]
    downloads = rows.filter(pl.col("facet") == "downloads")
    assert downloads["highest"][0] == pytest.approx(4, abs=1e-3), "log10 of 10,001"
    aside = matches(filled, tags=("animal",), gre=Range(99, None))
    again = explore.explore_ranges(filled, aside, bins=10)
    assert again.filter(pl.col("facet") == "gre")["remaining"].sum() == 4, "its own range set aside"
    assert again.filter(pl.col("facet") == "clip")["remaining"].sum() == 0
    assert explore.explore_ranges(empty, matches(empty), bins=10).is_empty()


def test_explore_page(filled):
    found = matches(filled, prompt_ids=(1,))

    def page(sort, skip=0, page_size=10):
        return explore.explore_page(filled, found, sort=sort, skip=skip, page_size=page_size)

    for sort, column in (
        ("gre", "gre"),
        ("clip", "clip_score"),
        ("distinctiveness", "q_mcos"),
        ("popularity", "downloads"),
    ):
        rows = page(sort)
        scores = rows[column].drop_nulls().to_list()
        assert scores == sorted(scores, reverse=True)
        assert rows["rank"].drop_nulls().to_list() == list(range(1, len(scores) + 1))
        assert HIDDEN_ID not in rows["image_id"].to_list()
        assert set(rows["total"]) == {5}
    ids = page("gre")["image_id"].to_list()
    assert ids[-1] == UNSCORED_ID
    assert [i for skip in (0, 2, 4) for i in page("gre", skip, 2)["image_id"]] == ids
    assert page("nearest").is_empty(), "nothing was searched"
    two = explore.explore_page(
        filled, matches(filled, prompt_ids=(2,)), sort="gre", skip=0, page_size=10
    )
    assert two.filter(two["model_version_id"] == 1)["seeds"].to_list() == [2, 2]


def test_explore_matrix(filled):
    def block(skip_prompts, skip_models, size):
        return explore.explore_matrix(
            filled, matches(filled), sort="gre", skip_prompts=skip_prompts, prompts_shown=size,
            skip_models=skip_models, models_shown=size,
        )  # fmt: skip

    whole = block(0, 0, 10)
    assert whole.height == 14, "3 x 5 without the cell that has no image"
    assert set(whole["total_prompts"]) == {3}
    assert set(whole["total_models"]) == {5}
    seeds = whole.filter((pl.col("prompt_id") == 2) & (pl.col("model_version_id") == 1))
    assert seeds["seeds"].to_list() == [2]
    both = [explore.image_details(filled, [f"p2-m1-s{s}"])["gre"][0] for s in (1, 2)]
    assert seeds["score"][0] == pytest.approx(max(both)), "the best of the cell"
    parts = [block(p, m, 2) for p in (0, 2) for m in (0, 2, 4)]
    assert pl.concat(parts).sort("image_id").equals(whole.sort("image_id"))


def test_explore_image_ids(filled):
    found = matches(filled)
    paged = explore.explore_page(filled, found, sort="clip", skip=0, page_size=100)
    ids = explore.explore_image_ids(filled, found, sort="clip")
    assert ids["image_id"].to_list() == paged["image_id"].to_list()


def test_cell_siblings(filled):
    assert explore.cell_siblings(filled, "p2-m1-s1")["image_id"].to_list() == ["p2-m1-s2"]
    assert explore.cell_siblings(filled, "p2-m2-s1").is_empty()
    hidden_sibling = HIDDEN_ID.replace("s1", "s2")
    assert explore.cell_siblings(filled, hidden_sibling).is_empty(), "hidden ones stay hidden"


def test_basket(filled):
    picker = selections.Picker("basket", "Basket", "viewer")
    selections.pick(filled, picker, ["p2-m3-s1", "p1-m2-s1", HIDDEN_ID, "nobody"], page="explore")
    rows = selection.basket(filled, person_id="basket")
    assert rows["image_id"].to_list() == ["p2-m3-s1", "p1-m2-s1"], "in the order of picking"
    assert rows["model_name"].to_list() == ["Model 3", "Model 2"]
    assert selection.basket(filled, person_id="somebody else").is_empty()


def test_last_gesture(filled):
    picker = selections.Picker("last", "Last", "viewer")
    assert selection.last_gesture(filled, person_id="last").is_empty()
    selections.pick(filled, picker, ["p1-m2-s1", "p1-m3-s1"], page="explore")
    row = selection.last_gesture(filled, person_id="last").row(0, named=True)
    assert (row["kind"], row["page"], row["images"]) == ("pick", "explore", 2)
    selections.undo(filled, picker, page="home")
    assert selection.last_gesture(filled, person_id="last").is_empty()


def test_image_details(filled):
    rows = explore.image_details(filled, ["p2-m3-s1", HIDDEN_ID, "p1-m2-s1", "nobody"])
    assert rows["image_id"].to_list() == ["p2-m3-s1", "p1-m2-s1"]
    second = rows.row(1, named=True)
    assert second["seed"] == 2**40 + 1
    assert second["tags"] == ["style", "<b>2.5d</b>"]
    assert second["model_name"] == "Model 2"
    assert explore.image_details(filled, []).is_empty()


def test_image_metric_details(filled):
    rows = explore.image_metric_details(filled, ["p1-m2-s1"])
    assert rows["metric"].to_list() == ["clip", "mcos", "pop"]
    gre = explore.image_details(filled, ["p1-m2-s1"])["gre"][0]
    assert rows["contribution"].sum() == pytest.approx(gre)
    unscored = explore.image_metric_details(filled, [UNSCORED_ID])
    assert unscored.filter(unscored["metric"] == "clip")["value"][0] is None


def test_hidden_pictures(filled):
    hidden = explore.hidden_pictures(filled)["sha256"].to_list()
    expected = filled.value(
        "select sha256 from images inner join image_scores using (image_id) where hidden"
    )
    assert hidden == [expected]
