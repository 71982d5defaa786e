"""The lobby and campaigns in a browser: double clicks, prompts dragged into order, dialogs."""

import re
import shutil

import duckdb
import pytest
from playwright.sync_api import expect

from tests.browser.server import serving

pytestmark = pytest.mark.browser


@pytest.fixture
def home(seeded_home, tmp_path):
    """A filled home of the test's own; the server is stopped before it is read."""
    shutil.copytree(seeded_home, tmp_path / "home")
    return tmp_path / "home"


def stored(home, query):
    with duckdb.connect(str(home / "gemboard.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def choose(page, *words):
    """Tick prompts that hold these words."""
    box = page.get_by_role("combobox", name="prompts").last  # after the one of tags
    for word in words:
        box.click()
        page.keyboard.type(word)
        expect(page.get_by_role("option")).to_have_count(1)
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")


def drag(page, item, above):
    """Drag `item` over `above` with the mouse, as slowly as the part wants it."""
    start, end = item.bounding_box(), above.bounding_box()
    page.mouse.move(start["x"] + 40, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 42, start["y"] - 8, steps=5)
    page.mouse.move(end["x"] + 40, end["y"] + 2, steps=12)
    page.wait_for_timeout(300)
    page.mouse.up()


def test_prompts_are_dragged_into_order_and_a_double_click_begins_one_session(home, page):
    page.set_viewport_size({"width": 1400, "height": 1200})
    with serving(home) as address:
        page.goto(f"{address}/rank")
        page.get_by_text("Prompts you choose").click()
        choose(page, "tiger", "7*7")
        items = page.frame_locator("iframe[title*=sortable]").locator(".sortable-item")
        expect(items).to_have_count(2)
        expect(items.first).to_contain_text("tiger")
        drag(page, items.nth(1), items.nth(0))
        expect(items.last).to_contain_text("tiger")
        page.get_by_text("2 prompts, ").wait_for()
        page.get_by_role("button", name="Start", exact=True).dblclick()
        page.wait_for_url(re.compile(r"session=[0-9a-f-]{36}"))
        page.get_by_role("button", name="Sessions").click()
        expect(page.get_by_role("button", name="Go on")).to_have_count(1)
        expect(page).to_have_url(f"{address}/rank")
        assert page.errors == []
    assert stored(home, "select prompt_ids from sessions") == [([2, 3],)]


def test_a_campaign_is_made_sent_and_closed_on_screen(home, page):
    with serving(home) as address:
        page.goto(f"{address}/admin_campaigns")
        page.get_by_role("button", name="New campaign").click()
        page.get_by_role("textbox", name="Name").fill("Spring")
        choose(page, "tiger")
        page.get_by_role("button", name="Open the campaign").click()
        link = page.get_by_test_id("stCode").inner_text().strip()
        assert link.startswith(f"{address}/rank?campaign=")
        page.get_by_test_id("stMain").get_by_role("button", name="Close", exact=True).click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("textbox", name="Note").fill("enough")
        dialog.get_by_role("button", name="Close the campaign").click()
        page.get_by_role("button", name="Reopen").wait_for()
        page.goto(link)
        page.get_by_text("The campaign “Spring” is closed.").wait_for()
        assert page.errors == []
    changes = "select state, note from campaign_changes order by change_id"
    assert stored(home, changes) == [("open", None), ("closed", "enough")]
