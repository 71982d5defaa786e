"""Each query of jobs and of the builder on a tiny warehouse; test name = query name."""

import time

import pytest

from tests import seeding
from tests.warehouse.making import ANN, Painter, add_models, an_order
from warehouse.database import query_text
from warehouse.generation import job_rows, watching
from warehouse.generation.service import GenerationService

QUERIES = [
    "add_own_prompt",
    "filled_cells",
    "generation_jobs",
    "generation_speeds",
    "job_pictures",
    "picture_uses",
    "pictures_by_identity",
    "pictures_to_finish",
    "prompt_like",
    "prompts_to_build",
]


@pytest.fixture
def filled(warehouse):
    seeding.fill(warehouse)
    return warehouse


@pytest.fixture
def made(warehouse, settings):
    """A job of two pictures that was done."""
    add_models(warehouse)
    service = GenerationService(warehouse, settings, [Painter()])
    job_id = service.ask(an_order(seeds=(1, 2)), ANN)
    while not watching.job_view(warehouse, service, job_id).ended:
        time.sleep(0.01)
    service.close()
    return job_id


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_begins_with_a_sentence_and_has_a_test(name):
    first = query_text(name).splitlines()[0]
    assert first.startswith("-- ")
    assert first.endswith(".")
    assert f"test_{name}" in globals()


def like(warehouse, prompt, negative_prompt="", kept_apart=()):
    rows = warehouse.frame(
        "prompt_like",
        prompt=prompt,
        negative_prompt=negative_prompt,
        kept_apart=list(kept_apart),
    )
    return rows["prompt_id"].to_list()


def test_prompt_like(filled):
    prompt_id, prompt, negative_prompt, source = filled.select(
        "select prompt_id, prompt, coalesce(negative_prompt, ''), source from prompts "
        "order by prompt_id limit 1"
    ).row(0)
    assert like(filled, prompt, negative_prompt) == [prompt_id]
    assert like(filled, prompt, negative_prompt + "!") == []
    assert like(filled, prompt + " ", negative_prompt) == []
    assert like(filled, prompt, negative_prompt, kept_apart=[source]) == []


def test_add_own_prompt(warehouse):
    asked = {
        "prompt": "a cat",
        "negative_prompt": "",
        "numbers_from": 1000,
        "tag": "custom",
        "source": "generated",
        "width": 64,
        "height": 32,
        "sampler": "DDIM",
        "cfg_scale": 4.0,
    }
    for expected in (1000, 1001):
        with warehouse.transaction() as cursor:
            assert cursor.execute(query_text("add_own_prompt"), asked).fetchone() == (expected,)
    row = warehouse.select("select * from prompts where prompt_id = 1000").row(0, named=True)
    assert (row["negative_prompt"], row["width"], row["height"]) == (None, 64, 32)


def test_pictures_by_identity(warehouse, made):
    rows = job_rows.job_pictures(warehouse, made)
    names = rows["identity"].to_list()
    found = warehouse.frame("pictures_by_identity", identities=[names[0], "f" * 64])
    assert found.select("identity", "image_id", "sha256").rows() == [
        (names[0], rows["image_id"][0], rows["sha256"][0])
    ]


def test_job_pictures(warehouse, made):
    rows = warehouse.frame("job_pictures", job_id=made)
    assert rows["place"].to_list() == [0, 1]
    assert rows["hidden"].to_list() == [False, False]
    with warehouse.transaction() as cursor:
        cursor.execute("update generated_pictures set nsfw_score = 0.9 where place = 1")
    assert warehouse.frame("job_pictures", job_id=made)["hidden"].to_list() == [False, True]
    assert warehouse.frame("job_pictures", job_id="other").is_empty()


def test_generation_jobs(warehouse, made):
    asked = {"kind": "generate", "person_id": None, "job_id": None, "most": 5}
    (row,) = warehouse.frame("generation_jobs", **asked).to_dicts()
    assert (row["job_id"], row["person_name"], row["state"]) == (made, "Ann", "done")
    for changes in ({"kind": "map"}, {"person_id": "ben"}, {"job_id": "x"}, {"most": 0}):
        assert warehouse.frame("generation_jobs", **(asked | changes)).is_empty()


def test_generation_speeds(warehouse, made):
    rows = warehouse.frame("generation_speeds", most=10)
    assert rows.select("device", "pictures", "load_s", "make_s").rows() == [("cpu", 2, 0.5, 1.0)]


def test_picture_uses(warehouse, made):
    ids = job_rows.job_pictures(warehouse, made)["image_id"].to_list()
    assert warehouse.frame("picture_uses", image_ids=ids).is_empty()
    with warehouse.transaction() as cursor:
        cursor.execute(
            "insert into selections (person_id, prompt_id, image_id, model_version_id, picked, "
            "page) values ('ann', 1, $id, 1, true, 'explore')",
            {"id": ids[1]},
        )
    assert warehouse.frame("picture_uses", image_ids=ids)["image_id"].to_list() == [ids[1]]


def test_filled_cells(filled):
    asked = {"model_version_ids": list(range(100)), "prompt_ids": [1, 2, 3]}
    cells = set(filled.frame("filled_cells", **asked).rows())
    expected = filled.select(
        "select distinct model_version_id, prompt_id from images where path is not null"
    )
    assert cells == set(expected.rows())
    assert filled.frame("filled_cells", **(asked | {"prompt_ids": []})).is_empty()


def test_prompts_to_build(filled):
    assert filled.frame("prompts_to_build", prompt_ids=None)["prompt_id"].to_list() == [1, 2, 3]
    assert filled.frame("prompts_to_build", prompt_ids=[3, 9])["prompt_id"].to_list() == [3]


def test_pictures_to_finish(warehouse, made):
    asked = {"source": "generated", "model_version_ids": [11], "prompt_ids": [1_000_000_000]}
    rows = warehouse.frame("pictures_to_finish", **asked)
    assert rows["image_id"].to_list() == sorted(
        job_rows.job_pictures(warehouse, made)["image_id"].to_list()
    )
    assert warehouse.frame("pictures_to_finish", **(asked | {"source": "starter"})).is_empty()
