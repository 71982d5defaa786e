"""How ratings settled as judgments came in."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from core.leaderboards.board import bradley_terry
from core.leaderboards.comparisons import Comparisons


@dataclass(frozen=True)
class Moment:
    """The board after the first so many judgments."""

    judgments: int
    ratings: dict[Hashable, float]  # of the largest group
    tau: float | None  # Kendall's, with the order of all judgments; None for fewer than two models


def convergence(comparisons: Comparisons, steps: int = 12) -> tuple[Moment, ...]:
    """The board at `steps` moments, evenly spread over the judgments, the last one with all."""
    numbers = np.unique(np.concatenate([comparisons.numbers, comparisons.batches]))
    if not len(numbers):
        return ()
    final = _ratings(comparisons)
    sizes = np.unique(np.linspace(0, len(numbers), steps + 1).round().astype(np.int64)[1:])
    return tuple(
        _moment(comparisons, int(numbers[size - 1]), int(size), final) for size in sizes if size
    )


def _moment(comparisons: Comparisons, last: int, size: int, final: dict[Hashable, float]) -> Moment:
    ratings = _ratings(comparisons.where(lambda known: known <= last))
    shared = [model for model in ratings if model in final]
    tau = None
    if len(shared) > 1:
        tau = float(
            stats.kendalltau(
                [ratings[model] for model in shared], [final[model] for model in shared]
            ).statistic
        )
    return Moment(size, ratings, None if tau is None or np.isnan(tau) else tau)


def _ratings(comparisons: Comparisons) -> dict[Hashable, float]:
    return {
        standing.model: standing.rating
        for standing in bradley_terry(comparisons)
        if standing.group == 0
    }
