"""Judgments become arrays: undone ones gone, simulated ones only when asked, metrics beside."""

import numpy as np
import pytest

from tests import seeding
from tests.judging import judge
from warehouse.judged_pairs import judged_pairs


@pytest.fixture
def filled(warehouse):
    seeding.fill(warehouse)
    return warehouse


def pairs(warehouse, with_simulated=False):
    return judged_pairs(warehouse, ("clip", "mcos", "pop"), with_simulated=with_simulated)


A, B, C = "p1-m2-s1", "p1-m3-s1", "p1-m2-s2"


def test_a_vote_is_a_pair_with_the_differences_of_its_metrics(filled):
    judge(filled, "vote", [A, B], outcome="right")
    found = pairs(filled)
    assert found.pictures == ((B, A),)
    assert found.outcomes.tolist() == [1.0]
    q = {
        image_id: filled.value(
            "select q from scored_metrics where image_id = $i and metric = 'clip'", {"i": image_id}
        )
        for image_id in (A, B)
    }
    assert found.differences[0, 0] == pytest.approx(q[B] - q[A])
    assert found.prompts.tolist() == [1]


def test_an_order_gives_all_its_pairs_under_one_judgment(filled):
    judge(filled, "order", [A, B, C], ranked_image_ids=[C, A], rejected_image_ids=[B])
    judge(filled, "vote", [A, B], outcome="tie", person="bob")
    found = pairs(filled)
    assert found.pictures == ((C, A), (C, B), (A, B), (A, B))
    assert found.judgments.tolist() == [0, 0, 0, 1]
    assert found.outcomes.tolist() == [1, 1, 1, 0.5]
    assert found.person_ids == ("ada", "bob")
    assert found.people.tolist() == [0, 0, 0, 1]


def test_what_was_taken_back_does_not_count(filled):
    taken = judge(filled, "vote", [A, B], outcome="left")
    judge(filled, "vote", [A, B], outcome="right")
    judge(filled, "undo", [], undoes_judgment_id=taken)
    assert pairs(filled).pictures == ((B, A),)


def test_both_bad_skips_and_comments_compare_nothing(filled):
    judge(filled, "vote", [A, B], outcome="both_bad")
    judge(filled, "skip", [A, B])
    judge(filled, "comment", [], comment="pretty")
    assert pairs(filled).pictures == ()


def test_simulated_judgments_count_only_when_asked(filled):
    judge(filled, "vote", [A, B], outcome="left", simulated=True)
    judge(filled, "vote", [A, B], outcome="left")
    assert len(pairs(filled).outcomes) == 1
    both = pairs(filled, with_simulated=True)
    assert (len(both.outcomes), both.simulated) == (2, 1)


def test_a_picture_without_a_metric_has_no_difference(filled):
    judge(filled, "vote", [A, seeding.UNSCORED_ID], outcome="left")
    found = pairs(filled)
    assert np.isnan(found.differences[0]).any()


def test_no_judgments_give_empty_arrays(filled):
    found = pairs(filled)
    assert found.differences.shape == (0, 3)
    assert found.simulated == 0


def test_attention_checks_are_no_votes(filled):
    judge(filled, "vote", [A, B], outcome="left")
    judge(filled, "vote", [B, A], outcome="right", pairing="check")
    assert pairs(filled).pictures == ((A, B),)
