"""The information of a pair against Monte Carlo, and the choice with its probability."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ScoreError
from core.sessions.chance import draw
from core.sessions.pairing import AT_ONCE, choose_pair, information_bits

ONE_PAIR = np.array([[0, 1]])


def some_ratings(seed: int, count: int = 5) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    root = random.normal(size=(count, count))
    return random.normal(0, 1.5, count), root @ root.T / 2


def all_pairs(count: int) -> np.ndarray:
    return np.array(list(combinations(range(count), 2)))


def monte_carlo_bits(means: np.ndarray, covariance: np.ndarray, first: int, second: int) -> float:
    """Mean logarithm of posterior to prior over ratings and answers drawn from the model."""
    random = np.random.default_rng(7)
    ratings = random.multivariate_normal(means, covariance, 400_000)
    chances = 1 / (1 + np.exp(ratings[:, second] - ratings[:, first]))
    wins = random.random(len(chances)) < chances
    likelihood = np.where(wins, chances, 1 - chances)
    evidence = np.where(wins, chances.mean(), 1 - chances.mean())
    return float(np.log2(likelihood / evidence).mean())


@pytest.mark.parametrize("seed", range(4))
def test_the_information_is_what_monte_carlo_finds(seed):
    means, covariance = some_ratings(seed)
    pairs = all_pairs(5)
    found = information_bits(means, covariance, pairs)
    for bits, (first, second) in zip(found[::3], pairs[::3], strict=True):
        assert bits == pytest.approx(monte_carlo_bits(means, covariance, first, second), abs=0.004)


@given(st.floats(-8, 8), st.floats(0, 30))
def test_the_quadrature_is_as_good_as_a_fine_sum(centre, deviation):
    points = np.linspace(-10, 10, 20_001)
    weights = np.exp(-(points**2) / 2)
    weights /= weights.sum()
    chances = 1 / (1 + np.exp(-np.clip(centre + deviation * points, -700, 700)))

    def coin(p: np.ndarray) -> np.ndarray:
        p = np.clip(p, 1e-300, 1)
        q = np.clip(1 - p, 1e-300, 1)
        return -(p * np.log2(p) + q * np.log2(q))

    exact = coin(weights @ chances) - weights @ coin(chances)
    covariance = np.diag([deviation**2, 0.0])
    found = information_bits(np.array([centre, 0.0]), covariance, ONE_PAIR)[0]
    assert found == pytest.approx(exact, abs=1e-6 if deviation <= 8 else 5e-3)


def test_what_is_known_tells_nothing_and_what_is_close_and_unsure_tells_most():
    means = np.array([0.0, 0.0, 6.0, 0.0])
    covariance = np.diag([0.0, 0.0, 1.0, 1.0])
    sure, far, unsure = information_bits(means, covariance, np.array([[0, 1], [0, 2], [0, 3]]))
    assert sure == pytest.approx(0, abs=1e-12)
    assert 0 < far < unsure < 1


def test_correlation_counts():
    close = np.array([[1.0, 0.95], [0.95, 1.0]])
    means = np.zeros(2)
    assert information_bits(means, close, ONE_PAIR) < information_bits(means, np.eye(2), ONE_PAIR)


def test_many_pairs_are_the_same_in_parts():
    means, covariance = some_ratings(1, 210)
    pairs = all_pairs(210)
    assert len(pairs) > AT_ONCE
    together = information_bits(means, covariance, pairs)
    assert together[[0, AT_ONCE, -1]] == pytest.approx(
        information_bits(means, covariance, pairs[[0, AT_ONCE, -1]]), abs=1e-12
    )


@pytest.mark.parametrize("exploration", [0.0, 0.25, 1.0])
def test_a_pair_is_chosen_as_often_as_its_probability_says(exploration):
    means, covariance = some_ratings(2, 4)
    pairs = all_pairs(4)
    choices = [
        choose_pair(
            means,
            covariance,
            pairs,
            exploration=exploration,
            coin=draw("coin", number),
            lot=draw("lot", number),
        )
        for number in range(3000)
    ]
    counts = Counter(choice.pair for choice in choices)
    probabilities = {choice.pair: choice.probability for choice in choices}
    assert sum(probabilities.values()) == pytest.approx(1)
    for pair, probability in probabilities.items():
        assert counts[pair] / len(choices) == pytest.approx(probability, abs=0.04)
    best = tuple(pairs[np.argmax(information_bits(means, covariance, pairs))])
    assert {choice.pair for choice in choices if choice.how == "information"} <= {best}
    share = sum(choice.how == "exploration" for choice in choices) / len(choices)
    assert share == pytest.approx(exploration, abs=0.03)


@settings(max_examples=50)
@given(st.integers(0, 99), st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_only_pairs_that_are_offered_are_chosen(seed, coin, lot):
    means, covariance = some_ratings(seed)
    pairs = all_pairs(5)[::2]
    choice = choose_pair(means, covariance, pairs, exploration=0.5, coin=coin, lot=lot)
    assert list(choice.pair) in pairs.tolist()


def test_of_equally_telling_pairs_the_first_is_taken():
    choice = choose_pair(np.zeros(4), np.eye(4), all_pairs(4), exploration=0.0, coin=0.5, lot=0.9)
    assert choice.pair == (0, 1)
    assert choice.probability == 1


def test_what_cannot_be_chosen_is_said():
    means, covariance = some_ratings(1)
    told = {"coin": 0.0, "lot": 0.0}
    with pytest.raises(ScoreError):
        choose_pair(means, covariance, np.zeros((0, 2), np.int64), exploration=0.1, **told)
    with pytest.raises(ScoreError):
        choose_pair(means, covariance, ONE_PAIR, exploration=1.5, **told)
    with pytest.raises(ScoreError):
        information_bits(means, covariance[:3], ONE_PAIR)
    with pytest.raises(ScoreError):
        information_bits(means * np.nan, covariance, ONE_PAIR)


def test_draws_are_uniform_and_stay_what_they_were():
    draws = np.array([draw(1, "sides", place) for place in range(4000)])
    assert draws.min() >= 0
    assert draws.max() < 1
    assert np.histogram(draws, 10, (0, 1))[0] == pytest.approx(400, abs=80)
    assert draw(1, "sides", 0) == pytest.approx(float(draws[0]), abs=0)
    assert draw(1, "sides", 11) != draw(11, "sides", 1)
