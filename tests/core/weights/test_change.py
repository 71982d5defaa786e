"""Rank changes against slow definitions, and the leeway of a lambda against moving it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.weights.change import (
    kendall_tau,
    leeway,
    rank_biased_overlap,
    top_change,
)

ORDERS = st.permutations(list(range(7)))


def slow_overlap(before: list[int], after: list[int], p: float) -> float:
    depth = len(before)
    overlap = [len(set(before[:d]) & set(after[:d])) for d in range(1, depth + 1)]
    total = sum(x / d * p**d for d, x in enumerate(overlap, start=1))
    return overlap[-1] / depth * p**depth + (1 - p) / p * total


@given(ORDERS, ORDERS)
def test_rank_biased_overlap_equals_its_definition(before: list[int], after: list[int]) -> None:
    got = rank_biased_overlap(before, after, 0.8)
    assert got == pytest.approx(slow_overlap(before, after, 0.8))
    assert got == pytest.approx(rank_biased_overlap(after, before, 0.8))


def test_overlap_is_one_for_equal_rankings_and_zero_for_strangers() -> None:
    assert rank_biased_overlap("abcd", "abcd") == pytest.approx(1)
    assert rank_biased_overlap("abcd", "efgh") == 0
    assert np.isnan(rank_biased_overlap([], []))


def test_a_swap_at_the_top_costs_more_than_one_at_the_bottom() -> None:
    assert rank_biased_overlap("abcd", "bacd") < rank_biased_overlap("abcd", "abdc")


def test_kendall_tau_counts_pairs_in_the_same_order() -> None:
    assert kendall_tau(np.array([1.0, 2, 3]), np.array([10.0, 20, 30])) == pytest.approx(1)
    assert kendall_tau(np.array([1.0, 2, 3]), np.array([3.0, 2, 1])) == pytest.approx(-1)
    assert kendall_tau(np.array([1.0, 2, 3, 4]), np.array([1.0, 3, 2, 4])) == pytest.approx(2 / 3)
    assert np.isnan(kendall_tau(np.ones(3), np.array([1.0, 2, 3])))


def test_who_entered_and_who_left_the_top() -> None:
    change = top_change("abcde", "axbyc", 3)
    assert change.entered == ("x",)
    assert change.left == ("c",)
    assert top_change("ab", "ab", 10).entered == ()


MEANS = arrays(np.float64, (5, 3), elements=st.floats(0, 1, width=16))


@given(MEANS, st.integers(0, 2))
def test_within_its_leeway_the_first_stays_first_and_beyond_it_a_rival_is(
    means: np.ndarray, metric: int
) -> None:
    lambdas = np.array([1.0, 0.8, 0.2])
    first = int(np.argmax(means @ lambdas))
    found = leeway(means, lambdas, metric)
    assert 0 <= found.lower <= lambdas[metric] + 1e-9
    assert found.upper >= lambdas[metric] - 1e-9
    for share in (0.01, 0.5, 0.99):
        upper = min(found.upper, lambdas[metric] + 10)
        moved = lambdas.copy()
        moved[metric] = found.lower + share * (upper - found.lower)
        scores = means @ moved
        assert scores[first] >= scores.max() - 1e-9
    for edge, rival, step in (
        (found.lower, found.rival_below, -1e-3),
        (found.upper, found.rival_above, 1e-3),
    ):
        if rival is not None:
            moved = lambdas.copy()
            moved[metric] = edge + step
            scores = means @ moved
            assert scores[rival] > scores[first]


def test_a_model_that_is_best_in_everything_has_no_rival() -> None:
    found = leeway(np.array([[1.0, 1.0], [0.5, 0.2]]), np.array([1.0, 1.0]), 0)
    assert (found.lower, found.upper) == (0.0, np.inf)
    assert found.rival_below is None
    assert found.rival_above is None
