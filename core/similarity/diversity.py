"""How diverse prompts are: ranks by APS (GEMRec, 3.2.1), and the mean over one domain's prompts."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from core.scores import Floats

_TIE_DECIMALS = 9  # the same pictures in another order differ in the last bits of a double


@dataclass(frozen=True)
class MeanInterval:
    """A mean over a sample with its 95 % interval, NaN where one value cannot give any."""

    mean: float
    low: float
    high: float
    count: int


def diversity_ranks(aps: Floats) -> npt.NDArray[np.int64]:
    """Rank of each prompt by APS (n,), the most diverse first: 1, 2, 2, 4 where two are equal.

    Values that agree to nine decimals are equal. A prompt without APS (NaN) has no rank: 0.
    """
    rounded = np.round(aps, _TIE_DECIMALS)
    ordered = np.sort(rounded[~np.isnan(rounded)])
    ranks = np.searchsorted(ordered, rounded, side="left") + 1
    return np.where(np.isnan(rounded), 0, ranks).astype(np.int64)


def mean_interval(values: Floats) -> MeanInterval:
    """Mean of `values` (n,) with Student's 95 % interval; NaN counts for nobody."""
    known = values[np.isfinite(values)]
    count = len(known)
    if count == 0:
        return MeanInterval(float("nan"), float("nan"), float("nan"), 0)
    mean = float(known.mean())
    if count == 1:
        return MeanInterval(mean, float("nan"), float("nan"), 1)
    half = float(stdtrit(count - 1, 0.975) * known.std(ddof=1) / np.sqrt(count))
    return MeanInterval(mean, mean - half, mean + half, count)
