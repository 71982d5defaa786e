"""Bradley-Terry with a normal prior: strengths and their covariance, finite from the first vote on.

P(i is preferred to j) = 1 / (1 + exp(r_j - r_i)), a tie is half a win for each (Bradley and Terry
1952; the prior as in Caron and Doucet 2012, normal in place of gamma). The posterior is
log-concave, so Newton's method finds its one maximum; the covariance is the inverse of the
curvature there (Laplace). Without the prior someone who never lost would be rated infinite. It is
centred on 0, or on ratings known from elsewhere: what is rated is then shrunk towards those.
"""

import numpy as np
import scipy

from core.errors import ScoreError
from core.sessions.ratings import UNKNOWN_VARIANCE, Floats, Ratings, ratings_of

STEPS = 100  # Newton takes five to ten
CLOSE = 1e-10  # log odds


def fitted_ratings(
    wins: Floats, *, variance: float = UNKNOWN_VARIANCE, prior: Ratings | None = None
) -> Ratings:
    """Ratings of n from wins (n, n): how often the row was preferred to the column.

    The prior is `prior`, n ratings known from elsewhere and how surely; without one they are
    independent around 0 with `variance`, in log odds squared. Raises ScoreError for what is no win
    matrix, and for a prior that does not go with it.
    """
    if wins.ndim != 2 or wins.shape[0] != wins.shape[1]:
        raise ScoreError(f"A win matrix is square, not {wins.shape}.")
    if not np.isfinite(wins).all() or (wins < 0).any() or not 0 < variance < np.inf:
        raise ScoreError("Wins and the prior's variance must be finite and not negative.")
    wins = wins * ~np.eye(len(wins), dtype=np.bool_)  # nobody beats themselves
    games = wins + wins.T
    centre, precision = _known(len(wins), variance, prior)
    means = centre
    for _ in range(STEPS):
        slope = _slope(wins, games, means) - precision @ (means - centre)
        curvature = _curvature(games, means) + precision
        step = np.asarray(np.linalg.solve(curvature, slope), np.float64)
        share = 1.0
        while _gain(wins, means, share * step, centre, precision) < 0 and share > CLOSE:
            share /= 2
        means = means + share * step
        if np.abs(step).max(initial=0) < CLOSE:
            break
    covariance = np.linalg.inv(_curvature(games, means) + precision)
    return ratings_of(means, np.asarray(covariance, np.float64))


def _known(count: int, variance: float, prior: Ratings | None) -> tuple[Floats, Floats]:
    """Means (n,) of the prior and the inverse of its covariance (n, n)."""
    if prior is None:
        return np.zeros(count), np.eye(count) / variance
    means, covariance = prior.arrays()
    if len(means) != count:
        raise ScoreError(f"A prior of {len(means)} ratings does not go with {count}.")
    return means, np.asarray(np.linalg.inv(covariance), np.float64)


def _slope(wins: Floats, games: Floats, means: Floats) -> Floats:
    """(n,) slope of the log likelihood."""
    expected = games * scipy.special.expit(means[:, None] - means[None, :])
    slope: Floats = (wins - expected).sum(axis=1)
    return slope


def _curvature(games: Floats, means: Floats) -> Floats:
    """(n, n) minus the Hessian of the log likelihood; with the prior's it is positive definite."""
    chances = scipy.special.expit(means[:, None] - means[None, :])
    told = games * chances * (1 - chances)
    curvature: Floats = np.diag(told.sum(axis=1)) - told
    return curvature


def _gain(wins: Floats, means: Floats, step: Floats, centre: Floats, precision: Floats) -> float:
    """By how much the log posterior rises with the step, but for rounding."""
    before, after = (_log_posterior(wins, at, centre, precision) for at in (means, means + step))
    return after - (before - 1e-12)


def _log_posterior(wins: Floats, means: Floats, centre: Floats, precision: Floats) -> float:
    likelihood = -(wins * np.logaddexp(0, means[None, :] - means[:, None])).sum()
    away = means - centre
    return float(likelihood - away @ precision @ away / 2)
