"""The map in a browser: lasso and click fill the basket, keys work, a link restores the window."""

import shutil

import pytest

from tests import seeding
from tests.browser.basket import picks, without_selection
from tests.browser.server import serving
from tests.features import give_features
from tests.seeding import HIDDEN_ID
from warehouse.database import open_warehouse

pytestmark = pytest.mark.browser

MODELS = 12
OF_PROMPT_2 = {f"p2-m{m}-s1" for m in range(1, MODELS + 1)} | {"p2-m1-s2"}


@pytest.fixture(scope="module")
def mapped(chromium, seeded_home, tmp_path_factory):
    """Address of a running dashboard whose pictures have features."""
    home = tmp_path_factory.mktemp("map") / "home"
    shutil.copytree(seeded_home, home)
    warehouse = open_warehouse(home)
    seeding.fill(warehouse, models=MODELS)
    give_features(warehouse)
    warehouse.close()
    with serving(home) as address:
        yield address


def drawn(page):
    """The map, once it is painted."""
    root = page.locator(".root[data-drawn]")
    root.wait_for()
    page.wait_for_timeout(500)  # what comes after it moves it no more
    return root


def lasso(page, root):
    """Draw a line around all of the window."""
    box = root.locator("canvas").bounding_box()
    left, top = box["x"] + 3, box["y"] + 3
    right, bottom = box["x"] + box["width"] - 3, box["y"] + box["height"] - 3
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top + 2)):
        page.mouse.move(x, y, steps=8)
    page.mouse.up()


def focused_at(page, root):
    """Where the picture under the keyboard is on the screen."""
    box = root.locator("canvas").bounding_box()
    x, y = map(int, root.get_attribute("data-focus").split(","))
    return box["x"] + x, box["y"] + y


def test_a_lasso_fills_the_basket_and_a_second_one_empties_it(mapped, page):
    page.goto(f"{mapped}/map?prompt=2")
    root = drawn(page)
    without_selection(page)
    page.get_by_role("button", name="Lasso").click()
    lasso(page, root)
    page.get_by_text("13 pictures added to the selection").wait_for()
    page.get_by_text("Compare").wait_for()
    assert set(picks(page)) == OF_PROMPT_2
    page.get_by_role("link", name="Explore").click()
    page.get_by_role("heading", name="Explore").wait_for()
    assert set(picks(page)) == OF_PROMPT_2
    page.get_by_role("link", name="Map").click()
    root = drawn(page)
    page.keyboard.down("Shift")  # as the lasso tool does
    lasso(page, root)
    page.keyboard.up("Shift")
    page.get_by_text("13 pictures taken out of the selection").wait_for()
    page.get_by_text("Tick pictures anywhere").wait_for()
    assert page.errors == []


def test_a_click_selects_and_the_card_opens_the_picture(mapped, page):
    page.goto(f"{mapped}/map?prompt=2&colour=base")
    root = drawn(page)
    without_selection(page)
    root.locator("canvas").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    page.mouse.click(*focused_at(page, root))
    page.get_by_text("1 picture added to the selection").wait_for()
    page.get_by_role("button", name="Clear", exact=True).wait_for()
    (picked,) = picks(page)
    page.mouse.move(5, 5)
    root.get_by_role("button", name="Open", exact=True).click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_text(picked, exact=True).wait_for()
    page.keyboard.press("Escape")
    sheet.wait_for(state="detached")
    without_selection(page)
    assert page.errors == []


def test_the_map_works_by_keyboard_alone(mapped, page):
    page.goto(f"{mapped}/map?prompt=2")
    root = drawn(page)
    without_selection(page)
    root.locator("canvas").focus()
    page.keyboard.press("ArrowDown")
    said = root.locator(".said")
    assert "GRE-Score" in said.inner_text()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Clear", exact=True).wait_for()
    assert len(picks(page)) == 1
    page.keyboard.press("+")
    page.wait_for_timeout(200)
    assert float(root.get_attribute("data-zoom")) == pytest.approx(1.4, abs=0.01)
    page.keyboard.press("0")
    page.wait_for_timeout(200)
    assert float(root.get_attribute("data-zoom")) == 1
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_text(picks(page)[0], exact=True).wait_for()
    page.keyboard.press("Escape")
    without_selection(page)
    assert page.errors == []


def test_a_shared_link_restores_the_window(mapped, page):
    page.goto(f"{mapped}/map?prompt=all&colour=tag")
    root = drawn(page)
    box = root.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 3)
    for _ in range(4):
        page.mouse.wheel(0, -200)
    page.wait_for_url("**zoom=3.5*")
    address, zoom = page.url, root.get_attribute("data-zoom")
    page.goto("about:blank")
    page.goto(address)
    root = drawn(page)
    assert root.get_attribute("data-zoom") == zoom
    page.wait_for_timeout(1000)
    assert page.url == address
    page.get_by_role("link", name="Home").click()
    page.get_by_role("heading", name="Gemboard").wait_for()
    page.get_by_role("link", name="Map").click()
    assert drawn(page).get_attribute("data-zoom") == zoom, "kept over a page change"
    assert page.errors == []


def test_pictures_of_the_window_are_fetched_and_hidden_ones_never(mapped, page):
    asked = []
    page.on("response", lambda answer: asked.append(answer))
    page.goto(f"{mapped}/map?prompt=1")
    drawn(page)
    page.wait_for_timeout(1500)
    pictures = [
        answer.status
        for answer in asked
        if "/thumbnails/" in answer.url and answer.request.resource_type == "fetch"
    ]
    assert len(pictures) == MODELS - 1, "of 13 one is hidden and one has no picture"
    assert set(pictures) == {200}
    assert HIDDEN_ID not in page.content()
    assert page.errors == []


def test_a_picture_whose_file_is_gone_is_told(mapped, page):
    page.route("**/thumbnails/*", lambda route: route.fulfill(status=404))
    page.goto(f"{mapped}/map?prompt=3")
    drawn(page)
    page.get_by_text("Crossed frames: 12 pictures could not be loaded").wait_for()


def test_dots_far_away_and_pictures_near(mapped, page):
    page.set_viewport_size({"width": 420, "height": 700})
    page.goto(f"{mapped}/map?prompt=all&x=0&y=0&zoom=0.2")
    root = drawn(page)
    assert root.get_attribute("data-level") == "dots"
    page.goto(f"{mapped}/map?prompt=all&x=0&y=0&zoom=8")
    page.reload()
    assert drawn(page).get_attribute("data-level") == "pictures"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
