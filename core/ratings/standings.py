"""One person's ratings beside everybody's, and how sure it is where models stand by them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from core.ratings.bradley_terry import fitted_ratings
from core.sessions.ratings import Floats, Ratings, Top, drawn_ratings, ratings_of, top_of

TASTES_VARIANCE = 1.0  # log odds squared: what others find even is 3 to 1 to one person in three
TOP = 3
REACH = 1.96  # standard deviations to each side of a 95 % interval


@dataclass(frozen=True)
class Personal:
    """Ratings of n models by one person's judgments, shrunk towards those of everybody else."""

    own: Ratings
    others: Ratings  # by everybody else's judgments alone


@dataclass(frozen=True)
class Standing:
    """Where a model stands, best first, and how sure that is.

    Chances are of being preferred to the average model: one whose rating is the mean of all n.
    """

    place: int  # into the ratings
    chance: float
    lower: float  # 95 % interval of the chance
    upper: float
    by_others: float  # the chance by everybody else's ratings
    first: float  # probability of being the best of those that are ranked
    among_top: float  # probability of being among the best three of them


def personal_ratings(own_wins: Floats, other_wins: Floats) -> Personal:
    """Ratings by a person's wins (n, n), with a prior centred on those by others' wins (n, n).

    The prior is as uncertain as others' ratings are, and as tastes differ. Without wins of their
    own it is what a person gets; with many it is their own taste. Raises ScoreError for what is no
    win matrix.
    """
    others = fitted_ratings(other_wins)
    means, covariance = others.arrays()
    prior = ratings_of(means, covariance + TASTES_VARIANCE * np.eye(len(means)))
    return Personal(fitted_ratings(own_wins, prior=prior), others)


def standings(personal: Personal, ranked: Sequence[int]) -> tuple[Standing, ...]:
    """The models at the places `ranked`, best first; equal ones in the order given.

    The average model is that of all n, whichever are ranked.
    """
    means, covariance = personal.own.arrays()
    others, _ = personal.others.arrays()
    apart = np.eye(len(means)) - 1 / max(1, len(means))  # each rating less the mean of all
    away, spread = apart @ means, np.sqrt(np.diag(apart @ covariance @ apart.T))
    by_others = scipy.special.expit(apart @ others)
    places = np.array(ranked, np.int64)
    firsts, tops = _chances_of_rank(*_among(personal.own, places))
    order = np.argsort(-means[places], kind="stable")
    return tuple(
        Standing(
            int(places[row]),
            float(scipy.special.expit(away[places[row]])),
            float(scipy.special.expit(away[places[row]] - REACH * spread[places[row]])),
            float(scipy.special.expit(away[places[row]] + REACH * spread[places[row]])),
            float(by_others[places[row]]),
            float(firsts[row]),
            float(tops[row]),
        )
        for row in order
    )


def top_three(personal: Personal, ranked: Sequence[int]) -> Top | None:
    """The best three of the models at the places `ranked`, and how probable it is that they are.

    Places are into the ratings. None where no more than three are ranked.
    """
    top = top_of(*_among(personal.own, np.array(ranked, np.int64)), TOP)
    return top and Top(tuple(ranked[row] for row in top.places), top.probability)


def _among(ratings: Ratings, places: np.ndarray) -> tuple[Floats, Floats]:
    """Means and covariance of those at `places` alone."""
    means, covariance = ratings.arrays()
    return means[places], covariance[np.ix_(places, places)]


def _chances_of_rank(means: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    """Shares of draws (n,) in which each is the best, and in which it is among the best three."""
    drawn = drawn_ratings(means, covariance)
    best = np.argsort(-drawn, axis=1)[:, :TOP]
    counted = [np.bincount(best[:, :most].ravel(), minlength=len(means)) for most in (1, TOP)]
    firsts, tops = (count / len(drawn) for count in counted)
    return firsts, tops
