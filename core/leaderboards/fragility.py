"""How few judgments hold up the first place: which ones, taken away, would change it.

Every set of judgments cannot be tried. To first order, taking judgment k away moves the strengths
by minus the covariance times its part of the slope (Broderick, Giordano and Meager 2020), so the
judgments that hold the leader above a challenger most are known at once. They are taken away in
that order until a new fit puts the challenger first; halving then looks for a smaller number of
them. What is found is a set that does it, so an upper bound of the fewest.
"""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from core.leaderboards.board import groups_by_size
from core.leaderboards.comparisons import NOBODY, Comparisons, Floats, Ints
from core.leaderboards.strengths import Strengths, choice_shares, fitted_strengths

CHALLENGERS = 5  # the nearest ones are looked at


@dataclass(frozen=True)
class Fragility:
    """The judgments whose removal would put another model first."""

    model: Hashable  # first now
    challenger: Hashable  # first without them
    numbers: tuple[int, ...]  # of the judgments, the weightiest first
    judgments: int  # in all


def fragility(comparisons: Comparisons) -> Fragility | None:
    """The smallest such set that the method finds.

    None where it finds none: no second model was judged, or none ever won anything.
    """
    if len(comparisons.models) < 2:
        return None
    strengths, group = fitted_strengths(comparisons), groups_by_size(comparisons) == 0
    order = [int(place) for place in np.argsort(-strengths.values) if group[place]]
    leader, challengers = order[0], order[1 : 1 + CHALLENGERS]
    best: tuple[int, Ints] | None = None
    for challenger in challengers:
        numbers = _held_up_by(comparisons, strengths, leader, challenger)
        if best is not None:
            numbers = numbers[: len(best[1]) - 1]
        found = _fewest(comparisons, numbers, leader)
        if found is not None:
            best = found
    if best is None:
        return None
    models = comparisons.models
    return Fragility(
        models[leader], models[best[0]], tuple(best[1].tolist()), comparisons.judgments
    )


def _held_up_by(
    comparisons: Comparisons, strengths: Strengths, leader: int, challenger: int
) -> Ints:
    """Numbers of the judgments that hold the leader above the challenger, the weightiest first."""
    weights = strengths.covariance[leader] - strengths.covariance[challenger]
    effects = _effects(comparisons, strengths.values, weights)
    numbers = np.argsort(-effects, kind="stable")
    return np.asarray(numbers[effects[numbers] > 0], np.int64)


def _effects(comparisons: Comparisons, values: Floats, weights: Floats) -> Floats:
    """By number of the judgment: how much less of weights . values there is without it."""
    first, second, choices = comparisons.first, comparisons.second, comparisons.choices
    count = 1 + max(comparisons.numbers.max(initial=0), comparisons.batches.max(initial=0))
    surprise = comparisons.outcomes - expit(values[first] - values[second])
    effects = np.bincount(comparisons.numbers, surprise * (weights[first] - weights[second]), count)
    if len(choices):
        told = np.where(choices == NOBODY, 0.0, weights[choices])
        expected = (choice_shares(values, choices) * told).sum(axis=1)
        effects = effects + np.bincount(comparisons.batches, told[:, 0] - expected, count)
    return np.asarray(effects, np.float64)


def _fewest(comparisons: Comparisons, numbers: Ints, leader: int) -> tuple[int, Ints] | None:
    """A new leader, and the shortest beginning of `numbers` found that makes it one."""
    whole = _leader_without(comparisons, numbers) if len(numbers) else leader
    if whole == leader:
        return None
    enough, first, too_few = len(numbers), whole, 0
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        found = _leader_without(comparisons, numbers[:middle])
        if found == leader:
            too_few = middle
        else:
            enough, first = middle, found
    return first, numbers[:enough]


def _leader_without(comparisons: Comparisons, numbers: Ints) -> int:
    rest = comparisons.without(numbers)
    group = groups_by_size(rest) == 0
    return int(np.argmax(np.where(group, fitted_strengths(rest).values, -np.inf)))
