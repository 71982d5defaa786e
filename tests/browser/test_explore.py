"""Explore in a browser: filters, links that restore, pictures that open by link, the clipboard."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def cards(page):
    return page.locator(".card")


def shown(page):
    return cards(page).evaluate_all("all => all.map(card => card.dataset.image)")


def test_a_shared_link_restores_filters_order_and_layout(dashboard, page, chromium):
    page.goto(f"{dashboard}/explore")
    expect(cards(page)).to_have_count(16)
    page.locator(".options[data-facet=tag] .option", has_text="animal").click()
    expect(cards(page)).to_have_count(5)
    page.locator("summary", has_text="Kind of model").click()
    page.locator(".options[data-facet=kind] .option", has_text="LoRA").click()
    expect(cards(page)).to_have_count(2)
    page.get_by_test_id("stButtonGroup").get_by_text("CLIP score", exact=True).click()
    page.locator(".card .score", has_text="CLIP").first.wait_for()
    seen = shown(page)
    page.wait_for_url("**sort=clip**")
    context = chromium.new_context()
    other = context.new_page()
    other.goto(page.url)
    expect(cards(other)).to_have_count(2)
    assert shown(other) == seen
    assert sorted(other.locator(".chip").all_inner_texts()) == [
        "Kind of model: LoRA",
        "Tag: animal",
    ]
    other.reload()
    expect(cards(other)).to_have_count(2)
    context.close()
    assert page.errors == []


def test_a_chip_and_clear_all_take_filters_back(dashboard, page):
    page.goto(f"{dashboard}/explore?tag=animal&kind=lora")
    expect(cards(page)).to_have_count(2)
    page.locator(".chip", has_text="LoRA").click()
    expect(cards(page)).to_have_count(5)
    page.get_by_role("button", name="Clear all").click()
    expect(cards(page)).to_have_count(16)
    page.wait_for_url(f"{dashboard}/explore")


def test_a_range_narrows_and_is_in_the_link(dashboard, page):
    page.goto(f"{dashboard}/explore")
    expect(cards(page)).to_have_count(16)
    page.locator("summary", has_text="Downloads").click()
    page.get_by_label("Downloads from").fill("1,000")
    page.get_by_label("Downloads from").press("Enter")
    expect(cards(page)).to_have_count(6)
    page.wait_for_url("**downloads=1000..**")


def test_options_count_what_would_remain(dashboard, page):
    page.goto(f"{dashboard}/explore?kind=lora")
    cards(page).first.wait_for()
    for tag in ("animal", "(no tag)"):
        option = page.locator(".options[data-facet=tag] .option", has_text=tag)
        promised = int(option.locator(".remaining").inner_text())
        option.click()
        expect(cards(page)).to_have_count(promised)
        option.click()


def test_filters_work_by_keyboard_alone(dashboard, page):
    page.goto(f"{dashboard}/explore")
    expect(cards(page)).to_have_count(16)
    page.locator(".options[data-facet=tag] input").first.focus()
    page.keyboard.press("Space")
    expect(page.locator(".chip")).to_have_count(1)
    expect(cards(page)).not_to_have_count(16)
    page.locator("[data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(300)  # a key that goes down on one drawing and up on the next is no key
    page.keyboard.press("Space")
    expect(cards(page)).to_have_count(16)
    assert page.errors == []


def test_a_picture_opens_by_link_and_its_recipe_is_copied(dashboard, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=dashboard)
    page.goto(f"{dashboard}/explore?prompt=2&image=p2-m1-s1")
    sheet = page.get_by_role("dialog")
    sheet.get_by_text("SHA-256").wait_for()
    sheet.get_by_role("button", name="Copy recipe").click()
    sheet.get_by_text("Copied").wait_for()
    recipe = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert recipe["image_id"] == "p2-m1-s1"
    sheet.locator(".near").first.click()
    page.wait_for_url("**image=p2-m1-s2")
    page.keyboard.press("Escape")
    page.wait_for_url(f"{dashboard}/explore?prompt=2")
    expect(sheet).to_have_count(0)
    assert page.errors == []


def test_the_matrix_goes_to_one_prompt_and_back_to_cards(dashboard, page):
    page.goto(f"{dashboard}/explore?view=matrix")
    page.locator(".matrix .frame").first.wait_for()
    assert page.locator(".matrix td.picked, .matrix td[data-image]").count() == 14
    page.locator(".matrix tbody .ask").first.click()
    cards(page).first.wait_for()
    assert len({image.split("-")[0] for image in shown(page)}) == 1
