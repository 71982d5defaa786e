"""A picture's page and the searches by features that start there."""

import json

import duckdb
import numpy as np
import pytest

from dashboard.components.pictures.recipe import IMAGE, MODEL, recipe_json
from dashboard.state import explore as state
from tests.pages.apps import cards, components, opened
from tests.seeding import HIDDEN_ID
from tests.tiny_encoder import make_tiny_encoder


def words(app):
    elements = [*app.caption, *app.info, *app.text, *app.error, *app.subheader]
    return " ".join(element.value for element in elements)


@pytest.fixture
def featured_home(filled_home):
    """Features of two dimensions for all pictures of the filled home, brought from elsewhere."""
    random = np.random.default_rng(0)
    with duckdb.connect(str(filled_home / "gemboard.duckdb")) as connection:
        connection.execute(
            "insert into encoders (encoder, name, preprocessing, dimension) "
            "values ('brought', 'brought', 'unknown', 2)"
        )
        connection.execute(
            "insert into warehouse_settings (name, value) values ('scoring_encoder', 'brought')"
        )
        for (image_id,) in connection.execute("select image_id from images").fetchall():
            connection.execute(
                "insert into image_features values (?, 'brought', ?)",
                [image_id, random.standard_normal(2).tolist()],
            )
    return filled_home


def test_a_link_opens_a_picture_with_its_scores_recipe_and_siblings(filled_home):
    app = opened("explore", image="p2-m1-s1")
    assert not app.exception
    (sheet,) = components(app, "picture_sheet")
    (entry,) = sheet["pictures"]
    recipe = json.loads(entry["recipe"])
    assert recipe["image_id"] == "p2-m1-s1"
    assert recipe["seed"] == 2**40 + 1
    assert recipe["model"]["model_version_id"] == 1
    assert entry["link"] == "/explore?image=p2-m1-s1"
    siblings = components(app, "picture_strip")[0]["items"]
    assert [item["id"] for item in siblings] == ["p2-m1-s2"]


def test_the_scores_say_how_they_came_about(filled_home):
    (sheet,) = components(opened("explore", image="p1-m2-s1"), "picture_sheet")
    (entry,) = sheet["pictures"]
    parts = [float(metric["contribution"]) for metric in entry["metrics"]]
    for metric in entry["metrics"]:
        product = float(metric["lambda"]) * float(metric["q"])
        assert float(metric["contribution"]) == pytest.approx(product, abs=1e-3)
    assert sum(parts) == pytest.approx(float(entry["gre"]), abs=2e-3)


@pytest.mark.parametrize("image_id", [HIDDEN_ID, "nobody", "<b>"])
def test_a_link_to_what_is_hidden_or_gone_says_so(filled_home, image_id):
    app = opened("explore", image=image_id)
    assert not app.exception
    assert "not in the warehouse any more, or it is hidden" in words(app)
    assert not components(app, "picture_sheet")


def test_without_features_there_are_no_neighbours_and_the_way_out_is_told(filled_home):
    app = opened("explore", image="p1-m2-s1")
    assert "python -m warehouse embed" in words(app)
    assert "More like this" not in {button.label for button in app.button}


def test_neighbours_are_near_and_far_and_never_hidden(featured_home):
    app = opened("explore", image="p1-m2-s1")
    near, far = components(app, "picture_strip")
    notes = [float(item["note"].removeprefix("cosine ")) for item in near["items"]]
    assert notes == sorted(notes, reverse=True)
    notes = [float(item["note"].removeprefix("cosine ")) for item in far["items"]]
    assert notes == sorted(notes)
    shown = {item["id"] for strip in (near, far) for item in strip["items"]}
    assert not shown & {HIDDEN_ID, "p1-m2-s1"}


def test_more_like_this_orders_all_by_cosine_without_any_encoder(featured_home):
    app = opened("explore", like="p1-m2-s1")
    assert not app.exception
    assert not app.error
    shown = cards(app)
    assert shown[0]["id"] == "p1-m2-s1"
    assert shown[0]["score"] == "cosine 1.000"
    assert len(shown) == 16
    assert "brought" in words(app), "the encoder is named"


def test_words_without_an_encoder_say_so_and_keep_the_pictures(featured_home):
    app = opened("explore", text="a red cat")
    assert not app.exception
    assert "came without their encoder" in words(app)
    assert "More like this" in words(app)
    assert len(cards(app)) == 16


def test_a_picture_without_features_cannot_be_searched_by(featured_home):
    with duckdb.connect(str(featured_home / "gemboard.duckdb")) as connection:
        connection.execute("delete from image_features where image_id = 'p1-m2-s1'")
    app = opened("explore", like="p1-m2-s1")
    assert "has no features to search by" in words(app)
    assert len(cards(app)) == 16
    others = opened("explore", like="p1-m3-s1")
    assert len(cards(others)) == 15, "none without features"
    assert "15 pictures of" in words(others)


def test_words_find_pictures_by_the_warehouses_own_encoder(filled_home, monkeypatch):
    from core.encoders import load_encoder
    from core.settings import load_settings
    from warehouse.database import open_warehouse
    from warehouse.embedding import embed

    spec = make_tiny_encoder(filled_home / "models" / "tiny")
    monkeypatch.setenv("GEMBOARD_DEVICE", "cpu")
    warehouse = open_warehouse(filled_home)
    encoder = load_encoder(spec, device=load_settings().device)
    embed(warehouse, encoder)
    text = encoder.encode_texts(["a red cat"])[0]
    vectors = dict(warehouse.select("select image_id, vector from image_features").iter_rows())
    warehouse.close()
    app = opened("explore", text="a red cat")
    assert not app.exception
    assert not app.error
    shown = cards(app)
    assert len(shown) == 15, "all that are not hidden and have a picture"
    for card in shown:
        vector = np.asarray(vectors[card["id"]])
        cosine = vector @ text / np.linalg.norm(vector) / np.linalg.norm(text)
        assert float(card["score"].removeprefix("cosine ")) == pytest.approx(cosine, abs=1e-3)
    ranks = [int(card["rank"]) for card in shown]
    assert ranks == sorted(ranks)
    assert app.session_state[state.EXPLORE_VIEW].sort == "nearest"


def test_a_recipe_keeps_large_numbers_whole():
    row = dict.fromkeys((*IMAGE, *MODEL, "prompt", "negative_prompt", "prompt_id", "simulated"))
    row |= {"seed": 2**64 - 1, "prompt": "“<b>”\n"}
    assert json.loads(recipe_json(row))["seed"] == 2**64 - 1
    assert json.loads(recipe_json(row))["prompt"] == "“<b>”\n"
