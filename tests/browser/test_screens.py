"""What only a browser can prove: pictures really load, cards open, picks stand side by side."""

import re
import urllib.error
import urllib.request

import duckdb
import pytest

from tests.browser.basket import without_selection
from tests.seeding import HOSTILE_MODEL, HOSTILE_PROMPTS

pytestmark = pytest.mark.browser

WIDTHS = "images => images.map(image => image.complete ? image.naturalWidth : 0)"


def loaded(images):
    """Natural widths of `images`, scrolled into view and awaited."""
    images.first.wait_for()
    for image in images.all():
        image.scroll_into_view_if_needed()
        image.evaluate("image => image.decode()")
    return images.evaluate_all(WIDTHS)


def test_home_draws_its_charts(dashboard, page):
    page.goto(dashboard)
    page.get_by_role("heading", name="Gemboard").wait_for()
    page.get_by_text("Weights in force").wait_for()
    charts = page.locator("[data-testid=stVegaLiteChart]")
    charts.nth(3).wait_for()
    assert charts.count() == 4
    for chart in charts.all():
        chart.locator(".marks").first.wait_for()
    assert page.get_by_text("synthetic pictures: 17 of 17").is_visible()
    assert page.errors == []


def test_pictures_are_loaded_one_opens_and_two_stand_side_by_side(dashboard, page):
    page.goto(f"{dashboard}/explore?prompt=1&sort=gre&page=1")
    pictures = page.locator(".card .picture")
    widths = loaded(pictures)
    assert len(widths) == 4, "five cards, one of them without a picture"
    assert min(widths) > 0
    assert page.get_by_text("only its metadata was imported").count() == 1

    page.locator(".card .open").first.click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_text("SHA-256").wait_for()
    assert loaded(sheet.locator(".picture")) == [96]
    assert sheet.get_by_text("Model 2", exact=True).count() == 1
    sheet.get_by_role("button", name="Next").click()
    sheet.get_by_text("2 of 5").wait_for()
    page.keyboard.press("Escape")
    sheet.wait_for(state="detached")

    without_selection(page)
    for place in (0, 2):
        page.locator(".card").nth(place).hover()
        page.locator(".card .pick").nth(place).click()
    page.get_by_role("button", name="Compare").click()
    sheet.locator(".beside").wait_for()
    assert min(loaded(sheet.locator(".beside .picture"))) > 0
    assert sheet.get_by_role("columnheader").count() == 2
    assert sheet.get_by_role("rowheader", name="GRE-Score").count() == 1
    assert page.errors == []


def test_cards_work_by_keyboard_alone(dashboard, page):
    page.goto(f"{dashboard}/explore?prompt=1")
    card = page.locator(".card").first
    card.wait_for()
    without_selection(page)
    card.locator(".open").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator(".card.picked").wait_for()
    assert card.locator(".pick").get_attribute("aria-pressed") == "true"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    assert card.locator(".picture").get_attribute("alt").startswith("Picture by ")


def test_texts_of_strangers_stay_letters_everywhere(dashboard, page):
    page.goto(f"{dashboard}/explore?prompt=1")
    page.locator(".card").nth(4).wait_for()
    assert page.get_by_text(HOSTILE_PROMPTS[0], exact=True).count() >= 1
    options = page.locator(".options[data-facet=prompt] .label").all_inner_texts()
    assert {" ".join(text.split()) for text in HOSTILE_PROMPTS} == set(options)
    assert page.locator(".chip").inner_text() == f"Prompt: {HOSTILE_PROMPTS[0]}"
    card = page.locator(".card", has_text="<i>Model</i>")
    assert card.locator(".name").inner_text() == HOSTILE_MODEL
    card.locator(".open").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_text("SHA-256").wait_for()
    assert sheet.get_by_text(HOSTILE_PROMPTS[0], exact=True).count() == 1
    assert sheet.get_by_text("javascript:alert(1)", exact=True).count() == 1
    assert sheet.locator("a[href^='javascript']").count() == 0
    assert page.errors == []


def test_the_chart_tooltip_shows_letters(dashboard, page):
    page.goto(dashboard)
    chart = page.locator("[data-testid=stVegaLiteChart] .marks").first
    chart.wait_for()
    page.get_by_text("Weights in force").wait_for()
    page.wait_for_timeout(1500)
    box = chart.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.70, box["y"] + box["height"] * 0.5)
    tooltip = page.locator("#vg-tooltip-element")
    tooltip.get_by_text("<i>Model</i> *star*").wait_for()
    assert tooltip.locator("i, b, img, script").count() == 0
    assert page.errors == []


def test_a_repeated_visit_asks_for_no_picture_again(dashboard, page):
    address = f"{dashboard}/explore?prompt=1"
    page.goto(address)
    loaded(page.locator(".card .picture"))
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_test_id("stButtonGroup").get_by_text("CLIP score", exact=True).click()
    page.locator(".card .score", has_text=re.compile("CLIP")).first.wait_for()
    loaded(page.locator(".card .picture"))
    answers = [url for url in asked if "/thumbnails/" in url]
    assert not answers or all(_from_cache(page, url) for url in answers)


def test_nothing_leaves_the_machine(dashboard, page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{dashboard}/explore?prompt=1")
    loaded(page.locator(".card .picture"))
    page.wait_for_timeout(1000)
    assert [url for url in asked if not url.startswith((dashboard, "data:", "blob:"))] == []


def test_the_running_server_hides_all_but_pictures(dashboard):
    for path in ("/pictures/../gemboard.duckdb", "/thumbnails/%2e%2e%2fgemboard.duckdb"):
        try:
            with urllib.request.urlopen(dashboard + path) as answer:
                body = answer.read()
        except urllib.error.HTTPError as error:
            body = error.read()
        assert b"DUCK" not in body[:64]


def _from_cache(page, url):
    script = "url => performance.getEntriesByName(url).at(-1)?.transferSize ?? 0"
    return page.evaluate(script, url) == 0


def test_the_first_page_answers_to_its_own_name_too(dashboard, page):
    page.goto(f"{dashboard}/home")
    page.get_by_role("heading", name="Gemboard").wait_for()
    assert page.get_by_text("Page not found").count() == 0
    assert page.errors == []


def test_the_server_keeps_back_what_is_hidden_and_serves_the_rest(dashboard, seeded_home):
    with duckdb.connect(str(seeded_home / "gemboard.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select sha256, hidden from images inner join image_scores using (image_id) "
            "where sha256 is not null"
        ).fetchall()
    answers = {}
    for sha256, hidden in rows:
        try:
            with urllib.request.urlopen(f"{dashboard}/pictures/{sha256}") as answer:
                answers[sha256] = (hidden, answer.status)
        except urllib.error.HTTPError as error:
            answers[sha256] = (hidden, error.code)
    assert set(answers.values()) == {(True, 404), (False, 200)}
