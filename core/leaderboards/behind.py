"""Which judgments stand behind a number of a board: a model's, or two models' with each other."""

from collections.abc import Hashable

import numpy as np

from core.leaderboards.comparisons import TIE, Comparisons, Floats, Ints
from core.leaderboards.resampled import played_pairs


def judgments_of(comparisons: Comparisons, model: Hashable) -> Ints:
    """Numbers of the judgments that the model took part in, rising: as many as its votes."""
    if model not in comparisons.models:
        return np.zeros(0, np.int64)
    place = comparisons.models.index(model)
    votes = comparisons.numbers[(comparisons.first == place) | (comparisons.second == place)]
    batches = comparisons.batches[(comparisons.choices == place).any(axis=1)]
    return np.unique(np.concatenate([votes, batches]))


def judgments_between(comparisons: Comparisons, one: Hashable, other: Hashable) -> Ints:
    """Numbers of the judgments that say which of two models is better, or that neither is."""
    if one not in comparisons.models or other not in comparisons.models or one == other:
        return np.zeros(0, np.int64)
    pair = sorted((comparisons.models.index(one), comparisons.models.index(other)))
    played = played_pairs(comparisons)
    both = np.sort(np.stack([played.first, played.second]), axis=0)
    return np.unique(played.judgments[(both[0] == pair[0]) & (both[1] == pair[1])])


def wins_and_games(comparisons: Comparisons) -> tuple[Floats, Ints]:
    """(m, m) how often the row was preferred to the column, a tie as half; and how often they met.

    A sorted batch counts with every pair that it orders.
    """
    size, played = len(comparisons.models), played_pairs(comparisons)
    wins = np.bincount(played.first * size + played.second, played.outcomes, size * size)
    wins = wins + np.bincount(played.second * size + played.first, 1 - played.outcomes, size * size)
    square = np.asarray(wins, np.float64).reshape(size, size)
    return square, (square + square.T).round().astype(np.int64)


def without_ties(comparisons: Comparisons) -> Comparisons:
    """What Plackett-Luce alone counts."""
    return comparisons.without(comparisons.numbers[comparisons.outcomes == TIE])
