"""How a normalised metric is spread over [0, 1], and whether it can tell pictures apart at all."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.scores import Starts, group_sizes

Floats = npt.NDArray[np.float64]

BINS = 24
CROWD = 0.9  # of the pictures within one tenth of the scale: the others squeeze them together
_TENTHS = 20  # steps at which a tenth may begin


@dataclass(frozen=True)
class Spread:
    """The distribution of q over all pictures, and where it says nothing."""

    bins: npt.NDArray[np.int64]  # (BINS,) pictures
    known: int  # pictures with a q
    pictures: int
    flat: int  # prompts with two or more known pictures, all of one value
    prompts: int  # prompts with two or more known pictures
    distinct: int  # values, rounded to six decimals
    crowd: tuple[float, float] | None  # the tenth of the scale that holds nearly all pictures
    crowd_share: float


def spread(q: Floats, starts: Starts) -> Spread:
    """The spread of `q` (n,), rows grouped by prompt."""
    known = np.isfinite(q)
    values = q[known]
    bins, _ = np.histogram(values, BINS, (0.0, 1.0))
    flat, prompts = _flat_prompts(q, starts)
    crowd, share = _crowd(values)
    return Spread(
        bins.astype(np.int64),
        int(known.sum()),
        len(q),
        flat,
        prompts,
        len(np.unique(values.round(6))),
        crowd if share >= CROWD else None,
        share,
    )


def _flat_prompts(q: Floats, starts: Starts) -> tuple[int, int]:
    if not len(q):
        return 0, 0
    group = np.repeat(np.arange(len(starts)), group_sizes(starts, len(q)))
    known = np.isfinite(q)
    counts = np.bincount(group[known], minlength=len(starts))
    highest, lowest = np.full(len(starts), -np.inf), np.full(len(starts), np.inf)
    np.maximum.at(highest, group[known], q[known])
    np.minimum.at(lowest, group[known], q[known])
    several = counts > 1
    return int((several & (highest == lowest)).sum()), int(several.sum())


def _crowd(values: Floats) -> tuple[tuple[float, float], float]:
    """The tenth of the scale that holds most values, and their share."""
    if not len(values):
        return (0.0, 0.0), 0.0
    ordered = np.sort(values)
    begins = np.linspace(0.0, 0.9, _TENTHS - 1)
    within = np.searchsorted(ordered, begins + 0.1 + 1e-9, "right") - np.searchsorted(
        ordered, begins - 1e-9, "left"
    )
    most = int(np.argmax(within))
    return (float(begins[most]), float(begins[most] + 0.1)), float(within[most] / len(values))
