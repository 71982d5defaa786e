"""The fit against a slow reference and against two models, where it can be solved by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize
from scipy.special import expit

from core.errors import ScoreError
from core.ratings.bradley_terry import fitted_ratings


def reference_means(wins, variance):
    """Every win one by one, minimised without any derivative of ours."""

    def loss(means):
        told = 0.0
        for i in range(len(wins)):
            for j in range(len(wins)):
                if i != j:
                    told += wins[i, j] * np.log1p(np.exp(means[j] - means[i]))
        return told + (means**2).sum() / (2 * variance)

    found = minimize(loss, np.zeros(len(wins)), method="BFGS", options={"gtol": 1e-9})
    return found.x


def reference_covariance(wins, means, variance):
    """The inverse of the curvature, written out pair by pair."""
    curvature = np.eye(len(wins)) / variance
    for i in range(len(wins)):
        for j in range(i):
            chance = expit(means[i] - means[j])
            apart = np.zeros(len(wins))
            apart[i], apart[j] = 1, -1
            games = wins[i, j] + wins[j, i]
            curvature += games * chance * (1 - chance) * np.outer(apart, apart)
    return np.linalg.inv(curvature)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("variance", [0.25, 1.0, 9.0])
def test_the_fit_is_the_reference(seed, variance):
    random = np.random.default_rng(seed)
    wins = random.integers(0, 6, (6, 6)) + random.integers(0, 2, (6, 6)) / 2
    np.fill_diagonal(wins, 0)
    means, covariance = fitted_ratings(wins, variance=variance).arrays()
    assert means == pytest.approx(reference_means(wins, variance), abs=1e-5)
    assert covariance == pytest.approx(reference_covariance(wins, means, variance), abs=1e-9)


@pytest.mark.parametrize(("won", "lost"), [(1, 0), (3, 1), (2.5, 2.5), (1000, 0)])
def test_two_models_are_solved_by_hand(won, lost):
    """Ratings are +-d / 2 where won - (won + lost) p(d) = d / (2 variance)."""
    games = won + lost
    gap = brentq(lambda d: won - games * expit(d) - d / 2, -50, 50, xtol=1e-13)
    means, covariance = fitted_ratings(np.array([[0.0, won], [lost, 0.0]])).arrays()
    assert means == pytest.approx([gap / 2, -gap / 2], abs=1e-9)
    spread = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    chance = expit(gap)
    assert spread == pytest.approx(2 / (1 + 2 * games * chance * (1 - chance)))


def test_nobody_judged_is_the_prior():
    means, covariance = fitted_ratings(np.zeros((3, 3)), variance=2.0).arrays()
    assert means.tolist() == [0, 0, 0]
    assert covariance == pytest.approx(2 * np.eye(3))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 7), st.integers(0, 10**6), st.sampled_from([1.0, 1e3, 1e9]))
def test_ratings_are_finite_and_turn_with_the_models(count, seed, most):
    random = np.random.default_rng(seed)
    wins = np.where(random.random((count, count)) < 0.3, most * random.random((count, count)), 0.0)
    means, covariance = fitted_ratings(wins).arrays()
    assert np.isfinite(means).all()
    assert (np.linalg.eigvalsh(covariance) > 0).all()
    assert means.sum() == pytest.approx(0, abs=1e-6), "the prior alone fixes the mean"
    turn = random.permutation(count)
    turned, _ = fitted_ratings(wins[np.ix_(turn, turn)]).arrays()
    rounding = 1e-13 * most  # where ratings rest on the prior, it stands beside that many wins
    assert turned == pytest.approx(means[turn], abs=max(1e-6, rounding))


@pytest.mark.parametrize(
    "wins", [np.zeros((2, 3)), -np.ones((2, 2)), np.full((2, 2), np.nan), np.zeros(4)]
)
def test_what_is_no_win_matrix_is_refused(wins):
    with pytest.raises(ScoreError):
        fitted_ratings(wins)
