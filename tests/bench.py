"""`make bench`: our figures beside a named peer doing the same work in the same run."""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from core import gre, scores
from core.settings import load_settings
from tests.bench_explore import filter_change_ms
from tests.bench_leaderboard import RESAMPLES, rating_ms
from tests.bench_map import both_drawn, first_and_kept_ms, grid_vectors, longest_frames_ms
from tests.bench_server import CHROMIUM
from tests.bench_similarity import numbers_ms, on_screen_ms
from tests.bench_start import first_page_ms
from tests.bench_weights import drag_ms
from warehouse.database import open_warehouse
from warehouse.exporters.synthetic import ENCODER, write_synthetic
from warehouse.importers.features import import_features
from warehouse.importers.gemrec import import_gemrec
from warehouse.profiles import activate_profile, save_profile
from warehouse.scoring import score

GEMREC = Path(__file__).resolve().parents[2] / "shared" / "data" / "gemrec"
LAMBDAS = {"clip": 1.0, "mcos": 0.8, "pop": 0.2}


@dataclass(frozen=True)
class Figure:
    """One line of the report; times in milliseconds."""

    what: str
    ours_ms: float
    peer: str
    peer_ms: float
    limit_ms: float | None = None

    def line(self) -> str:
        limit = "" if self.limit_ms is None else f"{self.limit_ms:,.0f}"
        ratio = self.ours_ms / self.peer_ms
        return (
            f"| {self.what} | {self.ours_ms:,.2f} | {limit} | {self.peer} | "
            f"{self.peer_ms:,.2f} | {ratio:.2f} |"
        )


