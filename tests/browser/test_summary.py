"""Summary in a browser: a picture opens with its recipe, a session is marked, a link restores."""

import re
import shutil

import pytest

from tests.browser.server import serving
from tests.browser.test_screens import loaded
from tests.pages.test_summary import LOCAL, changed
from tests.ranking import LEFT, RIGHT, answered, begun
from tests.seeding import HOSTILE_MODEL

pytestmark = pytest.mark.browser
IDLE = "[data-test-script-state=notRunning]"


@pytest.fixture
def summary(chromium, seeded_home, tmp_path):
    """Address of a running dashboard over two sessions of the person at the screen."""
    home = tmp_path / "home"
    shutil.copytree(seeded_home, home)

    def work(warehouse):
        answered(warehouse, begun(warehouse, LOCAL, (2,), session_id="one"), LEFT, RIGHT, LEFT)
        answered(warehouse, begun(warehouse, LOCAL, (3,), "sort", session_id="two"), LEFT)

    changed(home, work)
    with serving(home) as address:
        yield address


def test_the_summary_is_looked_at_and_taken_away(summary, page, chromium):
    page.goto(f"{summary}/summary")
    table = page.get_by_role("region", name="Ranked models")
    table.wait_for(timeout=90_000)
    page.locator("[data-testid=stVegaLiteChart] .marks").first.wait_for()
    assert min(loaded(table.locator(".picture"))) > 0
    assert table.get_by_text(HOSTILE_MODEL).count() == 1
    assert table.locator("i, b, script").count() == 0

    table.locator(".open").first.click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_text("SHA-256").wait_for()
    page.keyboard.press("Escape")
    sheet.wait_for(state="detached")

    page.locator(IDLE).wait_for(state="attached")  # a run that ends now would close the list
    page.get_by_role("combobox", name="Session").click()
    page.get_by_role("option", name=re.compile("Battle")).click()
    page.get_by_text("Your favourite so far · this session").wait_for()
    page.wait_for_url(re.compile("session=one"))
    context = chromium.new_context(viewport={"width": 420, "height": 900})
    other = context.new_page()
    other.goto(page.url)
    other.get_by_text("Your favourite so far · this session").wait_for(timeout=90_000)
    assert other.evaluate("document.documentElement.scrollWidth") <= 420
    context.close()
    with page.expect_download() as download:
        page.get_by_role("button", name="Judgments, CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) >= 4 and text.startswith("judgment_id,")
    assert page.errors == []
