"""Bradley-Terry with a normal prior: strengths and their covariance, finite from the first vote on.

P(i is preferred to j) = 1 / (1 + exp(r_j - r_i)), a tie is half a win for each (Bradley and Terry
1952; the prior as in Caron and Doucet 2012, normal in place of gamma). The posterior is
log-concave, so Newton's method finds its one maximum; the covariance is the inverse of the
curvature there (Laplace). Without the prior someone who never lost would be rated infinite.
"""

import numpy as np
from scipy.special import expit

from core.errors import ScoreError
from core.sessions.ratings import UNKNOWN_VARIANCE, Floats, Ratings, ratings_of

STEPS = 100  # Newton takes five to ten
CLOSE = 1e-10  # log odds


def fitted_ratings(wins: Floats, *, variance: float = UNKNOWN_VARIANCE) -> Ratings:
    """Ratings of n from wins (n, n): how often the row was preferred to the column.

    `variance` is the prior's, in log odds squared. Raises ScoreError for what is no win matrix.
    """
    if wins.ndim != 2 or wins.shape[0] != wins.shape[1]:
        raise ScoreError(f"A win matrix is square, not {wins.shape}.")
    if not np.isfinite(wins).all() or (wins < 0).any() or not 0 < variance < np.inf:
        raise ScoreError("Wins and the prior's variance must be finite and not negative.")
    wins = wins * ~np.eye(len(wins), dtype=np.bool_)  # nobody beats themselves
    games = wins + wins.T
    means = np.zeros(len(wins))
    for _ in range(STEPS):
        slope = _slope(wins, games, means, variance)
        step = np.asarray(np.linalg.solve(_curvature(games, means, variance), slope), np.float64)
        share = 1.0
        while _gain(wins, means, share * step, variance) < 0 and share > CLOSE:
            share /= 2
        means = means + share * step
        if np.abs(step).max(initial=0) < CLOSE:
            break
    covariance = np.linalg.inv(_curvature(games, means, variance))
    return ratings_of(means, np.asarray(covariance, np.float64))


def _slope(wins: Floats, games: Floats, means: Floats, variance: float) -> Floats:
    expected = games * expit(means[:, None] - means[None, :])
    slope: Floats = (wins - expected).sum(axis=1) - means / variance
    return slope


def _curvature(games: Floats, means: Floats, variance: float) -> Floats:
    """(n, n) minus the Hessian of the log posterior; positive definite thanks to the prior."""
    chances = expit(means[:, None] - means[None, :])
    told = games * chances * (1 - chances)
    curvature: Floats = np.diag(told.sum(axis=1) + 1 / variance) - told
    return curvature


def _gain(wins: Floats, means: Floats, step: Floats, variance: float) -> float:
    """By how much the log posterior rises with the step, but for rounding."""
    return _log_posterior(wins, means + step, variance) - (
        _log_posterior(wins, means, variance) - 1e-12
    )


def _log_posterior(wins: Floats, means: Floats, variance: float) -> float:
    likelihood = -(wins * np.logaddexp(0, means[None, :] - means[:, None])).sum()
    return float(likelihood - means @ means / (2 * variance))
