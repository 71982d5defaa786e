"""How good a list of models is, when it is known how much people preferred each of them."""

from dataclasses import dataclass

import numpy as np

from core.recommendation.evidence import Floats, Ints

LISTED = 5
RESAMPLES = 2000
CLOSE = 1e-9
TAILS = (0.025, 0.975)


@dataclass(frozen=True)
class Mean:
    """A mean over prompts with its 95 % bootstrap interval; NaN without prompts."""

    value: float
    lower: float
    upper: float


def hit(order: Ints, gains: Floats) -> float:
    """1 where one of the first `LISTED` of `order` has the highest of `gains` (n,), else 0."""
    return float(gains[order[:LISTED]].max() >= gains.max() - CLOSE)


def ndcg(order: Ints, gains: Floats) -> float:
    """Discounted gain of the first `LISTED` over that of the best order.

    As Järvelin and Kekäläinen (2002) define it. Gains are not below 0, and one is above it.
    """
    discounts = 1 / np.log2(np.arange(2, LISTED + 2))
    ideal = np.sort(gains)[::-1][:LISTED]
    listed = gains[order[:LISTED]]
    return float((listed @ discounts[: len(listed)]) / (ideal @ discounts[: len(ideal)]))


def chance_of_hit(gains: Floats) -> float:
    """Expected `hit` of a list drawn evenly."""
    best, count = int((gains >= gains.max() - CLOSE).sum()), len(gains)
    left = np.arange(LISTED)
    misses = np.clip(count - best - left, 0, None) / np.maximum(count - left, 1)
    return float(1 - misses.prod())


def expected_ndcg(gains: Floats) -> float:
    """Expected `ndcg` of an order drawn evenly: each place holds the mean gain."""
    discounts = 1 / np.log2(np.arange(2, min(LISTED, len(gains)) + 2))
    ideal = np.sort(gains)[::-1][:LISTED]
    return float(gains.mean() * discounts.sum() / (ideal @ discounts))


def mean_over_prompts(values: Floats, *, seed: int = 0) -> Mean:
    """Mean of `values` (n,) and its 95 % percentile bootstrap, prompts resampled."""
    if not len(values):
        return Mean(float("nan"), float("nan"), float("nan"))
    random = np.random.default_rng(seed)
    drawn = values[random.integers(0, len(values), (RESAMPLES, len(values)))].mean(axis=1)
    lower, upper = np.quantile(drawn, TAILS)
    return Mean(float(values.mean()), float(lower), float(upper))
