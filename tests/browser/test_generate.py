"""Generate in a browser: the real server, its real worker, and the models of the starter world."""

import os
import re
import subprocess
import sys

import psutil
import pytest
from playwright.sync_api import expect

from tests.browser.basket import without_selection
from tests.browser.server import ROOT, serving
from warehouse.generation.landing import OWN_PROMPTS_FROM

pytestmark = pytest.mark.browser

SETTLE_MS = 2_500  # some runs of what shows the job
MAKE_MS = 180_000  # a cold start of the worker on two busy cores
MODELS = ("Night Sign", "Blackboard")
FRAMES = """
async () => {
  const roots = [document];
  for (const root of roots) {
    for (const each of root.querySelectorAll("*")) if (each.shadowRoot) roots.push(each.shadowRoot);
  }
  const cell = roots.map((root) => root.querySelector(".cell.running:has(img)")).find(Boolean);
  let empty = 0, sources = new Set();
  for (let frame = 0; frame < 100; frame += 1) {
    await new Promise((done) => setTimeout(done, 30));
    const image = cell.querySelector("img");
    if (image) sources.add(image.src); else empty += 1;
  }
  return { empty, different: sources.size };
}
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Address of a dashboard over the starter world."""
    home = tmp_path_factory.mktemp("generate") / "home"
    home.mkdir()
    subprocess.run(
        [sys.executable, "-m", "warehouse", "starter"],
        cwd=ROOT,
        env={**os.environ, "GEMBOARD_HOME": str(home)},
        check=True,
        capture_output=True,
    )
    with serving(home) as address:
        yield address


@pytest.fixture
def generate(world, page):
    """The page with two models picked."""
    page.goto(f"{world}/generate")
    field = page.get_by_role("combobox", name=re.compile("^Models"))
    field.wait_for(timeout=MAKE_MS)
    for name in MODELS:
        field.fill(name)
        page.get_by_role("option", name=re.compile(name)).first.click()
    page.keyboard.press("Escape")
    # The settings are those of the models, however quickly the second one was picked.
    expect(page.get_by_text("128 × 128 px, 16 steps, CFG 4, DDIM trailing").last).to_be_visible()
    return page


def written(page):
    """The field of the prompt."""
    return page.get_by_role("textbox", name="Prompt", exact=True)


def ask(page, prompt, *, seeds, seed="7"):
    """Write the prompt, choose how many seeds, and make the pictures."""
    written(page).fill(prompt)
    first = page.get_by_role("textbox", name="First seed")
    many = page.get_by_role("spinbutton", name="Seeds per model")
    for field, value in ((first, seed), (many, str(seeds))):
        field.fill(value)
        field.press("Enter")
    count = seeds * len(MODELS)
    page.get_by_role("button", name=re.compile(rf"(Make|Show) {count} pictures")).click()
    board = page.locator(".board").first
    expect(board.locator(".cell")).to_have_count(count, timeout=MAKE_MS)
    return board


def over(board):
    """Wait until nothing more comes."""
    expect(board.locator(".doing")).to_have_text(re.compile("^(Done|Stopped)"), timeout=MAKE_MS)


def test_pictures_appear_are_kept_seen_in_explore_and_ranked(generate, world):
    prompt = "a red fox beside a lighthouse"
    board = ask(generate, prompt, seeds=2)
    over(board)
    expect(board.locator(".cell.kept")).to_have_count(4)
    expect(board.locator(".label.row")).to_contain_text(list(MODELS))
    for picture in board.locator(".picture").all():
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    expect(generate.locator(".job").first).to_contain_text(prompt)
    expect(generate.locator(".job").first).to_contain_text("4 pictures")

    board.locator(".cell .open").first.click()
    dialog = generate.get_by_role("dialog")
    dialog.wait_for()
    expect(dialog).to_contain_text("Made here")
    expect(dialog.get_by_role("link", name="Download PNG with its recipe")).to_have_count(1)
    expect(dialog).to_contain_text("GRE-Score")
    generate.keyboard.press("Escape")

    board.get_by_role("button", name="Rank these").click()
    generate.get_by_role("heading", name="Start a session").wait_for()
    generate.get_by_text("Rank the prompts of your 4 picks").wait_for()
    generate.get_by_role("button", name="Start", exact=True).click()
    generate.wait_for_url(re.compile(r"session="))
    expect(generate.locator(".prompt").first).to_contain_text(prompt)

    generate.goto(f"{world}/map?prompt={OWN_PROMPTS_FROM}")
    generate.get_by_text(re.compile(r"^4 pictures")).wait_for(timeout=MAKE_MS)

    generate.goto(f"{world}/explore?words=beside+lighthouse")
    expect(generate.locator(".card .picture")).to_have_count(4)
    generate.locator(".card .open").first.click()
    generate.get_by_role("dialog").get_by_role("link", name="Remix").click()
    expect(written(generate)).to_have_value(prompt, timeout=MAKE_MS)
    assert generate.errors == []


