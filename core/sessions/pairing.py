"""Which pair to ask about next: the one whose answer tells most, with a share of chance.

The answer to a pair depends on the ratings by their difference d alone. What one learns from it
about all ratings is therefore the mutual information of answer and d,

    H(E p(d)) - E H(p(d)),   p(d) = 1 / (1 + exp(-d)),   d normal,

H being the entropy of a coin in bits. This is the expected information gain of Bradley-Terry pairs
in Chen et al. 2013 (Crowd-BT) and Li et al. 2018 (Hybrid-MST, who take Gauss-Hermite quadrature),
written as in Houlsby et al. 2011 (BALD). Both expectations are sums over 129 evenly spaced points:
for smooth functions that is as exact as Gauss-Hermite, and stays so where ratings are very unsure.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import scipy

from core.errors import ScoreError
from core.sessions.ratings import POINTS, WEIGHTS, Floats, checked

Ints = npt.NDArray[np.int64]

AT_ONCE = 500  # pairs: their points then fit into the processor's cache
DECIMALS = 9  # of the gain: rounding in another order must not choose another pair


@dataclass(frozen=True)
class Choice:
    """A chosen pair, and how likely it was to be chosen, whichever way it came about."""

    pair: tuple[int, int]  # into the ratings
    how: Literal["information", "exploration"]
    probability: float
    gain_bits: float


def information_bits(means: Floats, covariance: Floats, pairs: Ints) -> Floats:
    """Expected information gain of each of the pairs (k, 2), in bits: (k,), 0 to 1.

    Raises ScoreError for means (n,) and covariance (n, n) that do not go together.
    """
    checked(means, covariance)
    first, second = pairs[:, 0], pairs[:, 1]
    centres = means[first] - means[second]
    spreads = covariance[first, first] + covariance[second, second] - 2 * covariance[first, second]
    gains = np.empty(len(pairs))
    for start in range(0, len(pairs), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        deviations = np.sqrt(np.clip(spreads[part], 0, None))
        differences = centres[part, None] + deviations[:, None] * POINTS
        away = np.abs(differences)
        odds = np.exp(-away)  # of the one who is behind
        behind = odds / (1 + odds)
        chances = np.where(differences < 0, behind, 1 - behind) @ WEIGHTS
        nats = (np.log1p(odds) + behind * away) @ WEIGHTS
        gains[part] = _coin_nats(chances) - nats
    bits: Floats = np.clip(gains / np.log(2), 0, 1)
    return bits


def choose_pair(
    means: Floats,
    covariance: Floats,
    pairs: Ints,
    *,
    exploration: float,
    coin: float,
    lot: float,
) -> Choice:
    """One of the pairs (k, 2): any with the share `exploration` (0 to 1), else the most telling.

    `coin` and `lot` are draws of [0, 1): whether to explore, and then which. Of equally telling
    pairs the first is taken. Raises ScoreError where there is no pair, or a share is no share.
    """
    if not len(pairs):
        raise ScoreError("There is no pair to choose from.")
    if not 0 <= exploration <= 1:
        raise ScoreError(f"The exploration share is {exploration}; it must be from 0 to 1.")
    gains = np.round(information_bits(means, covariance, pairs), DECIMALS)
    best = int(np.argmax(gains))
    explores = coin < exploration
    chosen = int(lot * len(pairs)) if explores else best
    probability = exploration / len(pairs) + (1 - exploration) * (chosen == best)
    return Choice(
        (int(pairs[chosen, 0]), int(pairs[chosen, 1])),
        "exploration" if explores else "information",
        probability,
        float(gains[chosen]),
    )


def _coin_nats(chances: Floats) -> Floats:
    heads = scipy.special.xlogy(chances, chances)
    nats: Floats = -(heads + scipy.special.xlogy(1 - chances, 1 - chances))
    return nats
