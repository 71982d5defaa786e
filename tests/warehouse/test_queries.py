"""Each query of the screens on a tiny warehouse in memory; test name = query name."""

import inspect

import pytest

from tests import seeding
from tests.seeding import HIDDEN_ID, UNSCORED_ID
from warehouse.database import open_in_memory, query_text
from warehouse.reads import dataset, explore


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    warehouse = open_in_memory(tmp_path_factory.mktemp("queries"))
    seeding.fill(warehouse)
    yield warehouse
    warehouse.close()


@pytest.fixture
def empty(tmp_path):
    warehouse = open_in_memory(tmp_path)
    yield warehouse
    warehouse.close()


READS = [
    name
    for module in (dataset, explore)
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


def test_prompt_gallery(filled):
    def ids(sort, skip=0, page_size=10):
        rows = explore.prompt_gallery(
            filled, prompt_id=1, sort=sort, skip=skip, page_size=page_size
        )
        return rows["image_id"].to_list()

    for sort, column in (
        ("gre", "gre"),
        ("clip", "clip_score"),
        ("distinctiveness", "q_mcos"),
        ("popularity", "downloads"),
    ):
        rows = explore.prompt_gallery(filled, prompt_id=1, sort=sort, skip=0, page_size=10)
        scores = rows[column].drop_nulls().to_list()
        assert scores == sorted(scores, reverse=True)
        assert rows["rank"].drop_nulls().to_list() == list(range(1, len(scores) + 1))
        assert HIDDEN_ID not in rows["image_id"].to_list()
        assert set(rows["total"]) == {5}
    assert ids("gre")[-1] == UNSCORED_ID
    assert ids("gre", 0, 2) + ids("gre", 2, 2) + ids("gre", 4, 2) == ids("gre")
    two = explore.prompt_gallery(filled, prompt_id=2, sort="gre", skip=0, page_size=10)
    assert two.filter(two["model_version_id"] == 1)["seeds"].to_list() == [2, 2]


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
