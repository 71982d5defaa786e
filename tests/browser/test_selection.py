"""The selection basket in a browser: kept over pages, reloads and tabs, undone, compared."""

import pytest
from playwright.sync_api import expect

from tests.browser.basket import picks, ticked, without_selection

pytestmark = pytest.mark.browser


@pytest.fixture
def explore(dashboard, page):
    """Explore with one prompt and an empty basket."""
    page.goto(f"{dashboard}/explore?prompt=1")
    page.locator(".card").nth(4).wait_for()
    without_selection(page)
    yield page
    page.goto(f"{dashboard}/explore?prompt=1")
    without_selection(page)


def count(page):
    return expect(page.locator(".picks .thumb"))


def test_the_basket_survives_page_changes_and_a_reload(explore, dashboard):
    chosen = [ticked(explore, 3), ticked(explore, 0), ticked(explore, 1)]
    count(explore).to_have_count(3)
    assert picks(explore) == chosen, "in the order of picking"
    explore.get_by_role("link", name="Home").click()
    explore.get_by_role("heading", name="Gemboard").wait_for()
    count(explore).to_have_count(3)
    explore.reload()
    explore.get_by_role("heading", name="Gemboard").wait_for()
    count(explore).to_have_count(3)
    assert picks(explore) == chosen
    explore.get_by_role("link", name="Explore").click()
    expect(explore.locator(".card.picked")).to_have_count(3)
    explore.goto(f"{dashboard}/explore?prompt=2")
    explore.locator(".card").first.wait_for()
    count(explore).to_have_count(3)
    expect(explore.locator(".card.picked")).to_have_count(0)
    assert explore.errors == []


def test_many_quick_ticks_are_all_kept(explore):
    chosen = [ticked(explore, place) for place in range(5)]
    ticked(explore, 0)
    count(explore).to_have_count(4)
    expect(explore.locator(f".picks .thumb[data-image='{chosen[4]}']")).to_have_count(1)
    expect(explore.locator(f".picks .thumb[data-image='{chosen[0]}']")).to_have_count(0)
    explore.reload()
    expect(explore.locator(".card.picked")).to_have_count(4)
    assert picks(explore) == chosen[1:]


def test_what_is_taken_out_in_the_basket_is_unticked_on_its_card(explore):
    chosen = [ticked(explore, 0), ticked(explore, 2)]
    count(explore).to_have_count(2)
    explore.locator(".picks .remove").first.click()
    expect(explore.locator(".card.picked")).to_have_count(1)
    assert picks(explore) == chosen[1:]
    explore.get_by_role("button", name="Undo").click()
    expect(explore.locator(".card.picked")).to_have_count(2)
    assert picks(explore) == chosen, "back in its place"
    explore.get_by_role("button", name="Clear", exact=True).click()
    expect(explore.locator(".card.picked")).to_have_count(0)
    explore.get_by_role("button", name="Undo").click()
    expect(explore.locator(".card.picked")).to_have_count(2)
    ticked(explore, 0)
    expect(explore.locator(".card.picked")).to_have_count(1)
    count(explore).to_have_count(1)
    assert explore.errors == []


def test_two_tabs_fill_one_basket(explore, dashboard):
    other = explore.context.new_page()
    other.goto(f"{dashboard}/explore?prompt=2")
    other.locator(".card").nth(3).wait_for()
    first = ticked(explore, 0)
    count(explore).to_have_count(1)
    second = ticked(other, 0)
    count(other).to_have_count(2)
    assert picks(other) == [first, second]
    third = ticked(explore, 1)
    count(explore).to_have_count(3)
    assert picks(explore) == [first, second, third]
    other.close()


def test_a_picture_is_picked_on_its_own_page(explore):
    explore.locator(".card .open").nth(1).click()
    explore.get_by_role("button", name="Select", exact=True).click()
    explore.get_by_role("button", name="Take out of the selection").wait_for()
    explore.keyboard.press("Escape")
    expect(explore.locator(".card.picked")).to_have_count(1)
    count(explore).to_have_count(1)


def test_the_basket_is_exported(explore):
    chosen = ticked(explore, 0)
    count(explore).to_have_count(1)
    explore.locator("[data-act=export]").click()
    with explore.expect_download() as download:
        explore.get_by_role("button", name="CSV").click()
    content = download.value.path().read_text(encoding="utf-8-sig")
    assert chosen in content.splitlines()[1]
    with explore.expect_download() as download:
        explore.get_by_role("button", name="Zip of pictures").click()
    assert download.value.path().read_bytes()[:2] == b"PK"
