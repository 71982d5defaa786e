"""Leaderboards: models with their ratings, intervals, and ranks that say no more than is known."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from math import log

import numpy as np

from core.leaderboards.comparisons import TIE, Comparisons, Floats, Ints
from core.leaderboards.strengths import fitted_strengths, met_groups

CENTRE, SCALE, BASE = 1000.0, 400.0, 10.0  # Arena's: 400 more wins ten times of eleven
ARENA = SCALE / log(BASE)  # points for one of log odds
PROVISIONAL = 30  # judgments; fewer make a rating provisional


@dataclass(frozen=True)
class Standing:
    """One model's place; lower or upper is None where the data set no bound."""

    model: Hashable
    rating: float
    lower: float | None
    upper: float | None
    rank: int  # 1 + how many of its group are significantly better
    last_rank: int  # how many of its group are not significantly worse: the rank lies between
    votes: int  # judgments it took part in
    group: int  # 0 the largest; models of different groups never met and do not compare

    @property
    def provisional(self) -> bool:
        """Whether it was judged too seldom to be relied on."""
        return self.votes < PROVISIONAL


def bradley_terry(comparisons: Comparisons) -> tuple[Standing, ...]:
    """Standings by votes and sorted batches on Arena's scale, best first, the largest group first.

    A rating is 1000 for the average of a group; see `strengths.fitted_strengths`.
    """
    if not comparisons.models:
        return ()
    strengths = fitted_strengths(comparisons)
    half, gaps = strengths.half_widths(), strengths.gaps()
    values, groups = strengths.values, groups_by_size(comparisons)
    ahead = values[:, None] - values[None, :]
    same = groups[:, None] == groups[None, :]
    better = same & (ahead > gaps)
    return standings(
        comparisons,
        CENTRE + ARENA * values,
        np.where(strengths.never_won, np.nan, CENTRE + ARENA * (values - half)),
        np.where(strengths.never_lost, np.nan, CENTRE + ARENA * (values + half)),
        1 + better.sum(axis=0),
        same.sum(axis=1) - better.sum(axis=1),
        groups,
    )


def plackett_luce(comparisons: Comparisons) -> tuple[Standing, ...]:
    """As `bradley_terry`, by orders alone: sorted batches and votes that were no ties.

    Plackett and Luce's model has no ties.
    """
    decided = comparisons.outcomes != TIE
    return bradley_terry(
        replace(
            comparisons,
            first=comparisons.first[decided],
            second=comparisons.second[decided],
            outcomes=comparisons.outcomes[decided],
            judges=comparisons.judges[decided],
            numbers=comparisons.numbers[decided],
        )
    )


def groups_by_size(comparisons: Comparisons) -> Ints:
    """(m,) groups of models that met, if only through others: 0 is the largest."""
    labels = met_groups(comparisons)
    known, firsts, counts = np.unique(labels, return_index=True, return_counts=True)
    number = np.empty(len(known), np.int64)
    number[np.lexsort((firsts, -counts))] = np.arange(len(known))
    return number[np.searchsorted(known, labels)]


def standings(
    comparisons: Comparisons,
    ratings: Floats,
    lower: Floats,
    upper: Floats,
    ranks: Ints,
    last_ranks: Ints,
    groups: Ints,
) -> tuple[Standing, ...]:
    """Standings of all that were judged, best first within each group; NaN is no bound."""
    votes = comparisons.votes
    order = sorted(
        np.flatnonzero(votes).tolist(), key=lambda m: (groups[m], -ratings[m], -votes[m], m)
    )
    return tuple(
        Standing(
            comparisons.models[place],
            float(ratings[place]),
            None if np.isnan(lower[place]) else float(lower[place]),
            None if np.isnan(upper[place]) else float(upper[place]),
            int(ranks[place]),
            int(last_ranks[place]),
            int(votes[place]),
            int(groups[place]),
        )
        for place in order
    )