def median_ms(work: Callable[[], object], repeats: int) -> float:
    """Median wall time of `work`, after one warm-up."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def rerank(prompts: int, slots: int, limit_ms: float, repeats: int) -> Figure:
    """A draft of lambda re-ranks every image of every prompt."""
    rng = np.random.default_rng(0)
    count = prompts * slots
    prompt = np.repeat(np.arange(prompts), slots)
    metrics = {name: rng.random(count) for name in LAMBDAS}
    grid = gre.metric_grid(metrics, scores.group_starts(prompt))
    frame = pd.DataFrame(
        {"prompt": prompt, **{k: v.astype(np.float32) for k, v in metrics.items()}}
    )

    def ours() -> np.ndarray:
        return gre.ranked_slots(gre.gre_scores(grid, LAMBDAS))

    def peer() -> pd.Series:
        total = sum(weight * frame[name] for name, weight in LAMBDAS.items())
        return total.groupby(frame["prompt"], sort=False).rank(ascending=False, method="first")

    ranks = np.empty((prompts, slots))
    np.put_along_axis(ranks, ours(), np.arange(1, slots + 1)[None], axis=1)
    agreement = (ranks.ravel() == peer().to_numpy()).mean()
    assert agreement > 0.999, f"the two disagree: {agreement}"
    what = f"re-rank {count:,} images by a draft lambda"
    return Figure(
        what, median_ms(ours, repeats), "pandas, vectorised", median_ms(peer, 3), limit_ms
    )


def all_mcos() -> Figure:
    """mCos of 90 x 200 images with 768-long features."""
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((18_000, 768)).astype(np.float32)
    starts = np.arange(0, 18_000, 200)

    def ours() -> np.ndarray:
        return scores.mean_cosines(vectors, starts)

    def peer() -> np.ndarray:
        from sklearn.metrics.pairwise import cosine_similarity

        blocks = vectors.reshape(90, 200, 768)
        return np.concatenate([cosine_similarity(block).mean(axis=1) for block in blocks])

    assert np.abs(ours() - peer()).max() < 1e-5
    return Figure(
        "mCos of 90 x 200", median_ms(ours, 5), "scikit-learn, all pairs", median_ms(peer, 3)
    )


def warehouse_figures() -> Iterator[Figure]:
    """Import, score and activate on the real roster and prompts with 18,000 drawn rows."""
    if not GEMREC.is_dir():
        sys.stdout.write("Skipped the warehouse figures: GEMRec's roster and prompts are absent.\n")
        return
    folder = Path(tempfile.mkdtemp(prefix="gemboard-bench-"))
    try:
        roster, prompts = GEMREC / "roster.csv", GEMREC / "promptset_v6.csv"
        write_synthetic(folder / "grid", roster, prompts)
        warehouse = open_warehouse(folder / "home")
        start = time.perf_counter()
        import_gemrec(warehouse, roster, prompts, folder / "grid", load_settings())
        import_ms = (time.perf_counter() - start) * 1000
        raw = duckdb.connect(str(folder / "raw.duckdb"))
        start = time.perf_counter()
        raw.execute(
            "create table images as from read_csv($file, all_varchar = true)",
            {"file": str(folder / "grid" / "metadata.csv")},
        )
        raw_ms = (time.perf_counter() - start) * 1000
        peer = "DuckDB read_csv, nothing checked"
        yield Figure("import metadata of 18,000 images", import_ms, peer, raw_ms, 10_000)

        for kind in ("image", "prompt"):
            import_features(warehouse, folder / "grid" / f"{kind}_features.parquet", ENCODER)
        warehouse.select("select 1")
        yield Figure(
            "score 18,000 images, 768-long features",
            median_ms(lambda: score(warehouse), 3),
            "the same cosines in DuckDB SQL",
            median_ms(lambda: warehouse.select(_COSINES_IN_SQL, {"encoder": ENCODER}), 1),
            2_000,
        )
        save_profile(warehouse, "bench", {"clip": 0.5, "mcos": 1.0, "pop": 0.5})
        names = iter(["bench", "GEMRec default"] * 10)

        def activate() -> object:
            activate_profile(warehouse, next(names))
            return warehouse.select("select * from image_scores")

        def reread() -> object:
            return warehouse.select("select * from image_scores")

        yield Figure(
            "activate a profile and read 18,000 new scores",
            median_ms(activate, 5),
            "reading them again alone",
            median_ms(reread, 5),
            500,
        )
        warehouse.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def gallery_figure() -> Figure:
    """A rerun of Explore with 200 thumbnails by URL; the peer shows the same files by st.image."""
    from streamlit.testing.v1 import AppTest

    from tests.pages.apps import cards, opened

    folder = Path(tempfile.mkdtemp(prefix="gemboard-bench-"))
    home = folder / "home"
    previous = os.environ.get("GEMBOARD_HOME")
    try:
        os.environ["GEMBOARD_HOME"] = str(home)
        roster, prompts = folder / "roster.csv", folder / "prompts.csv"
        roster.write_text(
            "model_name,modelVersion_id,model_download_count\n"
            + "".join(f"model {i},{i},{i}\n" for i in range(1, 201))
        )
        prompts.write_text("prompt_id,tag,size,prompt\n1,land,512x768,hills\n")
        write_synthetic(folder / "grid", roster, prompts, pictures=True)
        warehouse = open_warehouse(home)
        import_gemrec(warehouse, roster, prompts, folder / "grid", load_settings())
        warehouse.close()
        page = opened("explore", per="200")
        shown = len(cards(page))
        files = sorted((home / "thumbnails").rglob("*.webp"))[:shown]
        peer = AppTest.from_string(
            "import streamlit as st\n"
            f"for path in {[str(path) for path in files]!r}:\n"
            "    st.image(path)\n",
            default_timeout=60,
        )
        return Figure(
            f"rerun Explore with {shown} thumbnails",
            median_ms(page.run, 5),
            "st.image of the same files",
            median_ms(peer.run, 3),
        )
    finally:
        if previous is None:
            os.environ.pop("GEMBOARD_HOME", None)
        else:
            os.environ["GEMBOARD_HOME"] = previous
        shutil.rmtree(folder, ignore_errors=True)


def first_page() -> Iterator[Figure]:
    """From starting the dashboard to a first page that is all there, in a browser."""
    if not (GEMREC.is_dir() and Path(CHROMIUM).exists()):
        sys.stdout.write("Skipped the first page: GEMRec's roster or Chromium is absent.\n")
        return
    ours_ms, peer_ms = first_page_ms(GEMREC)
    yield Figure("start to first page, 18,000 images", ours_ms, "an empty page", peer_ms, 5_000)


def filter_change() -> Iterator[Figure]:
    """From a click on a filter of Explore to its count and its pictures, in a browser."""
    if not (GEMREC.is_dir() and Path(CHROMIUM).exists()):
        sys.stdout.write("Skipped the filters of Explore: GEMRec's roster or Chromium is absent.\n")
        return
    new_ms, known_ms = filter_change_ms(GEMREC)
    yield Figure(
        "filter 18,000 images in Explore, click to screen",
        new_ms,
        "the same filter, its answers kept",
        known_ms,
        500,
    )


def heat_maps() -> Iterator[Figure]:
    """A prompt's heat map of 200 models: its numbers, and from the click to the screen."""
    ours_ms, peer_ms = numbers_ms(median_ms)
    yield Figure("similarities of 200 x 200 models", ours_ms, "naive pairwise loop", peer_ms)
    if not (GEMREC.is_dir() and Path(CHROMIUM).exists()):
        sys.stdout.write("Skipped the heat map on screen: GEMRec's roster or Chromium is absent.\n")
        return
    ours, peer = on_screen_ms(GEMREC)
    yield Figure(
        "heat map of 200 models, click to screen",
        statistics.median(ours),
        "Altair mark_rect",
        statistics.median(peer),
        1_500,
    )