def test_what_is_here_already_is_not_made_again(generate):
    prompt = "a grey fox beside a lighthouse"
    over(ask(generate, prompt, seeds=1))
    board = ask(generate, prompt, seeds=2)
    over(board)
    expect(board.locator(".cell.found")).to_have_count(2)
    expect(board.locator(".cell.kept")).to_have_count(2)
    assert generate.errors == []


def test_a_long_job_is_stopped_within_a_step_and_its_rest_can_be_made(generate):
    board = ask(generate, "a blue boat under the moon", seeds=12, seed="100")
    board.locator(".cell.running img").first.wait_for(timeout=MAKE_MS)
    frames = generate.evaluate(FRAMES)
    assert frames["empty"] == 0, "nothing flashes between two previews"
    assert frames["different"] > 1
    board.get_by_role("button", name="Stop", exact=True).click()
    over(board)
    made = board.locator(".cell.kept").count()
    assert made < 24
    expect(board.locator(".cell.missing")).to_have_count(24 - made)
    board.get_by_role("button", name="Make the rest").wait_for()
    assert generate.errors == []


def test_a_picture_is_kept_thrown_away_made_with_another_seed_and_remixed(generate):
    without_selection(generate)
    generate.get_by_text("Keep every picture").click()
    board = ask(generate, "a green house in a meadow", seeds=1, seed="5")
    over(board)
    expect(board.locator(".cell.fresh")).to_have_count(2)
    first, second = board.locator(".cell").nth(0), board.locator(".cell").nth(1)
    first.get_by_role("button", name=re.compile("^Keep")).click()
    expect(board.locator(".cell.kept")).to_have_count(1)
    first.hover()
    first.locator(".pick").click()
    expect(generate.locator(".picks .thumb")).to_have_count(1)
    discard = second.get_by_role("button", name=re.compile("^Discard"))
    discard.click()
    expect(second).to_have_class(re.compile("fresh"))
    discard.click()
    expect(second).to_have_class(re.compile("discarded"))
    first.get_by_role("button", name=re.compile("^Another seed")).click()
    more = generate.locator(".board").nth(1)
    over(more)
    expect(more.locator(".cell.fresh")).to_have_count(1)
    first.hover()
    first.get_by_role("button", name=re.compile("^Discard")).click()
    first.get_by_role("button", name=re.compile("^Discard")).click()
    expect(generate.get_by_role("alert").filter(has_text="pick")).to_be_visible()
    written(generate).fill("something else")
    second.hover()
    second.get_by_role("button", name=re.compile("^Remix")).click()
    expect(written(generate)).to_have_value("a green house in a meadow")
    assert generate.errors == []


def test_the_form_is_never_squeezed_by_the_pictures(generate):
    for width in (1400, 1200, 900, 420):
        generate.set_viewport_size({"width": width, "height": 900})
        generate.wait_for_timeout(SETTLE_MS)
        assert written(generate).bounding_box()["width"] > 220
        assert generate.get_by_role("textbox", name="First seed").bounding_box()["width"] > 50
        assert generate.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    assert generate.errors == []


def worker_of(world):
    """The process that makes the pictures of this server."""
    port = world.rsplit(":", 1)[1]
    (server,) = (
        process
        for process in psutil.process_iter(["cmdline"])
        if "dashboard/server.py" in (process.info["cmdline"] or ()) and port in process.cmdline()
    )
    (worker,) = (
        child
        for child in server.children(recursive=True)
        if "core.generation.worker_main" in child.cmdline()
    )
    return worker


def test_a_killed_worker_leaves_the_page_up_and_the_job_goes_on(generate, world):
    board = ask(generate, "a red boat under the sun", seeds=4, seed="300")
    board.locator(".cell.running img").first.wait_for(timeout=MAKE_MS)
    worker_of(world).kill()
    expect(board).to_contain_text(re.compile("killed by SIGKILL.*started again"), timeout=MAKE_MS)
    expect(board.locator(".cell.kept")).to_have_count(8, timeout=MAKE_MS)
    assert generate.errors == []


def test_a_reload_goes_on_with_what_is_being_made(generate):
    board = ask(generate, "a yellow car in the snow", seeds=6, seed="900")
    board.locator(".cell.running").first.wait_for(timeout=MAKE_MS)
    generate.reload()
    expect(generate.locator(".board .cell")).to_have_count(12, timeout=MAKE_MS)
    generate.locator(".board").get_by_role("button", name="Stop", exact=True).click()
    over(generate.locator(".board").first)
    assert generate.errors == []


def test_a_picture_that_is_open_stays_open_when_the_job_ends(generate):
    board = ask(generate, "a purple fish in the sea", seeds=2, seed="40")
    board.locator(".cell.kept .open").first.click(timeout=MAKE_MS)
    dialog = generate.get_by_role("dialog")
    expect(dialog).to_contain_text("Made here")
    over(board)
    generate.wait_for_timeout(SETTLE_MS)
    expect(dialog).to_be_visible()
    generate.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(generate.get_by_role("button", name="Show 4 pictures")).to_be_visible()
    assert generate.errors == []
