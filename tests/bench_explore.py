"""How long from a click on a filter of Explore to the pictures that remain, in a browser."""

import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from core.settings import load_settings
from tests.bench_server import ARGUMENTS, CHROMIUM
from tests.browser.server import serving
from warehouse.database import open_warehouse
from warehouse.exporters.synthetic import write_synthetic
from warehouse.importers.gemrec import import_gemrec
from warehouse.scoring import score

CLICKS = 6  # each further tag may leave the first cards as they are
CLICK = """place => new Promise(done => {
  const roots = [];
  const walk = node => {
    if (node.shadowRoot) { roots.push(node.shadowRoot); walk(node.shadowRoot); }
    for (const child of node.children || []) walk(child);
  };
  walk(document.documentElement);
  const found = what => roots.flatMap(root => [...root.querySelectorAll(what)]);
  const cards = () => found('.card').map(card => card.dataset.image).join();
  const words = () => [...document.querySelectorAll('[data-testid=stCaptionContainer]')]
    .map(node => node.innerText).find(text => text.includes(' prompt'));
  const before = [cards(), words()];
  const started = performance.now();
  found('.options[data-facet=tag] input')[place].click();
  const look = () => {
    if (cards() !== before[0] && words() !== before[1]) done(performance.now() - started);
    else setTimeout(look, 5);
  };
  look();
})"""


def filter_change_ms(gemrec: Path) -> tuple[float, float]:
    """Medians on GEMRec's grid of 18,000 images: a filter nobody chose before, and chosen again.

    From the click until the count and the cards are those of the new filter.
    """
    folder = Path(tempfile.mkdtemp(prefix="gemboard-bench-"))
    try:
        roster, prompts = gemrec / "roster.csv", gemrec / "promptset_v6.csv"
        write_synthetic(folder / "grid", roster, prompts)
        warehouse = open_warehouse(folder / "home")
        settings = load_settings()
        import_gemrec(warehouse, roster, prompts, folder / "grid", settings, pictures=False)
        score(warehouse)
        warehouse.close()
        return measure(folder / "home")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(home: Path) -> tuple[float, float]:
    """The same on a home that is there."""
    with serving(home) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1400, "height": 950})
        page.goto(f"{address}/explore")
        page.locator(".card").nth(4).wait_for(timeout=60_000)
        page.wait_for_timeout(1_000)
        first = _clicks(page)
        again = _clicks(page)
        browser.close()
    return statistics.median(first), statistics.median(again)


def _clicks(page: Page) -> list[float]:
    """Milliseconds of choosing tag after tag; all of them are taken back after that."""
    boxes = page.locator(".options[data-facet=tag] input")
    times = []
    for place in range(min(CLICKS, boxes.count() - 1)):
        times.append(float(page.evaluate(CLICK, place)))
        page.wait_for_timeout(300)
    page.get_by_role("button", name="Clear all").click()
    page.locator(".chip").first.wait_for(state="detached")
    page.wait_for_timeout(2_000)
    return times


if __name__ == "__main__":
    import sys

    new_ms, known_ms = measure(Path(sys.argv[1]))
    sys.stdout.write(f"a new filter: {new_ms:.0f} ms; one chosen before: {known_ms:.0f} ms\n")
