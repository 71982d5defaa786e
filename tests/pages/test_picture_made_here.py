"""The page of a picture that was made here: its full recipe, its PNG, and making more like it."""

import json

import pytest

from core.generation.recipe import Batch, identity, write_recipe
from core.generation.request import Lora
from dashboard import navigation
from dashboard.components.pictures.making import TITLE, making_facts, stored_recipe
from dashboard.resources import warehouse
from tests.core.generation.asking import a_recipe, a_request
from tests.pages.apps import components, opened
from tests.seeding import HOSTILE_MODEL, MISSING_ID

MADE = "p1-m2-s1"
LORA = Lora(HOSTILE_MODEL, "c" * 64, 0.5)
REQUEST = a_request(loras=(LORA,))
RECIPE = a_recipe(REQUEST, batch=Batch(("0" * 64, identity(REQUEST), "1" * 64), 1))


@pytest.fixture
def made_home(filled_home):
    """A filled home in which one picture has its recipe, and one that has no picture."""
    put(MADE, write_recipe(RECIPE))
    put(MISSING_ID, write_recipe(RECIPE))
    return filled_home


def put(image_id, recipe):
    with warehouse().transaction() as cursor:
        cursor.execute(
            "insert into image_recipes (image_id, identity, recipe) values ($id, 'any', $recipe)",
            {"id": image_id, "recipe": recipe},
        )


def entry(image_id):
    app = opened("explore", image=image_id)
    assert not app.exception
    (sheet,) = components(app, "picture_sheet")
    return sheet["pictures"][0]


def facts(told):
    (group,) = [group for group in told["groups"] if group["title"] == TITLE]
    return {fact["label"]: fact["value"] for fact in group["facts"]}


def test_the_full_recipe_stands_on_its_page_and_in_the_clipboard(made_home):
    told = entry(MADE)
    made = facts(told)
    assert made["Device"] == "cpu"
    assert made["Batch"] == "place 2 of 3 computed at once"
    assert made["LoRAs"] == f"{HOSTILE_MODEL} at 0.5 (cccccccccccc…)"
    assert made["Libraries"] == "diffusers 0.42.1, torch 2.15.0"
    assert made["Checkpoint hash"] == "ab" * 32
    copied = json.loads(told["recipe"])
    assert copied["made_here"] == json.loads(write_recipe(RECIPE))
    assert copied["image_id"] == MADE


def test_its_png_can_be_downloaded(made_home):
    download = entry(MADE)["download"]
    assert download["href"].startswith("/pictures/")
    assert download["name"].endswith(".png")
    assert entry(MISSING_ID)["download"] is None, "nothing is stored"


def test_pictures_from_elsewhere_have_neither(made_home):
    told = entry("p1-m3-s1")
    assert TITLE not in [group["title"] for group in told["groups"]]
    assert told["download"] is None
    assert "made_here" not in json.loads(told["recipe"])


def test_a_recipe_of_a_newer_gemboard_does_not_break_the_page(filled_home):
    put(MADE, '{"format": "gemboard-recipe-2"}')
    made = facts(entry(MADE))
    assert set(made.values()) == {None}


def test_all_pictures_tell_the_same_so_that_they_can_stand_side_by_side():
    plain = a_recipe(a_request(clip_skip=2), batch=Batch((identity(a_request(clip_skip=2)),), 0))
    told = [[fact.label for fact in making_facts(each)] for each in (RECIPE, plain, None)]
    assert told[0] == told[1] == told[2]
    values = {fact.label: fact.value for fact in making_facts(plain)}
    assert (values["LoRAs"], values["CLIP skip"], values["Batch"]) == ("none", "2", "alone")
    assert stored_recipe(write_recipe(plain)) == plain


def test_remix_leads_to_generate_with_the_picture(filled_home):
    app = opened("explore", image=MADE)
    (link,) = [link for link in app.get("page_link") if link.label == "Remix"]
    assert (link.page, link.query_string) == ("generate", f"remix={MADE}")


def test_those_who_may_not_generate_are_not_offered_it(filled_home, monkeypatch):
    pages = tuple(page for page in navigation.PAGES if page.url_path != "generate")
    monkeypatch.setattr(navigation, "PAGES", pages)
    assert "Remix" not in [link.label for link in opened("explore", image=MADE).get("page_link")]
