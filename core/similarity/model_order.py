"""Orders of the models along a heat map: by a score, or so that alike ones stand together."""

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import leaves_list, linkage

from core.scores import Floats

Ints = npt.NDArray[np.int64]


def descending(scores: Floats, models: Ints) -> Ints:
    """Places of `models` (n,) by `scores` (n,), highest first; ties by model id, NaN last."""
    keys = np.where(np.isnan(scores), np.inf, -scores)
    return np.lexsort((models, keys)).astype(np.int64)


def leaf_order(values: Floats) -> Ints:
    """Places of the models so that alike ones stand together, for similarities (n, n).

    Average-linkage clustering of 1 - similarity with optimal leaf ordering (Bar-Joseph 2001).
    A pair without a similarity counts as alike as the average pair.
    """
    count = len(values)
    if count < 3:
        return np.arange(count, dtype=np.int64)
    first, second = np.triu_indices(count, k=1)
    distances = 1.0 - values[first, second]
    known = distances[np.isfinite(distances)]
    distances = np.nan_to_num(distances, nan=float(known.mean()) if len(known) else 1.0)
    tree = linkage(np.maximum(distances, 0.0), method="average", optimal_ordering=True)
    return np.asarray(leaves_list(tree), dtype=np.int64)
