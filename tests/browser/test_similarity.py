"""The heat map in a browser: point, click to two pictures, keyboard, selection, shared link."""

import re
import shutil

import pytest

from tests.browser.server import serving
from tests.features import give_features
from tests.seeding import HOSTILE_MODEL
from warehouse.database import open_warehouse

pytestmark = pytest.mark.browser

WIDTHS = "images => images.map(image => image.complete ? image.naturalWidth : 0)"
ORDER = ("Model 4", "Model 3", "Model 2", HOSTILE_MODEL, "Model 5")  # by downloads


@pytest.fixture(scope="module")
def featured(chromium, seeded_home, tmp_path_factory):
    """Address and home of a running dashboard whose pictures have features."""
    home = tmp_path_factory.mktemp("similarity") / "home"
    shutil.copytree(seeded_home, home)
    warehouse = open_warehouse(home)
    give_features(warehouse)
    warehouse.close()
    with serving(home) as address:
        yield address


def drawn(page, name):
    """The map of that name, once it is painted."""
    root = page.locator(f".root[data-shows={name}]")
    root.wait_for()
    page.wait_for_timeout(500)  # what comes after it moves it no more
    return root


def point(root, row, column, count=5):
    """Put the mouse on a cell and return where it is within the stage."""
    stage = root.locator(".stage")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    at = {"x": (column + 0.5) / count * box["width"], "y": (row + 0.5) / count * box["height"]}
    stage.hover(position=at)
    return at


def test_a_cell_names_both_models_and_the_value(featured, page):
    page.goto(f"{featured}/similarity?view=prompts&prompts=1")
    root = drawn(page, "prompt-1")
    point(root, 0, 3)
    card = root.locator(".card")
    card.get_by_text(ORDER[0], exact=True).wait_for()
    assert card.get_by_text(HOSTILE_MODEL, exact=True).count() == 1
    value = card.locator(".value").inner_text()
    assert re.fullmatch(r"-?[01]\.\d{3}", value)
    assert card.get_by_text("1 pair of pictures").count() == 1
    readout = root.locator(".readout").inner_text()
    assert readout == f"{ORDER[0]} with {HOSTILE_MODEL}: {value}"
    point(root, 2, 2)
    card.get_by_text("one picture: 1 by definition").wait_for()
    assert card.locator("b, i, script").count() == 0
    assert page.errors == []


def test_a_click_shows_both_pictures_and_they_can_be_selected(featured, page):
    page.goto(f"{featured}/similarity?view=prompts&prompts=2")
    root = drawn(page, "prompt-2")
    at = point(root, 1, 2)
    value = root.locator(".card .value").inner_text()
    root.locator(".stage").click(position=at)
    dialog = page.get_by_role("dialog")
    dialog.locator(".beside .picture").nth(1).wait_for()
    pictures = dialog.locator(".beside .picture")
    for picture in pictures.all():
        picture.evaluate("image => image.decode()")
    assert pictures.count() == 2
    assert min(pictures.evaluate_all(WIDTHS)) > 0
    heads = dialog.get_by_role("columnheader").all_inner_texts()
    assert "Model 3" in heads[0] and "Model 2" in heads[1]
    assert dialog.get_by_text(value, exact=True).count() >= 1
    dialog.get_by_role("button", name="Select both").click()
    dialog.get_by_role("button", name="Take both out").wait_for()
    dialog.get_by_role("button", name="Picture 2 selected").wait_for()
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    basket = page.get_by_test_id("stSidebar")
    basket.get_by_text("Model 2", exact=True).wait_for()
    basket.get_by_text("Model 3", exact=True).wait_for()
    assert page.errors == []
    page.reload()
    drawn(page, "prompt-2")
    root.locator(".stage").click(position=point(root, 1, 2))
    dialog.get_by_role("button", name="Picture 1 selected").wait_for()


def test_the_keyboard_alone_reaches_and_opens_a_cell(featured, page):
    page.goto(f"{featured}/similarity?view=prompts&prompts=1")
    root = drawn(page, "prompt-1")
    root.locator(".stage").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    assert root.locator(".readout").inner_text().startswith(f"{ORDER[1]} with {ORDER[2]}: ")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").locator(".beside").wait_for()
    assert page.errors == []


def test_maps_beside_each_other_follow_the_same_two_models(featured, page):
    page.goto(f"{featured}/similarity?view=prompts&prompts=1-3&together=0")
    first, second = drawn(page, "prompt-1"), drawn(page, "prompt-3")
    point(first, 0, 2)
    other = second.locator(".readout")
    other.get_by_text(f"{ORDER[0]} with {ORDER[2]}: ").wait_for()
    point(first, 0, 4)
    hint = other.get_by_text("Point at a cell")
    hint.wait_for()
    assert second.locator(".stage.pointed").count() == 0, "prompt 3 has no picture of Model 5"
    assert page.errors == []


def test_a_shared_link_restores_its_view(featured, page, chromium):
    page.goto(f"{featured}/similarity?view=prompts&prompts=1")
    drawn(page, "prompt-1")
    page.get_by_text("GRE-Score", exact=True).first.click()
    page.get_by_text("Stretched", exact=True).click()
    page.wait_for_url(re.compile("scale=stretched"))
    page.get_by_text("highest GRE-Score").wait_for()
    page.get_by_text("scale stretched to the values shown").wait_for()
    ticks = page.locator(".ticks").inner_text()
    page.wait_for_timeout(500)
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    other = context.new_page()
    other.goto(page.url)
    drawn(other, "prompt-1")
    assert other.get_by_text("highest GRE-Score").count() == 1
    assert other.locator(".ticks").inner_text() == ticks
    context.close()


def test_a_dot_of_the_domains_leads_to_its_heat_map(featured, page):
    page.goto(f"{featured}/similarity?view=domains")
    chart = page.locator("[data-testid=stVegaLiteChart]").first
    chart.locator(".marks").first.wait_for()
    page.get_by_text("Prompts, most diverse first").wait_for()
    page.wait_for_timeout(1500)  # what comes after it moves it no more
    chart.locator(".mark-symbol path").first.click()
    page.locator(".root[data-shows^=prompt-]").wait_for()
    page.wait_for_url(re.compile("view=prompts"))
    assert page.errors == []


def test_a_cell_of_the_mean_map_leads_to_a_choice_of_prompts(featured, page):
    page.goto(f"{featured}/similarity?view=models")
    root = drawn(page, "mean")
    root.locator(".stage").click(position=point(root, 0, 1))
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Prompt, most alike first (3)").wait_for()
    dialog.locator(".beside").wait_for()
    assert page.errors == []
