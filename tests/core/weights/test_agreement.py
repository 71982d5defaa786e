"""Agreement counts what it says it counts."""

import numpy as np
import pytest

from core.weights.agreement import agreement, ceiling


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_a_pair_is_met_where_score_and_people_point_the_same_way() -> None:
    gaps = np.array([1.0, -2.0, 3.0, 0.0, 5.0, np.nan])
    outcomes = np.array([1.0, 0.0, 0.0, 1.0, 0.5, 1.0])
    found = agreement(gaps, outcomes, ints(0, 0, 0, 0, 0, 0), ints(0, 1, 2, 3, 4, 5))
    assert found.share == pytest.approx(2.5 / 4)
    assert (found.pairs, found.ties, found.unscored) == (4, 1, 1)
    assert found.resampled == "judgments"


def test_no_pair_gives_no_share_and_one_judgment_no_certainty() -> None:
    empty = np.zeros(0)
    nothing = agreement(empty, empty, ints(), ints())
    assert np.isnan([nothing.share, nothing.lower, nothing.upper]).all()
    one = agreement(np.ones(1), np.ones(1), ints(0), ints(0))
    assert (one.share, one.lower, one.upper) == (1.0, 0.0, 1.0)


def test_with_enough_people_the_interval_is_as_wide_as_people_differ() -> None:
    people = np.repeat(np.arange(10), 40)
    gaps = np.ones(400)
    alike = np.tile([1.0, 1.0, 1.0, 0.0], 100)
    split = np.where(people < 7, 1.0, 0.0)
    narrow = agreement(gaps, alike, people, np.arange(400))
    wide = agreement(gaps, split, people, np.arange(400))
    assert narrow.resampled == wide.resampled == "people"
    assert narrow.lower == narrow.upper == narrow.share == 0.75
    assert wide.lower < 0.5 < 0.7 < wide.upper
    assert wide.lower <= wide.share == 0.7 <= wide.upper


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    random = np.random.default_rng(1)
    met = 0
    for seed in range(200):
        chance = random.beta(8, 4, 20)  # each of 20 people has a rate of their own; mean 2/3
        outcomes = (random.random((20, 30)) < chance[:, None]).astype(float).ravel()
        found = agreement(
            np.ones(600), outcomes, np.repeat(np.arange(20), 30), np.arange(600), seed
        )
        met += found.lower <= 2 / 3 <= found.upper
    assert 0.87 < met / 200 < 0.99


def test_the_ceiling_compares_people_on_the_same_pair_whatever_the_sides() -> None:
    pictures = [("a", "b"), ("b", "a"), ("a", "b"), ("c", "d"), ("a", "b")]
    outcomes = np.array([1.0, 0.0, 0.0, 1.0, 0.5])
    found = ceiling(pictures, outcomes, ["p", "q", "r", "p", "s"])
    assert (found.pairs, found.comparisons) == (1, 3)
    assert found.share == pytest.approx(1 / 3)  # p and q agree; r agrees with neither


def test_a_person_who_judged_a_pair_twice_counts_once() -> None:
    pictures = [("a", "b")] * 4
    found = ceiling(pictures, np.array([1.0, 1.0, 0.0, 1.0]), ["p", "p", "p", "q"])
    assert (found.share, found.comparisons) == (1.0, 1)


def test_without_overlap_there_is_no_ceiling() -> None:
    found = ceiling([("a", "b"), ("b", "c")], np.ones(2), ["p", "q"])
    assert np.isnan(found.share)
    assert found.pairs == 0
