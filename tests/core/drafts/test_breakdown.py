"""Score gaps of judged pairs, and agreement group by group."""

import numpy as np
import pytest

from core.drafts.breakdown import agreement_by_group, score_gaps

Q = np.array([[0.2, 0.9], [0.6, np.nan], [0.1, 0.3]])


def test_a_gap_is_the_difference_of_weighted_sums():
    gaps = score_gaps(Q, np.array([1.0, 0.5]), np.array([0, 2]), np.array([2, 0]))
    assert gaps == pytest.approx([0.65 - 0.25, 0.25 - 0.65])


def test_a_picture_that_is_not_shown_or_lacks_a_weighed_metric_has_no_gap():
    first, second = np.array([0, 0, -1]), np.array([1, -1, 0])
    assert np.isnan(score_gaps(Q, np.array([1.0, 0.5]), first, second)).all()
    plain = score_gaps(Q, np.array([1.0, 0.0]), first, second)
    assert np.isnan(plain).tolist() == [False, True, True]
    nothing = score_gaps(np.zeros((0, 2)), np.ones(2), np.array([-1]), np.array([-1]))
    assert np.isnan(nothing).all()


def test_each_group_counts_its_own_pairs():
    gaps = np.array([1.0, -1.0, 1.0, 1.0])
    outcomes = np.array([1.0, 1.0, 1.0, 0.5])
    codes = np.arange(4)
    found = agreement_by_group(gaps, outcomes, codes, codes, ["b", "b", "a", "a"])
    assert list(found) == ["a", "b"]
    assert (found["a"].share, found["a"].pairs, found["a"].ties) == (1.0, 1, 1)
    assert (found["b"].share, found["b"].pairs) == (0.5, 2)
