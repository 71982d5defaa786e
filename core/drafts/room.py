"""How far each lambda of a draft may move before another model leads."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.gre import MetricGrid
from core.weights.change import leeway

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Room:
    """The range of one lambda, the others fixed, within which `first` stays the best model."""

    first: int  # model
    lower: float  # at least 0
    upper: float  # infinite where nobody takes over
    below: int | None  # model that leads beneath `lower`; None where 0 is reached
    above: int | None


def rooms(
    grid: MetricGrid, lambdas: Mapping[str, float], models: Ints, count: int
) -> dict[str, Room]:
    """The room of each metric in `lambdas`; metrics that no picture has are left out.

    A model counts by its pictures that have the metric and all others that are weighed, so that
    its mean stays linear in lambda. The range covers the weights up from 0: beneath it no profile
    goes.
    """
    there = grid.rows >= 0
    rows = grid.rows[there]
    q = {
        name: _flat(grid, name, there, rows, len(models))
        for name in lambdas
        if name in grid.metrics
    }
    weighed = [name for name, weight in lambdas.items() if weight != 0]
    if any(name not in q for name in weighed):
        return {}
    found = {}
    means_of: dict[bytes, tuple[Ints, Floats]] = {}
    for name in q:
        used = [*weighed, *([] if name in weighed else [name])]
        whole: npt.NDArray[np.bool_] = np.all(np.isfinite([q[other] for other in used]), axis=0)
        if not whole.any():
            continue
        key = " ".join(used).encode() + whole.tobytes()
        if key not in means_of:
            means_of[key] = _means([q[other] for other in used], whole, models, count)
        present, means = means_of[key]
        told = leeway(means, np.array([lambdas[other] for other in used]), used.index(name))
        scores = means @ np.array([lambdas[other] for other in used])
        below, above = (None if r is None else int(present[r])
                        for r in (told.rival_below, told.rival_above))  # fmt: skip
        first = int(present[int(np.argmax(scores))])
        found[name] = Room(first, told.lower, told.upper, below, above)
    return found


def _flat(
    grid: MetricGrid, name: str, there: npt.NDArray[np.bool_], rows: Ints, count: int
) -> Floats:
    flat = np.full(count, np.nan)
    flat[rows] = grid.q[grid.metrics.index(name)][there]
    return flat


def _means(
    q: list[Floats], whole: npt.NDArray[np.bool_], models: Ints, count: int
) -> tuple[Ints, Floats]:
    """Models with a whole picture, and their mean q (n, k)."""
    codes = models[whole]
    pictures = np.bincount(codes, minlength=count)
    present = np.flatnonzero(pictures)
    sums = np.stack([np.bincount(codes, values[whole], minlength=count) for values in q], axis=1)
    return present.astype(np.int64), sums[present] / pictures[present, None]
