"""Rating with intervals, beside evalica's point estimate and its bootstrap."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import evalica
import numpy as np

from core.leaderboards.board import bradley_terry
from core.leaderboards.comparisons import Comparisons

MODELS, PEOPLE, RESAMPLES = 200, 50, 100


@dataclass(frozen=True)
class Rated:
    """Milliseconds for the same comparisons."""

    comparisons: int
    ours: float
    point: float  # evalica's estimate, without intervals
    bootstrap: float  # its percentile bootstrap


def rating_ms(comparisons: int) -> Rated:
    """Comparisons of 200 models by 50 people, rated."""
    told = _drawn(comparisons)
    winners = np.where(told.outcomes > 0, evalica.Winner.X, evalica.Winner.Y).astype(np.uint8)
    votes = (told.first, told.second, winners)

    def resampled() -> object:
        return evalica.bootstrap(
            evalica.bradley_terry,
            *votes,
            n_resamples=RESAMPLES,
            bootstrap_method="percentile",
            random_state=0,
        )

    return Rated(
        comparisons,
        _ms(lambda: bradley_terry(told), 3),
        _ms(lambda: evalica.bradley_terry(*votes), 3),
        _ms(resampled, 1),
    )


def _drawn(count: int) -> Comparisons:
    random = np.random.default_rng(0)
    worth = random.normal(size=MODELS)
    first = random.integers(MODELS, size=count)
    second = (first + 1 + random.integers(MODELS - 1, size=count)) % MODELS
    won = random.random(count) < 1 / (1 + np.exp(worth[second] - worth[first]))
    none = np.zeros(0, np.int64)
    return Comparisons(
        tuple(range(MODELS)),
        first,
        second,
        won.astype(np.float64),
        random.integers(PEOPLE, size=count),
        np.arange(count),
        np.zeros((0, 2), np.int64),
        none,
        none,
        tuple(range(PEOPLE)),
    )


def _ms(work: Callable[[], object], repeats: int) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)
