"""The selection basket in a browser test: it outlives the test, so each begins by emptying it."""

from playwright.sync_api import expect


def picks(page):
    """Ids in the basket, in its order."""
    thumbs = page.locator(".picks .thumb")
    return thumbs.evaluate_all("all => all.map(thumb => thumb.dataset.image)")


def without_selection(page):
    """Empty the basket of the person at the screen."""
    page.get_by_role("heading", name="Selection").wait_for()
    if page.get_by_role("button", name="Clear", exact=True).count():
        page.get_by_role("button", name="Clear", exact=True).click()
    page.get_by_text("Tick pictures anywhere").wait_for()
    expect(page.locator(".picked")).to_have_count(0)


def ticked(page, place):
    """Tick the card at `place` and return its image id."""
    card = page.locator(".card").nth(place)
    card.hover()
    card.locator(".pick").click()
    return card.get_attribute("data-image")
