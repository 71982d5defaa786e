"""Ratings for a prompt: votes near it weigh, others are a prior, scores stand in for votes."""

import numpy as np
import pytest

from core.ratings.bradley_terry import fitted_ratings
from core.recommendation.estimates import Combination, estimates, near_scores
from tests.core.recommendation.worlds import evidence, vote

RULE = Combination()
NOWHERE = np.zeros(4)
FIRST = np.array([1.0, 0, 0, 0])
GRE = ((1.0, 0.5, 0.0), (0.2, 0.4, 0.6), (0.2, 0.4, 0.6), (np.nan, 1.0, np.nan))


def test_evidence_counts_votes_ties_and_sorted_batches():
    order = {
        **vote(1, 0, 0),
        "kind": "order",
        "shown_image_ids": ["1-0", "1-1", "1-2"],
        "ranked_image_ids": ["1-2", "1-0"],
        "rejected_image_ids": ["1-1"],
    }
    rows = [
        vote(0, 0, 1, times=3),
        vote(0, 1, 0, "tie"),
        vote(0, 0, 1, "both_bad"),
        vote(0, 2, 2),
        vote(9, 0, 1),
        order,
    ]
    found = evidence(rows)
    assert found.pairs[0].tolist() == [4, 4, 0] and found.preferred[0].tolist() == [3, 0, 0]
    assert found.tied[0].tolist() == [1, 1, 0]
    assert found.pairs[1].tolist() == [2, 2, 2] and found.preferred[1].tolist() == [1, 0, 2]
    assert found.judgments.tolist() == [4, 1, 0, 0]
    wins = found.wins(np.ones(4))
    assert wins[0, 1] == pytest.approx(3.5 + 2 / 3) and wins[1, 0] == 0.5
    assert wins.sum() == pytest.approx(4 + 2), "a batch of three is two comparisons"
    assert not evidence([]).wins(np.ones(4)).any()


def test_what_is_left_out_leaves_no_trace():
    rows = [vote(0, 0, 1), vote(1, 1, 0)]
    left = evidence(rows, gre=GRE).without(np.array([True, False, False, False]))
    alone = evidence(rows[1:], gre=((np.nan,) * 3, *GRE[1:]))
    for name in ("prompts", "winners", "weights", "gre", "pairs", "preferred", "judgments"):
        assert np.array_equal(getattr(left, name), getattr(alone, name), equal_nan=True)


def test_votes_near_decide_and_the_same_votes_elsewhere_less():
    rows = [vote(0, 0, 1, times=6), vote(1, 1, 0, times=6)]
    here = estimates(evidence(rows), FIRST, RULE).own.means
    assert here[0] > here[1]
    elsewhere = estimates(evidence(rows), np.array([0, 1.0, 0, 0]), RULE).own.means
    assert elsewhere[1] > elsewhere[0]
    nowhere = estimates(evidence(rows), NOWHERE, RULE).own.means
    assert nowhere[0] == pytest.approx(nowhere[1])


def test_no_vote_counts_twice():
    rows = [vote(0, 0, 1, times=6)]
    half = estimates(evidence(rows), FIRST / 2, RULE)
    wins = evidence(rows).wins(np.ones(4))
    assert half.others.means == pytest.approx(fitted_ratings(wins / 2).means)
    exact = Combination(prompts_variance=1e-12)
    whole = estimates(evidence(rows), FIRST, exact).own
    assert whole.means == pytest.approx(fitted_ratings(wins).means, abs=1e-5)
    assert np.array(whole.covariance) == pytest.approx(
        np.array(fitted_ratings(wins).covariance), abs=1e-5
    )


def test_without_any_vote_the_scores_there_order_models():
    found = estimates(evidence([], gre=GRE), FIRST, RULE).own.means
    assert np.argsort(found).tolist() == [2, 1, 0]
    other = estimates(evidence([], gre=GRE), np.array([0, 1.0, 1.0, 0]), RULE).own.means
    assert np.argsort(other).tolist() == [0, 1, 2]
    spread = found[0] - found[2]
    assert spread == pytest.approx(RULE.gre_weight * 1.0), "log odds for a point of GRE-Score"


def test_votes_outweigh_scores_in_the_end():
    def first(times):
        rows = [vote(0, 2, 0, times=times), vote(0, 2, 1, times=times)]
        return int(np.argmax(estimates(evidence(rows, gre=GRE), FIRST, RULE).own.means))

    assert first(0) == 0 and first(20) == 2


def test_scores_compare_within_a_prompt_alone():
    easy = ((0.9, 0.8, np.nan), (np.nan, 0.1, 0.2), (np.nan,) * 3, (np.nan,) * 3)
    means = estimates(evidence([], gre=easy), NOWHERE, RULE).own.means
    assert means[0] == pytest.approx(means[2]), "each is 0.05 above the mean of its prompt"
    single = ((np.nan, 5.0, np.nan), *((np.nan,) * 3,) * 3)
    assert not np.any(estimates(evidence([], gre=single), NOWHERE, RULE).own.means)


def test_scores_near_are_weighed_by_nearness_and_missing_ones_are_not_made_up():
    nearness = np.array([1.0, 0.5, 0, 0])
    found = near_scores(evidence([], gre=GRE), nearness)
    assert found == pytest.approx([(1 + 0.1) / 1.5, (0.5 + 0.2) / 1.5, 0.3 / 1.5])
    assert np.isnan(near_scores(evidence([], gre=GRE), np.array([0, 0, 0, 1.0]))).tolist() == [
        True,
        False,
        True,
    ]


def test_uncertainty_shrinks_with_votes_and_is_wider_here_than_elsewhere():
    rows = [vote(1, 0, 1, times=5), vote(1, 1, 0, times=5)]
    few = estimates(evidence(rows), FIRST, RULE)
    for place in range(3):
        assert few.own.covariance[place][place] > few.others.covariance[place][place]
    near = estimates(evidence([*rows, vote(0, 0, 1, times=9), vote(0, 1, 0, times=9)]), FIRST, RULE)
    assert near.own.covariance[0][0] < few.own.covariance[0][0]
