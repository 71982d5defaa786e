"""Standings: ratings, intervals, ranks, and the cases where the data say little."""

import math

import choix
import numpy as np
import pytest

from core.leaderboards.board import CENTRE, bradley_terry
from core.leaderboards.comparisons import Collector
from core.leaderboards.resampled import elo, win_rates
from core.leaderboards.strengths import fitted_strengths

METHODS = [bradley_terry, win_rates, elo]


def assert_finite(standings):
    for standing in standings:
        ends = [end for end in (standing.lower, standing.upper) if end is not None]
        assert all(math.isfinite(value) for value in (standing.rating, *ends))
        assert 1 <= standing.rank <= standing.last_rank <= len(standings)


@pytest.mark.parametrize("method", METHODS)
def test_without_judgments_there_is_no_board(method):
    assert method(Collector().comparisons()) == ()


@pytest.mark.parametrize("method", METHODS)
def test_one_vote_orders_two_models_and_makes_no_difference_significant(method, voted):
    board = method(voted(("a", "b", 1)))
    assert [standing.model for standing in board] == ["a", "b"]
    assert_finite(board)
    if method is bradley_terry:
        assert [standing.rank for standing in board] == [1, 1]


def test_a_model_that_never_lost_has_a_finite_rating_and_no_upper_bound(voted):
    board = bradley_terry(voted(("a", "b", 9), ("b", "c", 5), ("c", "b", 5)))
    assert_finite(board)
    best, *others = board
    assert (best.model, best.upper) == ("a", None)
    assert best.lower is not None
    assert all(standing.upper is not None for standing in others)


def test_models_that_never_won_have_no_lower_bound(voted):
    board = bradley_terry(voted(("a", "b", 3), ("b", "a", 2), ("a", "c", 3), ("b", "c", 1)))
    assert_finite(board)
    assert board[-1].model == "c"
    assert board[-1].lower is None
    assert board[-1].upper is not None


def test_a_tie_keeps_both_ends_bounded():
    collector = Collector()
    collector.add_vote("a", "b", 0.5)
    board = bradley_terry(collector.comparisons())
    assert [standing.rating for standing in board] == pytest.approx([CENTRE, CENTRE])
    assert all(standing.lower is not None and standing.upper is not None for standing in board)


@pytest.mark.parametrize("method", METHODS)
def test_models_that_never_met_are_apart_and_do_not_outrank_each_other(method, voted):
    board = method(
        voted(("a", "b", 60), ("b", "a", 20), ("c", "a", 20), ("a", "c", 20), ("x", "y", 90))
    )
    assert_finite(board)
    groups = {standing.model: standing.group for standing in board}
    assert groups["a"] == groups["b"] == groups["c"] == 0
    assert groups["x"] == groups["y"] == 1
    assert next(standing.rank for standing in board if standing.model == "x") == 1
    if method is bradley_terry:
        for group in (0, 1):
            ratings = [standing.rating for standing in board if standing.group == group]
            assert np.mean(ratings) == pytest.approx(CENTRE)


def test_ranks_count_significantly_better_models_alone(drawn_votes):
    board = bradley_terry(drawn_votes(np.array([3.0, 0.0, 0.0, -3.0]), 4000))
    by_model = {standing.model: standing for standing in board}
    assert (by_model[0].rank, by_model[0].last_rank) == (1, 1)
    assert {(by_model[m].rank, by_model[m].last_rank) for m in (1, 2)} == {(2, 3)}
    assert (by_model[3].rank, by_model[3].last_rank) == (4, 4)


def test_a_sort_is_one_observation_not_its_pairs(voted):
    sorted_once, voted_pairs = Collector(), Collector()
    for order in (("a", "b", "c", "d"), ("b", "a", "d", "c"), ("d", "c", "b", "a")):
        sorted_once.add_order(order, judge="ann")
        for place, better in enumerate(order):
            for worse in order[place + 1 :]:
                voted_pairs.add_vote(better, worse, 1.0, "ann")
    one = fitted_strengths(sorted_once.comparisons())
    many = fitted_strengths(voted_pairs.comparisons())
    assert one.half_widths().mean() > 1.1 * many.half_widths().mean()
    assert sorted_once.comparisons().judgments == 3
    assert set(sorted_once.comparisons().votes) == {3}


def test_a_sort_of_two_is_a_vote():
    by_vote, by_sort = Collector(), Collector()
    for better, worse in (("a", "b"), ("a", "b"), ("b", "a"), ("b", "c"), ("c", "a")):
        by_vote.add_vote(better, worse, 1.0)
        by_sort.add_order((better, worse))
    vote, sort = (fitted_strengths(each.comparisons()) for each in (by_vote, by_sort))
    np.testing.assert_allclose(vote.values, sort.values, atol=1e-8)
    np.testing.assert_allclose(vote.covariance, sort.covariance, atol=1e-8)


def test_rejected_pictures_lose_to_the_others_and_not_among_themselves():
    collector = Collector()
    collector.add_order(("a", "b"), ("c", "d"))
    comparisons = collector.comparisons()
    assert comparisons.choices.tolist() == [[0, 1, 2, 3], [1, 2, 3, -1]]
    values = dict(zip(comparisons.models, fitted_strengths(comparisons).values, strict=True))
    assert values["c"] == pytest.approx(values["d"])
    assert values["a"] > values["b"] > values["c"]


def test_strengths_equal_choix_where_both_can_say_them():
    random = np.random.default_rng(3)
    orders = [tuple(int(m) for m in random.permutation(6)[:4]) for _ in range(300)]
    collector = Collector()
    for order in orders:
        collector.add_order(order)
    comparisons = collector.comparisons()
    values = fitted_strengths(comparisons).values
    found = np.empty(6)
    found[list(comparisons.models)] = values
    known = choix.ilsr_rankings(6, orders)
    np.testing.assert_allclose(found, known - known.mean(), atol=1e-5)


def test_annotators_who_differ_widen_the_intervals(drawn_votes):
    strengths = np.linspace(-1, 1, 8)
    alike = fitted_strengths(drawn_votes(strengths, 4000, judges=20))
    apart = fitted_strengths(drawn_votes(strengths, 4000, judges=20, apart=1.0))
    assert alike.clustered is not None
    assert apart.half_widths().mean() > 1.5 * alike.half_widths().mean()
    few = fitted_strengths(drawn_votes(strengths, 4000, judges=5, apart=1.0))
    assert few.clustered is None


def test_a_model_that_one_annotator_judged_keeps_an_interval(drawn_votes):
    collector = Collector()
    for judge in range(10):
        for _ in range(10):
            collector.add_vote("a", "b", 1.0, judge)
            collector.add_vote("b", "a", 1.0, judge)
    for outcome in (1.0, 0.0, 1.0):
        collector.add_vote("c", "a", outcome, 0)
    comparisons = collector.comparisons()
    half = dict(zip(comparisons.models, fitted_strengths(comparisons).half_widths(), strict=True))
    assert half["c"] > 1.0


def test_the_order_of_judgments_matters_to_elo_alone():
    forward, backward = Collector(), Collector()
    votes = [("a", "b")] * 5 + [("b", "a")] * 5
    for collector, told in ((forward, votes), (backward, votes[::-1])):
        for number, (better, worse) in enumerate(told):
            if number % 2:
                collector.add_order((better, worse))
            else:
                collector.add_vote(better, worse, 1.0)
    one, other = (
        {standing.model: standing.rating for standing in elo(each.comparisons())}
        for each in (forward, backward)
    )
    assert one["a"] < CENTRE < other["a"]
    assert one["a"] == pytest.approx(other["b"])
