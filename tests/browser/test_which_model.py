"""“Which model?” in a browser: asked, looked at, collected, ranked, shared; texts stay texts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.basket import without_selection
from tests.browser.test_screens import loaded
from tests.seeding import HOSTILE_MODEL

pytestmark = pytest.mark.browser


@pytest.fixture
def home(dashboard, page):
    """Home with an empty basket, before and after."""
    page.goto(f"{dashboard}/")
    page.get_by_role("heading", name="Coverage").wait_for()
    without_selection(page)
    yield page
    page.goto(f"{dashboard}/")
    page.get_by_role("heading", name="Coverage").wait_for()
    without_selection(page)


def test_a_prompt_is_answered_collected_ranked_and_shared(home, dashboard, chromium):
    field = home.get_by_placeholder("a red fox in the snow")
    field.fill("a cartoon tiger")
    field.press("Enter")
    cards = home.locator(".card")
    expect(cards).to_have_count(5)
    home.wait_for_url(re.compile(r"prompt=a\+cartoon\+tiger"))
    expect(home.get_by_role("heading", name=HOSTILE_MODEL)).to_have_count(1)
    assert cards.locator("i, b, script").count() == 0
    cards.last.scroll_into_view_if_needed()
    home.locator(".card .picture").first.wait_for()
    assert max(loaded(home.locator(".card .picture"))) > 0

    pictures = cards.nth(0).locator(".open").count()
    cards.nth(0).get_by_role("button", name="Add to selection").click()
    cards.nth(1).get_by_role("button", name="Add to selection").click()
    both = pictures + cards.nth(1).locator(".open").count()
    expect(home.locator(".picks .thumb")).to_have_count(both)
    expect(home.locator(".pick.picked")).to_have_count(2)
    cards.nth(1).get_by_role("button", name="In your selection").click()
    expect(home.locator(".picks .thumb")).to_have_count(pictures)

    cards.nth(0).locator(".open").first.click()
    sheet = home.get_by_role("dialog")
    sheet.get_by_text("SHA-256").wait_for()
    home.keyboard.press("Escape")
    sheet.wait_for(state="detached")

    context = chromium.new_context(viewport={"width": 420, "height": 900})
    other = context.new_page()
    other.goto(home.url)
    expect(other.locator(".card")).to_have_count(5)
    assert other.evaluate("document.documentElement.scrollWidth") <= 420
    context.close()

    home.get_by_role("button", name="Rank these").click()
    home.get_by_role("heading", name="Rank", exact=True).wait_for()
    assert home.errors == []
