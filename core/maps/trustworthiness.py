"""Trustworthiness of a map: whether those who stand together on it belong together."""

import numpy as np

from core.maps.tsne import Points
from core.scores import Vectors

NEIGHBOURS = 10
SAMPLE = 1_000  # pictures asked for their neighbours where there are more
_BLOCK_ROWS = 128


def neighbours_for(count: int) -> int:
    """Neighbours to look at among `count` pictures; 0 where the measure says nothing."""
    return min(NEIGHBOURS, (count - 1) // 2) if count >= 4 else 0


def trustworthiness(
    units: Vectors, points: Points, *, sample: int = SAMPLE, seed: int = 0
) -> float | None:
    """Trustworthiness (Venna and Kaski 2001), 0 to 1, of places (n, 2) of unit vectors (n, dim).

    1 minus the mean penalty of map neighbours that are no neighbours by features, as scikit-learn's
    `trustworthiness`, to which it is equal when all pictures are asked. With more than `sample`
    pictures a seeded sample of them is asked, each against all the others: that keeps the measure's
    scale, which a map of a sample would not. None for fewer than four pictures.
    """
    count = len(units)
    wanted = neighbours_for(count)
    if not wanted:
        return None
    asked = np.arange(count)
    if count > sample:
        asked = np.sort(np.random.default_rng(seed).choice(count, sample, replace=False))
    penalty = 0
    for first in range(0, len(asked), _BLOCK_ROWS):
        rows = asked[first : first + _BLOCK_ROWS]
        by_features = 2 - 2 * (units[rows] @ units.T)
        on_map = ((points[rows, None, :] - points[None, :, :]) ** 2).sum(axis=2)
        own = (np.arange(len(rows)), rows)
        by_features[own] = -np.inf  # so that oneself is rank 0 even among equals
        on_map[own] = np.inf
        ranks = np.empty(by_features.shape, dtype=np.int64)
        order = np.argsort(by_features, axis=1, kind="stable")
        np.put_along_axis(ranks, order, np.arange(count)[None, :], axis=1)
        near = np.argsort(on_map, axis=1, kind="stable")[:, :wanted]
        excess = np.take_along_axis(ranks, near, axis=1) - wanted
        penalty += int(excess[excess > 0].sum())
    worst = len(asked) * wanted * (2 * count - 3 * wanted - 1) / 2
    return float(max(0.0, 1 - penalty / worst))
