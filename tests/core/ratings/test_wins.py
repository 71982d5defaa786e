"""Votes and sorted batches as a win matrix."""

import pytest

from core.ratings.wins import win_matrix

PLACES = {"a": 0, "b": 1, "c": 2, "d": 3}


def vote(left, right, outcome, times=1):
    return {"kind": "vote", "shown_image_ids": [left, right], "outcome": outcome, "times": times}


def order(ranked, rejected=()):
    shown = sorted([*ranked, *rejected])
    return {
        "kind": "order",
        "shown_image_ids": shown,
        "ranked_image_ids": list(ranked),
        "rejected_image_ids": list(rejected),
        "times": 1,
    }


def test_a_vote_is_one_win_and_a_tie_half_of_one_for_each():
    votes = [vote("a", "b", "left"), vote("a", "b", "right"), vote("c", "b", "tie")]
    wins = win_matrix([*votes, vote("a", "d", "both_bad")], PLACES)
    assert wins.tolist() == [[0, 1, 0, 0], [1, 0, 0.5, 0], [0, 0.5, 0, 0], [0, 0, 0, 0]]


def test_the_same_answer_given_often_counts_as_often():
    assert win_matrix([vote("b", "a", "left", 3)], PLACES)[1, 0] == 3


def test_a_sorted_batch_counts_as_one_comparison_less_than_its_pictures():
    wins = win_matrix([order("abcd")], PLACES)
    assert wins.sum() == pytest.approx(3)
    assert wins[0, 3] == wins[2, 3] == 0.5
    assert wins[3, 0] == 0


def test_rejected_pictures_lose_to_all_others_and_are_not_compared():
    wins = win_matrix([order("ba", "cd")], PLACES)
    assert wins[0, 2] == wins[1, 3] == 0.5
    assert wins[2, 3] == wins[3, 2] == 0


def test_pictures_of_one_model_share_a_place_and_strangers_have_none():
    wins = win_matrix(
        [vote("a", "b", "left"), vote("b", "c", "left"), vote("x", "a", "left")],
        {"a": 0, "b": 0, "c": 1},
    )
    assert wins.tolist() == [[0, 1], [0, 0]]
    assert win_matrix([], {}).shape == (0, 0)
