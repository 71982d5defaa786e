"""Shares of pairs that go with a score and with others: what counts, and how sure."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ratings.alike import JudgedPair, alike_with_others, alike_with_scores, wilson
from core.weights.pairs import TIE, WIN, Pair


def pair(first, second, judgment=0, *, outcome=WIN, person="ada"):
    return JudgedPair(Pair(first, second, outcome), judgment, person)


def test_decided_pairs_count_and_the_rest_is_left_out_by_reason():
    own = [
        pair("a", "b", 0),
        pair("b", "a", 1),
        pair("a", "c", 2),
        pair("a", "b", 3, outcome=TIE),
        pair("a", "x", 4),
    ]
    found = alike_with_scores(own, {"a": 2.0, "b": 1.0, "c": 2.0})
    assert found.share == pytest.approx((1 + 0 + 0.5) / 3), "a tie of the scores is half"
    assert (found.pairs, found.judgments, found.undecided, found.unknown) == (3, 3, 1, 1)
    assert found.lower < found.share < found.upper


def test_a_sorted_batch_is_one_trial_however_many_pairs_it_has():
    scores = {"a": 3.0, "b": 2.0, "c": 1.0}
    batch = [pair("a", "b"), pair("a", "c"), pair("b", "c")]
    votes = [pair("a", "b", 0), pair("a", "c", 1), pair("b", "c", 2)]
    assert alike_with_scores(batch, scores).judgments == 1
    assert alike_with_scores(batch, scores).lower < alike_with_scores(votes, scores).lower


def test_nothing_to_compare_is_no_share():
    for found in (alike_with_scores([], {}), alike_with_others([], []),
                  alike_with_others([pair("a", "b")], [])):  # fmt: skip
        assert math.isnan(found.share) and math.isnan(found.lower)
        assert found.pairs == found.judgments == 0


def test_others_are_asked_on_the_same_pictures_whatever_the_sides():
    own = [pair("a", "b", 0), pair("c", "d", 1), pair("e", "f", 2), pair("g", "h", 3)]
    others = [
        pair("a", "b", 0, person="ben"),
        pair("a", "b", 1, person="cat"),
        pair("b", "a", 2, person="dan"),
        pair("d", "c", 3, person="ben"),
        pair("e", "f", 4, person="ben"),
        pair("f", "e", 5, person="cat"),
        pair("y", "z", 6, person="eve"),
    ]
    found = alike_with_others(own, others)
    assert found.share == 0.5, "with the majority on a and b, against it on c and d"
    assert (found.pairs, found.judgments) == (2, 2)
    assert (found.undecided, found.unknown) == (1, 1), "e and f are even, g and h nobody's"
    assert found.people == 3


def test_each_person_counts_once_for_a_pair():
    loud = [pair("b", "a", number, person="ben") for number in range(9)]
    quiet = [pair("a", "b", 10, person="cat"), pair("a", "b", 11, person="dan")]
    assert alike_with_others([pair("a", "b")], loud + quiet).share == 1.0
    torn = [pair("a", "b", 0), pair("b", "a", 1), pair("a", "b", 2)]
    found = alike_with_others(torn, quiet)
    assert (found.share, found.pairs, found.judgments) == (1.0, 1, 3)


def test_a_tie_is_no_answer():
    own = [pair("a", "b", 0, outcome=TIE)]
    found = alike_with_others(own, [pair("a", "b", person="ben")])
    assert (found.pairs, found.undecided, found.unknown) == (0, 1, 0)


@given(st.floats(0, 1), st.integers(1, 1000))
def test_wilsons_interval_holds_the_share_and_stays_inside(share, trials):
    lower, upper = wilson(share, trials)
    assert 0 <= lower <= share + 1e-12 and share - 1e-12 <= upper <= 1
    assert upper - lower < wilson(share, 1)[1] - wilson(share, 1)[0] + 1e-12


def test_wilsons_interval_is_the_textbooks():
    assert wilson(0.8, 10) == pytest.approx((0.490, 0.943), abs=1e-3)
    assert wilson(1.0, 1)[0] == pytest.approx(0.2065, abs=1e-3)
    assert np.isnan(wilson(float("nan"), 0)).all()
