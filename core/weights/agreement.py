"""How often a score orders two pictures of a prompt as people did, and how often people agree."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.weights.pairs import TIE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

RESAMPLES = 1000
FEWEST_CLUSTERS = 5  # below, resampling people says little: single judgments are resampled


@dataclass(frozen=True)
class Agreement:
    """A share of pairs with its 95 % bootstrap interval; NaN where there is no pair."""

    share: float
    lower: float
    upper: float
    pairs: int  # that count
    ties: int  # of people, left out
    unscored: int  # pairs with a picture that has no score, left out
    resampled: str  # what the interval resamples: people or judgments


def agreement(
    score_gaps: Floats, outcomes: Floats, people: Ints, judgments: Ints, seed: int = 0
) -> Agreement:
    """Share of pairs that the score orders as people did, all arrays (n,).

    `score_gaps` is the score of the first picture minus that of the second, NaN where one has
    none; `outcomes` 1 where people preferred the first, 0 the second, 0.5 neither. Ties of people
    are left out, since no strict order can meet them; a tie of the score counts half.
    """
    tied = outcomes == TIE
    unscored = ~tied & ~np.isfinite(score_gaps)
    counts = ~tied & ~unscored
    met = 0.5 * (1 + np.sign(score_gaps[counts]) * np.sign(outcomes[counts] - TIE))
    people_there = len(np.unique(people[counts]))
    by_people = people_there >= FEWEST_CLUSTERS
    clusters = (people if by_people else judgments)[counts]
    lower, upper = _interval(met, clusters, seed)
    share = float(met.mean()) if len(met) else float("nan")
    resampled = "people" if by_people else "judgments"
    return Agreement(share, lower, upper, len(met), int(tied.sum()), int(unscored.sum()), resampled)


def _interval(values: Floats, clusters: Ints, seed: int) -> tuple[float, float]:
    """95 % percentile bootstrap of a mean over clusters; the mean alone with a single cluster."""
    if not len(values):
        return float("nan"), float("nan")
    _, index = np.unique(clusters, return_inverse=True)
    sums, sizes = np.bincount(index, values), np.bincount(index)
    if len(sizes) < 2:
        return 0.0, 1.0  # one judgment says nothing of the next
    random = np.random.default_rng(seed)
    times = random.multinomial(len(sizes), np.full(len(sizes), 1 / len(sizes)), RESAMPLES)
    means = (times @ sums) / (times @ sizes)
    lower, upper = np.quantile(means, (0.025, 0.975))
    return float(lower), float(upper)


@dataclass(frozen=True)
class Ceiling:
    """How often two people order the same pair alike: no score can be expected to do better."""

    share: float  # NaN where no pair was judged by two people
    pairs: int  # pairs of pictures that two or more people judged
    comparisons: int  # pairs of people over them, ties left out


def ceiling(
    pictures: Sequence[tuple[str, str]], outcomes: Floats, people: Sequence[str]
) -> Ceiling:
    """Agreement of different people on the same two pictures, whatever the sides.

    A person who judged a pair several times counts by the majority; an even split is a tie, and
    ties are left out.
    """
    votes = votes_by_pair(pictures, outcomes, people)
    alike = compared = shared = 0
    for of_pair in votes.values():
        decided = [vote for vote in of_pair.values() if vote]
        for_first = sum(vote > 0 for vote in decided)
        against = len(decided) - for_first
        shared += len(decided) > 1
        alike += for_first * (for_first - 1) // 2 + against * (against - 1) // 2
        compared += len(decided) * (len(decided) - 1) // 2
    return Ceiling(alike / compared if compared else float("nan"), shared, compared)


def votes_by_pair(
    pictures: Sequence[tuple[str, str]], outcomes: Floats, people: Sequence[str]
) -> dict[tuple[str, str], dict[str, float]]:
    """Votes of each person for the first of two pictures less those against, ties left out.

    Keys have their two pictures in rising order, whatever the sides.
    """
    votes: dict[tuple[str, str], dict[str, float]] = {}
    for (first, second), outcome, person in zip(pictures, outcomes, people, strict=True):
        if outcome == TIE:
            continue
        key, sign = ((first, second), 1) if first < second else ((second, first), -1)
        of_pair = votes.setdefault(key, {})
        of_pair[person] = of_pair.get(person, 0.0) + sign * np.sign(outcome - TIE)
    return votes
