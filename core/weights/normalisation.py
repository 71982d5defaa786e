"""Ways to bring a metric into [0, 1] within each prompt: min-max, ranks, squashed z-scores.

Rows are grouped as in `core.scores`. Whatever the way, larger is better in the result, NaN stays
NaN and counts for nobody.
"""

from collections.abc import Callable
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import scipy

from core.scores import Starts, group_sizes, min_max

Floats = npt.NDArray[np.float64]


class Normalisation(StrEnum):
    """The paper's way, and two that outliers move less."""

    MIN_MAX = "min-max"
    RANK = "rank"
    Z_SCORE = "z-score"


def normalise(
    values: Floats, starts: Starts, way: Normalisation, *, larger_is_better: bool
) -> Floats:
    """`values` (n,) in [0, 1] within each group, turned so that larger is better."""
    scaled = _WAYS[way](values, starts)
    return scaled if larger_is_better else 1.0 - scaled


def ranks(values: Floats, starts: Starts) -> Floats:
    """Share of the others of the group that a value exceeds, ties as half; 0.5 where it is alone.

    A group of n distinct values gives 0, 1 / (n - 1), ..., 1.
    """
    result = np.full(len(values), np.nan)
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return result
    group = _groups(len(values), starts)[known]
    # Dense ranks of the values within all rows keep ties; added to the group they sort by both.
    keys = group * len(values) + scipy.stats.rankdata(values[known], "dense")
    overall = scipy.stats.rankdata(keys, "average")
    sizes = np.bincount(group, minlength=len(starts))
    before = np.cumsum(sizes) - sizes
    within = overall - before[group] - 1
    others = sizes[group] - 1
    result[known] = np.where(others > 0, within / np.maximum(others, 1), 0.5)
    return result


def squashed_z_scores(values: Floats, starts: Starts) -> Floats:
    """Normal distribution function of (value - mean) / standard deviation of the group.

    0.5 where all values of the group are equal: nothing tells them apart.
    """
    result = np.full(len(values), np.nan)
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return result
    group = _groups(len(values), starts)[known]
    some = np.maximum(np.bincount(group, minlength=len(starts)), 1)
    means = np.bincount(group, values[known], len(starts)) / some
    deviations = values[known] - means[group]
    spread = np.sqrt(np.bincount(group, deviations**2, len(starts)) / some)[group]
    # By their extremes: rounding gives equal values a spread of their own.
    firsts = np.flatnonzero(np.diff(group, prepend=-1))
    highest = np.maximum.reduceat(values[known], firsts)
    lowest = np.minimum.reduceat(values[known], firsts)
    alike = np.repeat(highest == lowest, np.diff(np.append(firsts, len(group))))
    with np.errstate(invalid="ignore", divide="ignore"):
        result[known] = np.where(
            alike | (spread == 0), 0.5, scipy.special.ndtr(deviations / spread)
        )
    return result


def _groups(count: int, starts: Starts) -> npt.NDArray[np.int64]:
    return np.repeat(np.arange(len(starts)), group_sizes(starts, count))


_WAYS: dict[Normalisation, Callable[[Floats, Starts], Floats]] = {
    Normalisation.MIN_MAX: min_max,
    Normalisation.RANK: ranks,
    Normalisation.Z_SCORE: squashed_z_scores,
}
