"""How long a heat map of 200 models takes: its numbers, and from the click to the screen."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from core.similarity.cosine import prompt_similarity
from tests.bench_server import ARGUMENTS, CHROMIUM, ROOT, filled_grid, serving

CLICKS = 5
ALTAIR_PAGE = """
import altair as alt, numpy as np, pandas as pd, streamlit as st
from core.similarity.cosine import prompt_similarity
alt.data_transformers.disable_max_rows()
prompt = st.radio("prompt", range(%(prompts)d))
vectors = np.load("vectors.npy")[prompt]
count = len(vectors)
values = prompt_similarity(vectors, np.arange(count)).values
row, column = np.divmod(np.arange(count * count), count)
names = pd.Categorical.from_codes
models = [f"model {i}" for i in range(count)]
frame = pd.DataFrame({
    "row": row.astype("int16"), "column": column.astype("int16"),
    "value": values.ravel().astype("float32"),
    "first": names(row, models), "second": names(column, models),
})
chart = alt.Chart(frame, description=f"map {prompt}").mark_rect().encode(
    x=alt.X("column:O", axis=None), y=alt.Y("row:O", axis=None),
    color=alt.Color("value:Q", scale=alt.Scale(domain=[0, 1])),
    tooltip=["first:N", "second:N", "value:Q"],
).properties(width=600, height=600)
st.altair_chart(chart, key=f"map {prompt}")
"""


def naive_pairs(vectors: np.ndarray) -> np.ndarray:
    """Every pair by itself, as the formula reads."""
    count = len(vectors)
    values = np.ones((count, count))
    for first in range(count):
        for second in range(count):
            a, b = vectors[first], vectors[second]
            values[first, second] = a @ b / (np.linalg.norm(a) * np.linalg.norm(b))
    return values


def numbers_ms(median_ms: Callable[[Callable[[], object], int], float]) -> tuple[float, float]:
    """Similarities of 200 pictures with 768-long features: ours, and the naive pairwise loop."""
    vectors = np.random.default_rng(0).standard_normal((200, 768)).astype(np.float32)
    models = np.arange(200)
    worst = np.abs(prompt_similarity(vectors, models).values - naive_pairs(vectors)).max()
    assert worst < 1e-5, f"the two disagree: {worst}"
    ours = median_ms(lambda: prompt_similarity(vectors, models), 21)
    return ours, median_ms(lambda: naive_pairs(vectors), 3)


def on_screen_ms(gemrec: Path) -> tuple[list[float], list[float]]:
    """From the click on another prompt to its drawn heat map: ours, and Altair's mark_rect.

    Both pages have drawn a map before the first click that counts, so that their code is loaded.
    """
    folder = Path(tempfile.mkdtemp(prefix="gemboard-bench-"))
    try:
        prompt_ids = filled_grid(folder, gemrec)
        _write_peer(folder)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            with serving(ROOT, "dashboard/server.py", folder / "home") as address:
                ours = _our_clicks(browser.new_page(), address, prompt_ids)
            with serving(folder, "peer.py", folder / "home") as address:
                peer = _peer_clicks(browser.new_page(), address)
            browser.close()
        return ours, peer
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_peer(folder: Path) -> None:
    vectors = np.random.default_rng(0).standard_normal((CLICKS + 2, 200, 768)).astype(np.float32)
    np.save(folder / "vectors.npy", vectors)
    (folder / "peer.py").write_text(ALTAIR_PAGE % {"prompts": CLICKS + 2})


def _our_clicks(page: Page, address: str, prompt_ids: list[int]) -> list[float]:
    page.set_viewport_size({"width": 1400, "height": 1000})
    page.goto(f"{address}/similarity?view=prompts&prompts={prompt_ids[0]}")
    maps = page.locator(".root[data-shows^=prompt-]")
    maps.wait_for(timeout=60_000)
    page.get_by_text("of 90").wait_for(timeout=60_000)
    times = []
    for place in range(1, CLICKS + 2):
        page.get_by_role("button", name="Clear all").click()
        maps.wait_for(state="detached")
        page.get_by_role("combobox", name="Prompts").click()
        option = page.get_by_role("option").nth(place)
        started = time.perf_counter()
        option.click()
        maps.wait_for(timeout=60_000)
        _idle(page)
        times.append((time.perf_counter() - started) * 1000)
        page.keyboard.press("Escape")
    return times[1:]


def _peer_clicks(page: Page, address: str) -> list[float]:
    page.set_viewport_size({"width": 1400, "height": 1000})
    page.goto(address)
    _drawn(page, "[aria-label='map 0']")
    times = []
    for prompt in range(1, CLICKS + 2):
        started = time.perf_counter()
        page.get_by_text(str(prompt), exact=True).click()
        _drawn(page, f"[aria-label='map {prompt}']")
        times.append((time.perf_counter() - started) * 1000)
    return times[1:]


def _drawn(page: Page, selector: str) -> None:
    page.locator(selector).first.wait_for(timeout=60_000)
    _idle(page)


def _idle(page: Page) -> None:
    """The picture is on screen: two frames have passed since."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
