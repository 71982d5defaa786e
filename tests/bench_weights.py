"""How long from moving a weight to the ranking on screen, for GEMRec's grid, in a browser."""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.bench_server import ARGUMENTS, CHROMIUM, ROOT, filled_grid, serving

MOVES = 12
MOVE = """weight => new Promise((done, failed) => {
  const roots = [];
  const walk = node => {
    if (node.shadowRoot) { roots.push(node.shadowRoot); walk(node.shadowRoot); }
    for (const child of node.children || []) walk(child);
  };
  walk(document.documentElement);
  const find = what => roots.map(root => root.querySelector(what)).find(Boolean);
  const [flow, pictures] = [find('.flow'), find('.rows').parentElement];
  const drawn = pictures.dataset.drawn;
  const range = find('.weight[data-metric=mcos] .range');
  const started = performance.now();
  range.value = weight;
  range.dispatchEvent(new Event('input'));
  const look = () => {
    if (!flow.isConnected && pictures.dataset.drawn !== drawn) {
      requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - started)));
    } else if (performance.now() - started > 20000) failed(new Error('nothing was drawn'));
    else setTimeout(look, 2);
  };
  look();
})"""
PEER_PAGE = """
import altair as alt, numpy as np, pandas as pd, streamlit as st
rng = np.random.default_rng(0)
frame = pd.DataFrame({
    "prompt": np.repeat(np.arange(90), 200), "model": np.tile(np.arange(200), 90),
    **{name: rng.random(18_000) for name in ("clip", "mcos", "pop")},
})
weight = st.slider("mcos", 0.0, 2.0, 0.8, 0.01)
places = {}
for name, mcos in (("in force", 0.8), ("draft", weight)):
    score = frame["clip"] + mcos * frame["mcos"] + 0.2 * frame["pop"]
    rank = score.groupby(frame["prompt"]).rank(ascending=False)
    means = score.groupby(frame["model"]).mean()
    places[name] = means.rank(ascending=False)
table = pd.DataFrame(places).rename_axis("model").reset_index()
first = table[(table["in force"] <= 10) | (table["draft"] <= 10)]
long = first.melt("model", var_name="profile", value_name="place")
chart = alt.Chart(long, description=f"bump {weight:.2f}").mark_line(point=True).encode(
    x=alt.X("profile:N", sort=["in force", "draft"]), y=alt.Y("place:Q", sort="descending"),
    detail="model:N", tooltip=["model:N", "place:Q"],
).properties(height=400)
st.altair_chart(chart)
best = frame.assign(rank=rank)[frame["prompt"] == 0].nsmallest(12, "rank")
st.dataframe(best)
"""


def drag_ms(gemrec: Path) -> tuple[list[float], list[float]]:
    """From moving a slider to the drawn ranking and pictures: ours, and a page of plain parts.

    The peer is st.slider with pandas' grouped rank and an Altair chart. Both have drawn before the
    first move that counts.
    """
    folder = Path(tempfile.mkdtemp(prefix="gemboard-bench-"))
    try:
        filled_grid(folder, gemrec)
        (folder / "peer.py").write_text(PEER_PAGE)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            with serving(ROOT, "dashboard/server.py", folder / "home") as address:
                ours = _our_moves(browser.new_page(), address)
            with serving(folder, "peer.py", folder / "home") as address:
                peer = _peer_moves(browser.new_page(), address)
            browser.close()
        return ours, peer
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _our_moves(page: Page, address: str) -> list[float]:
    page.set_viewport_size({"width": 1400, "height": 1200})
    page.goto(f"{address}/weights")
    page.locator(".weight[data-metric=mcos] .range").wait_for(timeout=60_000)
    page.locator(".rows .item").first.wait_for(timeout=60_000)
    page.wait_for_timeout(2_000)
    times = []
    for place in range(MOVES + 2):
        times.append(float(page.evaluate(MOVE, f"{0.78 - 0.05 * place:.2f}")))
        page.wait_for_timeout(150)
    return times[2:]


def _peer_moves(page: Page, address: str) -> list[float]:
    page.set_viewport_size({"width": 1400, "height": 1200})
    page.goto(address)
    page.locator("[aria-label='bump 0.80']").first.wait_for(timeout=60_000)
    page.wait_for_timeout(2_000)
    thumb = page.get_by_role("slider")
    times = []
    for place in range(1, MOVES + 3):
        started = time.perf_counter()
        thumb.press("ArrowLeft")
        page.locator(f"[aria-label='bump {0.8 - 0.01 * place:.2f}']").first.wait_for(timeout=60_000)
        page.evaluate(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        times.append((time.perf_counter() - started) * 1000)
        page.wait_for_timeout(150)
    return times[2:]


if __name__ == "__main__":
    ours, peer = drag_ms(Path(sys.argv[1]))
    sys.stdout.write(
        f"a weight moved, to the screen: {statistics.median(ours):.0f} ms "
        f"(longest {max(ours):.0f}); plain parts: {statistics.median(peer):.0f} ms\n"
    )