def maps() -> Iterator[Figure]:
    """Maps of a prompt and of all pictures beside plain TSNE, and how smoothly they move."""
    (first, kept), (peer_first, peer_again) = first_and_kept_ms()
    peer = "scikit-learn TSNE, import too"
    yield Figure("map of 200 pictures, first time", first, peer, peer_first, 3_000)
    yield Figure("map of 200 pictures, kept", kept, "TSNE again", peer_again, 300)
    for prompts, repeats in ((1, 3), (90, 1)):
        ours, theirs = both_drawn(grid_vectors(prompts, 200), repeats)
        yield Figure(
            f"t-SNE of {prompts * 200:,} pictures (trust {ours.trust:.3f})",
            ours.ms,
            f"scikit-learn TSNE (trust {theirs.trust:.3f})",
            theirs.ms,
        )
    if not (GEMREC.is_dir() and Path(CHROMIUM).exists()):
        sys.stdout.write("Skipped the map on screen: GEMRec's roster or Chromium is absent.\n")
        return
    ours_ms, peer_ms = longest_frames_ms(GEMREC)
    peer = "Altair mark_circle, interactive"
    yield Figure("longest frame, 18,000 points zoomed", ours_ms, peer, peer_ms, 1_000)


def weights() -> Iterator[Figure]:
    """From moving a slider of Weights to the ranking and the pictures, in a browser."""
    if not (GEMREC.is_dir() and Path(CHROMIUM).exists()):
        sys.stdout.write("Skipped the sliders of Weights: GEMRec's roster or Chromium is absent.\n")
        return
    ours, peer = drag_ms(GEMREC)
    yield Figure(
        "re-rank 18,000 images by a slider, move to screen",
        statistics.median(ours),
        "st.slider, pandas rank, Altair",
        statistics.median(peer),
        500,
    )


def leaderboards() -> Iterator[Figure]:
    """Ratings with intervals of many comparisons."""
    for count, limit in ((10_000, 2_000), (1_000_000, 10_000)):
        rated = rating_ms(count)
        what = f"rate 200 models by {count:,} comparisons, with intervals"
        yield Figure(what, rated.ours, "evalica, no intervals", rated.point, limit)
        peer = f"evalica, bootstrap of {RESAMPLES}"
        yield Figure(what, rated.ours, peer, rated.bootstrap, limit)


_COSINES_IN_SQL = """
with sums as (
    select
        images.prompt_id,
        image_features.image_id,
        image_features.vector::float[768] as vector,
        prompt_features.vector::float[768] as text
    from image_features
    inner join images on image_features.image_id = images.image_id
    inner join prompt_features
        on images.prompt_id = prompt_features.prompt_id
        and image_features.encoder = prompt_features.encoder
    where image_features.encoder = $encoder
)

select
    a.image_id,
    any_value(100 * array_cosine_similarity(a.vector, a.text)) as clip_score,
    avg(array_cosine_similarity(a.vector, b.vector)) as mcos
from sums as a
inner join sums as b on a.prompt_id = b.prompt_id
group by a.image_id
"""


def main() -> None:
    sys.stdout.write("| work | ours, ms | limit, ms | peer | peer, ms | ours / peer |\n")
    sys.stdout.write("| --- | --- | --- | --- | --- | --- |\n")
    for figure in (
        rerank(90, 200, 5, 50),
        rerank(5_000, 200, 100, 10),
        all_mcos(),
        *heat_maps(),
        *maps(),
        *weights(),
        *leaderboards(),
        *warehouse_figures(),
        gallery_figure(),
        *filter_change(),
        *first_page(),
    ):
        sys.stdout.write(figure.line() + "\n")


if __name__ == "__main__":
    main()
