"""Ratings after a vote against importance sampling; who leads surely against a grid."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ScoreError
from core.sessions.ratings import after_comparison, ratings_of, top_of, unknown_ratings
from tests.core.sessions.test_pairing import some_ratings


@pytest.mark.parametrize("outcome", [1.0, 0.5, 0.0])
def test_ratings_after_a_vote_are_what_weighted_draws_say(outcome):
    means, covariance = some_ratings(3, 4)
    random = np.random.default_rng(5)
    drawn = random.multivariate_normal(means, covariance, 400_000)
    chances = 1 / (1 + np.exp(drawn[:, 2] - drawn[:, 0]))
    weights = chances**outcome * (1 - chances) ** (1 - outcome)
    weights /= weights.sum()
    expected = weights @ drawn
    spread = (drawn - expected).T @ ((drawn - expected) * weights[:, None])
    found = after_comparison(ratings_of(means, covariance), 0, 2, outcome).arrays()
    assert found[0] == pytest.approx(expected, abs=0.02)
    assert found[1] == pytest.approx(spread, abs=0.03)


@given(st.integers(0, 500), st.sampled_from([0.0, 0.5, 1.0]))
def test_a_vote_moves_the_pair_towards_it_and_makes_surer(seed, outcome):
    means, covariance = some_ratings(seed)
    new_means, new_covariance = after_comparison(
        ratings_of(means, covariance), 1, 3, outcome
    ).arrays()
    moved = (new_means - means)[1] - (new_means - means)[3]
    gap = means[1] - means[3]
    assert {1.0: moved > 0, 0.0: moved < 0, 0.5: abs(gap + moved) < abs(gap) + 1e-9}[outcome]
    assert (np.diag(new_covariance) <= np.diag(covariance) + 1e-9).all()
    assert np.linalg.eigvalsh(new_covariance).min() > -1e-8


def test_the_order_of_the_pair_is_that_of_the_outcome():
    ratings = unknown_ratings(3)
    one, other = after_comparison(ratings, 0, 2, 1.0), after_comparison(ratings, 2, 0, 0.0)
    assert np.array(one.means) == pytest.approx(np.array(other.means))
    assert one.means[0] > 0 > one.means[2]


def test_what_is_known_for_sure_is_not_moved():
    ratings = ratings_of(np.array([1.0, 2.0]), np.zeros((2, 2)))
    assert after_comparison(ratings, 0, 1, 1.0) == ratings


def test_the_top_is_as_sure_as_a_slow_sum_says():
    """Two against one, independent: P(min(a, b) > c) summed over a fine grid."""
    means, deviations = np.array([1.0, 0.2, 0.6]), np.array([0.5, 0.4, 0.7])
    grid = np.linspace(-6, 8, 7001)
    step = grid[1] - grid[0]
    density = [
        np.exp(-(((grid - m) / s) ** 2) / 2) / (s * np.sqrt(2 * np.pi))
        for m, s in zip(means, deviations, strict=True)
    ]
    above = [1 - np.cumsum(each) * step for each in density]
    slow = float((above[0] * above[2] * density[1]).sum() * step)
    top = top_of(means, np.diag(deviations**2), 2, draws=200_000)
    assert top.places == (0, 2)
    assert top.probability == pytest.approx(slow, abs=0.005)


def test_three_are_settled_when_the_others_are_far_and_not_when_they_are_near():
    means = np.array([0.0, 5.0, 4.0, 6.0, 0.5])
    settled = top_of(means, 0.1 * np.eye(5))
    assert settled.places == (3, 1, 2)
    assert settled.is_settled()
    near = top_of(np.array([0.0, 0.1, 0.2, 0.3]), np.eye(4))
    assert not near.is_settled()
    assert near.is_settled(0.1)
    assert near.probability == pytest.approx(0.3, abs=0.1)


def test_a_fit_s_common_shift_does_not_make_unsure():
    """A singular covariance, and one that moves all ratings together."""
    shared = np.full((5, 5), 100.0) + 0.01 * np.eye(5)
    assert top_of(np.arange(5.0), shared).probability > 0.99


def test_rounding_below_zero_of_a_singular_covariance_does_no_harm():
    root = np.random.default_rng(1).normal(size=(6, 2))
    covariance = root @ root.T - 1e-12 * np.eye(6)
    assert top_of(np.array([9.0, 9, 9, 0, 0, 0]) * 9, covariance).probability == 1


def test_the_draws_are_seeded_and_nothing_is_settled_among_three():
    means, covariance = some_ratings(4)
    assert top_of(means, covariance, seed=2) == top_of(means, covariance, seed=2)
    assert top_of(means, covariance, seed=2) != top_of(means, covariance, seed=3)
    assert top_of(means[:3], covariance[:3, :3]) is None
    with pytest.raises(ScoreError):
        top_of(means, covariance[:2])
