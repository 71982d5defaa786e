"""What changes when lambdas move: rank correlations, who enters the top, how far it holds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

Floats = npt.NDArray[np.float64]

PERSISTENCE = 0.9  # of rank-biased overlap: the first ten places carry 86 % of the weight


def kendall_tau(before: Floats, after: Floats) -> float:
    """Kendall's tau-b of two scores (n,), ties counted as such; NaN where one is constant."""
    if len(before) < 2:
        return float("nan")
    return float(scipy.stats.kendalltau(before, after, variant="b").statistic)


def rank_biased_overlap(
    before: Sequence[object], after: Sequence[object], persistence: float = PERSISTENCE
) -> float:
    """Rank-biased overlap of two complete rankings, extrapolated (Webber et al. 2010, Eq. 32).

    Between 0 and 1; what stands high counts most: place d weighs persistence to the power d.
    """
    depth = min(len(before), len(after))
    if not depth:
        return float("nan")
    seen_before: set[object] = set()
    seen_after: set[object] = set()
    total, shared = 0.0, 0
    for place in range(depth):
        one, other = before[place], after[place]
        shared += one == other
        shared += one != other and one in seen_after
        shared += one != other and other in seen_before
        seen_before.add(one)
        seen_after.add(other)
        total += shared / (place + 1) * persistence ** (place + 1)
    agreement = shared / depth
    return agreement * persistence**depth + (1 - persistence) / persistence * total


@dataclass(frozen=True)
class TopChange:
    """Who is new among the first k, and who is gone, each by place."""

    entered: tuple[object, ...]
    left: tuple[object, ...]


def top_change(before: Sequence[object], after: Sequence[object], k: int) -> TopChange:
    """The difference between the first `k` of two rankings."""
    old, new = before[:k], after[:k]
    return TopChange(
        tuple(key for key in new if key not in set(old)),
        tuple(key for key in old if key not in set(new)),
    )


@dataclass(frozen=True)
class Leeway:
    """How far one lambda may move, the others fixed, before another model is first."""

    lower: float  # smallest lambda that keeps the first, at least 0
    upper: float  # largest one; infinite where none dethrones it
    rival_below: int | None  # row that takes over beneath `lower`; None where 0 is reached
    rival_above: int | None


def leeway(means: Floats, lambdas: Floats, metric: int) -> Leeway:
    """The range of one lambda within which the first model stays first.

    `means` (n_models, n_metrics) are each model's mean q over the prompts that count, so its mean
    GRE-Score is linear in lambda. Where several share the first place now, the range is a point.
    """
    scores = means @ lambdas
    first = int(np.argmax(scores))
    lead = scores[first] - scores  # (n,) at least 0
    slope = means[first, metric] - means[:, metric]  # gained on each rival per unit of lambda
    with np.errstate(divide="ignore", invalid="ignore"):
        moves = np.where(slope != 0, -lead / slope, np.nan)
    upwards = np.where(slope < 0, moves, np.inf)
    downwards = np.where(slope > 0, moves, -np.inf)
    above, below = int(np.argmin(upwards)), int(np.argmax(downwards))
    upper = float(lambdas[metric] + upwards[above])
    lower = float(lambdas[metric] + downwards[below])
    return Leeway(
        max(0.0, lower),
        upper,
        below if lower > 0 else None,
        above if np.isfinite(upper) else None,
    )
