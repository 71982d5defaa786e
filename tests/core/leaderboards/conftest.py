"""Comparisons as tests make them."""

import numpy as np
import pytest

from core.leaderboards.comparisons import Collector, Comparisons

NONE = np.zeros(0, np.int64)


@pytest.fixture
def voted():
    """Comparisons from (better, worse, times) of one judge."""

    def collect(*counts, judge="ann"):
        collector = Collector()
        for better, worse, times in counts:
            for _ in range(times):
                collector.add_vote(better, worse, 1.0, judge)
        return collector.comparisons()

    return collect


@pytest.fixture
def drawn_votes():
    """n votes on random pairs by known strengths; each judge's taste moves them by `apart`."""

    def draw(strengths, n, *, judges=1, apart=0.0, seed=0):
        random, size = np.random.default_rng(seed), len(strengths)
        tastes = strengths + apart * random.normal(size=(judges, size))
        judge = random.integers(judges, size=n)
        first = random.integers(size, size=n)
        second = (first + 1 + random.integers(size - 1, size=n)) % size
        gap = tastes[judge, first] - tastes[judge, second]
        outcomes = (random.random(n) < 1 / (1 + np.exp(-gap))).astype(np.float64)
        return Comparisons(
            tuple(range(size)),
            first,
            second,
            outcomes,
            judge,
            np.arange(n),
            np.zeros((0, 2), np.int64),
            NONE,
            NONE,
            tuple(range(judges)),
        )

    return draw
