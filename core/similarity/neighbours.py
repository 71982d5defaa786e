"""Nearest pictures by features: plain cosine over all rows, which is fast enough up to 50,000."""

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


def cosines(units: Vectors, query: Vectors) -> Vectors:
    """Cosine of `query` (dim,) with each row of `units` (n, dim), which have length 1.

    NaN for rows without a direction. Raises ValueError where `query` has none, or does not fit.
    """
    if query.shape != units.shape[1:]:
        raise ValueError(f"a query of shape {query.shape} for features of {units.shape[1:]}")
    length = float(np.linalg.norm(query.astype(np.float64)))
    if not (np.isfinite(length) and length > 0):
        raise ValueError("the query has no direction")
    unit = (query.astype(np.float64) / length).astype(np.float32)
    return np.asarray(np.clip(units @ unit, -1.0, 1.0), dtype=np.float32)


def extremes(
    values: Vectors, count: int, *, nearest: bool, but: int | None = None
) -> npt.NDArray[np.int64]:
    """Rows with the `count` largest values (n,), or smallest, best first; `but` is left out.

    Ties are ordered by row; NaN is never among them.
    """
    keys = np.where(np.isnan(values), np.inf, -values if nearest else values)
    if but is not None:
        keys[but] = np.inf
    order = np.argsort(keys, kind="stable")[:count]
    return order[np.isfinite(keys[order])]
