"""How long maps take to draw beside scikit-learn's TSNE, and how smoothly 18,000 points move."""

import json
import math
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from core.maps.trustworthiness import trustworthiness
from core.maps.tsne import project
from core.scores import unit_vectors
from tests.bench_server import ARGUMENTS, CHROMIUM, ROOT, filled_grid, serving
from warehouse.database import open_warehouse
from warehouse.exporters.synthetic import ENCODER

FIRST = """
import json, sys, time
from pathlib import Path
from warehouse.database import open_warehouse
from warehouse.projections import update_map
from warehouse.reads import map as reads
warehouse = open_warehouse(Path(sys.argv[1]))
def shown():
    update_map(warehouse, "bench", 1)
    kept = reads.map_projection(warehouse, encoder="bench", prompt_id=1)
    return reads.map_points(warehouse, projection_id=kept["projection_id"][0])
times = []
for _ in range(2):
    start = time.perf_counter()
    assert shown().height == 200
    times.append((time.perf_counter() - start) * 1000)
print(json.dumps(times))
"""
PEER_FIRST = """
import json, sys, time
import numpy as np
vectors = np.load(sys.argv[1])
times = []
for _ in range(2):
    start = time.perf_counter()
    from sklearn.manifold import TSNE
    TSNE(random_state=0).fit_transform(vectors)
    times.append((time.perf_counter() - start) * 1000)
print(json.dumps(times))
"""
ALTAIR_PAGE = """
import altair as alt, numpy as np, pandas as pd, streamlit as st
alt.data_transformers.disable_max_rows()
places = np.random.default_rng(0).standard_normal((18_000, 2)).astype("float32")
frame = pd.DataFrame(places, columns=["x", "y"])
st.altair_chart(alt.Chart(frame).mark_circle(size=12).encode(x="x", y="y").properties(height=620)
    .interactive())
"""
WATCH = """() => {
  window.gaps = []; window.watching = true;
  let last = performance.now();
  const frame = () => {
    const now = performance.now(); window.gaps.push(now - last); last = now;
    if (window.watching) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


@dataclass(frozen=True)
class Drawn:
    """One way of drawing a map."""

    ms: float
    trust: float


def grid_vectors(prompts: int, models: int) -> np.ndarray:
    """Features of every prompt with every model: a direction of each, and noise."""
    random = np.random.default_rng(0)
    of_prompt = random.standard_normal((prompts, 1, 768))
    of_model = random.standard_normal((1, models, 768))
    family = random.standard_normal((8, 768))[np.arange(models) % 8]
    noise = 0.5 * random.standard_normal((prompts, models, 768))
    vectors = of_prompt + 0.5 * of_model + 0.7 * family + noise
    return unit_vectors(vectors.reshape(-1, 768).astype(np.float32))


def both_drawn(units: np.ndarray, repeats: int = 1) -> tuple[Drawn, Drawn]:
    """Ours, and scikit-learn's plain TSNE, with trustworthiness by the same measure."""
    from sklearn.manifold import TSNE

    answers = []
    for draw in (lambda: project(units).points, lambda: TSNE(random_state=0).fit_transform(units)):
        times = []
        for _ in range(repeats):
            start = time.perf_counter()
            points = draw()
            times.append((time.perf_counter() - start) * 1000)
        answers.append(Drawn(float(np.median(times)), trustworthiness(units, points) or math.nan))
    return answers[0], answers[1]


def first_and_kept_ms() -> tuple[list[float], list[float]]:
    """A prompt of 200 pictures in a fresh process, first and again: ours, and plain TSNE."""
    folder = Path(tempfile.mkdtemp(prefix="gemboard-bench-"))
    try:
        vectors = grid_vectors(1, 200)
        np.save(folder / "vectors.npy", vectors)
        _store(folder / "home", vectors)
        ours = _times(FIRST, folder / "home")
        return ours, _times(PEER_FIRST, folder / "vectors.npy")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def longest_frames_ms(gemrec: Path) -> tuple[float, float]:
    """Longest wait for a frame while 18,000 points are zoomed and moved: ours, and Altair's."""
    folder = Path(tempfile.mkdtemp(prefix="gemboard-bench-"))
    try:
        filled_grid(folder, gemrec)
        _place_at_random(folder / "home")
        (folder / "peer.py").write_text(ALTAIR_PAGE)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            with serving(ROOT, "dashboard/server.py", folder / "home") as address:
                page = browser.new_page(viewport={"width": 1400, "height": 1000})
                page.goto(f"{address}/map?prompt=all&colour=base")
                page.locator(".root[data-drawn]").wait_for(timeout=120_000)
                ours = _longest(page, ".root canvas")
            with serving(folder, "peer.py", folder / "home") as address:
                page = browser.new_page(viewport={"width": 1400, "height": 1000})
                page.goto(address)
                page.locator(".marks").first.wait_for(timeout=120_000)
                peer = _longest(page, ".marks")
            browser.close()
        return ours, peer
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _store(home: Path, vectors: np.ndarray) -> None:
    warehouse = open_warehouse(home)
    with warehouse.transaction() as cursor:
        cursor.execute("insert into prompts (prompt_id, prompt, source) values (1, 'p', 'bench')")
        cursor.execute(
            "insert into encoders (encoder, name, preprocessing, dimension) "
            "values ('bench', 'bench', 'unknown', 768)"
        )
        cursor.execute(
            "insert into images (image_id, prompt_id, model_version_id, source) "
            "select 'i' || range, 1, range, 'bench' from range(200)"
        )
        for row, vector in enumerate(vectors):
            cursor.execute(
                "insert into image_features values ($id, 'bench', $vector)",
                {"id": f"i{row}", "vector": vector.tolist()},
            )
    warehouse.close()


def _place_at_random(home: Path) -> None:
    """A kept map of all pictures, its places drawn: moving it costs the same."""
    warehouse = open_warehouse(home)
    with warehouse.transaction() as cursor:
        cursor.execute(
            "insert into projections (projection_id, encoder, method, settings, fitted_images, "
            "trust_neighbours, trust_sample, seconds) "
            "values ('all', $encoder, 'tsne', '{}', 18000, 0, 0, 0)",
            {"encoder": ENCODER},
        )
        cursor.execute(
            "insert into projection_points (projection_id, image_id, x, y, cluster) "
            "select 'all', image_id, 30 * random(), 30 * random(), prompt_id % 90 from images"
        )
    warehouse.close()


def _times(code: str, argument: Path) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-c", code, str(argument)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(done.stdout))


def _longest(page: Page, canvas: str) -> float:
    """Zoom in, move about and zoom out again; the longest time between two frames, ms."""
    page.wait_for_timeout(3_000)
    box = page.locator(canvas).first.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate(WATCH)
    page.mouse.move(x, y)
    for direction in (-1, 1):
        for _ in range(12):
            page.mouse.wheel(0, direction * 120)
            page.wait_for_timeout(40)
        page.mouse.down()
        for step in range(30):
            page.mouse.move(x + 80 * math.sin(step / 5), y + 60 * math.cos(step / 5))
            page.wait_for_timeout(16)
        page.mouse.up()
        page.wait_for_timeout(1_000)
    return float(
        page.evaluate("() => { window.watching = false; return Math.max(...window.gaps) }")
    )
