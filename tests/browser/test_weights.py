"""Weights in a browser: drag, save, put into force; another tab follows; a link restores."""

import re
import shutil

import pytest

from tests.browser.server import serving
from tests.seeding import HOSTILE_MODEL

pytestmark = pytest.mark.browser

NAME = "Popular **only** <b>x</b>"


@pytest.fixture
def weights(chromium, seeded_home, tmp_path):
    """Address of a running dashboard whose profiles a test may change."""
    home = tmp_path / "home"
    shutil.copytree(seeded_home, home)
    with serving(home) as address:
        yield address


def ranking(page):
    """The bump chart, once it stands still."""
    root = page.locator(".root[data-shows=ranking]")
    root.wait_for(timeout=90_000)  # a first visit loads SciPy
    page.wait_for_timeout(500)  # what comes after it moves it no more
    return root


def row(page, metric):
    return page.locator(f".weight[data-metric={metric}]")


def drag(page, metric, share):
    """Drag a slider to `share` of its length in steps, and hold it."""
    slider = row(page, metric).locator(".range")
    box = slider.bounding_box()
    across, y = box["width"] - 16, box["y"] + box["height"] / 2
    now = float(slider.input_value()) / float(slider.get_attribute("max"))
    page.mouse.move(box["x"] + 8 + across * now, y)
    page.mouse.down()
    for step in range(1, 7):
        page.mouse.move(box["x"] + 8 + across * (now + (share - now) * step / 6), y)
        page.wait_for_timeout(40)


def awaited_order(page, root, order):
    page.wait_for_function("([root, order]) => root.dataset.order === order",
                           arg=[root.element_handle(), order])  # fmt: skip


def test_dragging_ranks_anew_and_the_link_restores_it(weights, page, chromium):
    page.goto(f"{weights}/weights?prompt=1")
    root = ranking(page)
    before = root.get_attribute("data-order")
    drag(page, "clip", 0)
    page.mouse.up()
    drag(page, "mcos", 0)
    awaited_order(page, root, "4,3,2,1")
    assert before != "4,3,2,1"
    assert "w.mcos=0&" not in page.url, "the slider is still held"
    page.mouse.up()
    page.wait_for_url(re.compile(r"w\.mcos=0&"))
    assert page.locator(".rows .strip").nth(1).locator(".open").first.get_attribute(
        "data-image"
    ) == "p1-m4-s1"  # fmt: skip
    row(page, "pop").get_by_text("Model 4 v4.0 leads").wait_for()
    assert root.get_by_text(HOSTILE_MODEL).count() >= 1
    assert root.locator("i, b, script").count() == 0
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    other = context.new_page()
    other.goto(page.url)
    awaited_order(other, ranking(other), "4,3,2,1")
    assert row(other, "mcos").locator(".range").input_value() == "0"
    context.close()
    page.get_by_role("link", name="Map").click()
    page.get_by_role("heading", name="Map").wait_for()
    page.get_by_role("link", name="Weights").click()
    awaited_order(page, ranking(page), "4,3,2,1")
    assert page.errors == []


def test_the_keyboard_moves_a_weight_and_a_metric_can_be_added(weights, page):
    page.goto(f"{weights}/weights")
    ranking(page)
    slider = row(page, "pop").locator(".range")
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(r"w\.pop=0\.25"))
    number = row(page, "clip").locator("input[type=text]")
    number.fill("-1")
    number.press("Enter")
    assert "wrong" in number.get_attribute("class")
    number.fill("1,5")
    number.press("Enter")
    page.wait_for_url(re.compile(r"w\.clip=1\.5"))
    page.locator(".add", has_text="Sharpness").click()
    row(page, "sharpness").get_by_text("score --metric sharpness").wait_for()
    row(page, "sharpness").get_by_role("button", name="Leave Sharpness out").click()
    row(page, "sharpness").wait_for(state="detached")
    assert page.errors == []


def test_a_profile_put_into_force_is_named_in_every_tab(weights, page, chromium):
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    other = context.new_page()
    other.goto(f"{weights}/explore?prompt=1&sort=gre")
    other.get_by_text("GRE-Score by the profile GEMRec default").wait_for()
    other.locator(".card .score").first.wait_for()
    scores = other.locator(".card .score").all_inner_texts()

    page.goto(f"{weights}/weights?view=profiles&w.clip=0&w.mcos=0&w.pop=1")
    page.get_by_role("button", name="Save as profile").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(NAME)
    dialog.get_by_label("Note").fill("all eyes on downloads")
    dialog.get_by_role("button", name="Save", exact=True).click()
    dialog.wait_for(state="detached")
    page.get_by_role("button", name="Put into force").click()
    dialog.get_by_text("would take the place of").wait_for()
    dialog.get_by_role("button", name="Put into force").click()
    dialog.wait_for(state="detached")
    page.get_by_text(f"In force: {NAME}. The draft is the same.").wait_for()

    other.get_by_test_id("stButtonGroup").get_by_text("CLIP score", exact=True).click()
    other.get_by_text(f"GRE-Score by the profile {NAME}").wait_for()
    other.get_by_test_id("stButtonGroup").get_by_text("GRE-Score", exact=True).click()
    other.locator(".card .score", has_text="GRE 1.00").first.wait_for()
    assert other.locator(".card .score").all_inner_texts() != scores
    other.locator(".card .open").first.click()
    other.get_by_role("dialog").get_by_text(f"by the profile {NAME}").wait_for()
    context.close()
    assert page.errors == []
