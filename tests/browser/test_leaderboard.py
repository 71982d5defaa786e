"""Leaderboard in a browser: a model to its votes to their pictures, a cell to its votes, a file."""

import re
import shutil

import pytest

from tests.browser.server import serving
from tests.browser.test_screens import loaded
from tests.browser.test_similarity import drawn, point
from tests.judging import judge
from tests.pages.test_leaderboard import ONE, THREE, TWO
from tests.pages.test_summary import changed
from tests.seeding import HOSTILE_MODEL

pytestmark = pytest.mark.browser


@pytest.fixture
def leaderboard(chromium, seeded_home, tmp_path):
    """Address of a running dashboard over a few votes and an order."""
    home = tmp_path / "home"
    shutil.copytree(seeded_home, home)

    def work(warehouse):
        for _ in range(3):
            judge(warehouse, "vote", [ONE, TWO], outcome="left")
        judge(warehouse, "vote", [ONE, TWO], outcome="right")
        judge(warehouse, "vote", [TWO, THREE], outcome="left")
        judge(warehouse, "order", [ONE, TWO, THREE], ranked_image_ids=[ONE, THREE],
              rejected_image_ids=[TWO])  # fmt: skip

    changed(home, work)
    with serving(home) as address:
        yield address


def test_every_number_leads_to_votes_and_these_to_pictures(leaderboard, page, chromium):
    page.goto(f"{leaderboard}/leaderboard")
    first = page.locator("button.line").first
    first.wait_for(timeout=90_000)
    assert first.get_by_text(HOSTILE_MODEL).count() == 1
    assert first.locator("i, b, script").count() == 0
    votes = int(first.locator(".votes span").first.inner_text())

    first.click()
    listed = page.locator("button.vote")
    listed.first.wait_for()
    assert listed.count() == votes == 5
    page.wait_for_url(re.compile("votes=1"))
    assert min(loaded(page.locator(".vote .picture"))) > 0
    order = listed.filter(has_text="sorted batch")
    assert order.locator(".mark").all_inner_texts() == ["1st", "2nd", "rejected"]
    order.click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_text("From the left: 1st, 2nd, rejected.").wait_for()
    sheet.get_by_text("SHA-256").first.wait_for()
    page.keyboard.press("Escape")
    sheet.wait_for(state="detached")

    context = chromium.new_context(viewport={"width": 420, "height": 900})
    other = context.new_page()
    other.goto(page.url)
    other.locator("button.vote").first.wait_for(timeout=90_000)
    assert other.locator("button.vote").count() == votes
    assert other.evaluate("document.documentElement.scrollWidth") <= 420
    context.close()

    page.get_by_role("button", name="Back").click()
    first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Pairs, CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.startswith("model_a,model_b,winner,judgment_id,")
    assert len(text.splitlines()) == 1 + 5 + 3
    assert page.errors == []


def test_a_cell_says_who_won_and_lists_its_votes(leaderboard, page):
    page.goto(f"{leaderboard}/leaderboard?view=pairs")
    page.locator("canvas").first.wait_for(timeout=90_000)
    root = drawn(page, "shares")
    point(root, 0, 2, 3)
    above = root.locator(".readout").inner_text()
    point(root, 2, 0, 3)
    below = root.locator(".readout").inner_text()
    shares = [int(re.search(r"(\d+) %", words).group(1)) for words in (above, below)]
    assert sum(shares) == 100 and shares[0] > shares[1]
    point(drawn(page, "counts"), 1, 1, 3)
    at = point(drawn(page, "counts"), 0, 2, 3)
    games = int(re.search(r"(\d+)$", page.locator("[data-shows=counts] .readout").inner_text())[1])
    page.locator("[data-shows=counts] .stage").click(position=at)
    page.locator("button.vote").first.wait_for()
    assert page.locator("button.vote").count() == games
    page.wait_for_url(re.compile(r"votes=\d+-\d+"))
    assert page.errors == []
