"""The GRE-Score over a dense grid: sum over k of lambda_k * q_k (GEMRec, Eq. 1)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.errors import ScoreError
from core.scores import Starts, group_sizes

DEFAULT_LAMBDAS: Mapping[str, float] = {"clip": 1.0, "mcos": 0.8, "pop": 0.2}


@dataclass(frozen=True)
class MetricGrid:
    """Normalised metrics of every image, prompts x slots, kept so that a draft of lambda is cheap.

    A slot holds one image of the prompt, in the order the rows came in; slots past a prompt's
    last image have `rows` -1 and NaN metrics.
    """

    metrics: tuple[str, ...]
    q: npt.NDArray[np.float32]  # (n_metrics, n_prompts, n_slots), in [0, 1] or NaN
    rows: npt.NDArray[np.int64]  # (n_prompts, n_slots), row of the image or -1


def metric_grid(metrics: Mapping[str, npt.NDArray[np.float64]], starts: Starts) -> MetricGrid:
    """The grid of `metrics`, each (n,) with rows grouped by prompt (see `core.scores`)."""
    names = tuple(metrics)
    count = len(next(iter(metrics.values()))) if names else 0
    sizes = group_sizes(starts, count) if count else np.zeros(0, dtype=np.int64)
    slots = int(sizes.max()) if len(sizes) else 0
    prompt = np.repeat(np.arange(len(sizes)), sizes)
    slot = np.arange(count) - np.repeat(starts[: len(sizes)], sizes)
    q = np.full((len(names), len(sizes), slots), np.nan, dtype=np.float32)
    rows = np.full((len(sizes), slots), -1, dtype=np.int64)
    rows[prompt, slot] = np.arange(count)
    for index, name in enumerate(names):
        q[index, prompt, slot] = metrics[name]
    return MetricGrid(names, q, rows)


def gre_scores(grid: MetricGrid, lambdas: Mapping[str, float]) -> npt.NDArray[np.float32]:
    """GRE-Score (n_prompts, n_slots); NaN where a metric that is weighed is missing.

    A metric with lambda 0 is not weighed. Raises ScoreError for a metric that the grid lacks or
    a lambda that is no number.
    """
    total = np.where(grid.rows >= 0, np.float32(0), np.float32(np.nan))
    for name, weight in lambdas.items():
        if not np.isfinite(weight):
            raise ScoreError(f"The weight of {name} is {weight}; it must be a finite number.")
        if weight == 0:
            continue
        if name not in grid.metrics:
            raise ScoreError(f"There is no metric “{name}”; known are {', '.join(grid.metrics)}.")
        total += np.float32(weight) * grid.q[grid.metrics.index(name)]
    return total


def ranked_slots(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Slots of each prompt (n_prompts, n_slots), best first; ties keep their order, NaN is last.

    Score and slot are packed into one integer and sorted as such: four times as fast as a stable
    argsort, with the same result.
    """
    bits = (scores + np.float32(0)).view(np.int32)  # adding 0 makes -0 equal to 0
    ordered = np.where(bits < 0, bits ^ np.int32(0x7FFFFFFF), bits).astype(np.int64)
    ordered[np.isnan(scores)] = 1 - 2**31  # below minus infinity
    keys = (-ordered << 32) | np.arange(scores.shape[1])
    keys.sort(axis=1)
    return keys & 0xFFFFFFFF
