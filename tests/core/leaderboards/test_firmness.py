"""How firmly a board stands: fragility, convergence, sides, agreement of annotators."""

import itertools

import numpy as np
import pytest

from core.leaderboards.board import bradley_terry
from core.leaderboards.comparisons import Collector
from core.leaderboards.convergence import convergence
from core.leaderboards.fragility import fragility
from core.leaderboards.reliability import alpha, annotators, first_stays, side_bias
from core.weights.pairs import Pair


def leader(comparisons):
    return bradley_terry(comparisons)[0].model


def without(comparisons, numbers):
    return comparisons.without(np.array(numbers))


def test_the_judgments_of_fragility_do_change_the_first_place(drawn_votes):
    comparisons = drawn_votes(np.array([0.5, 0.4, 0.0, -0.5]), 300)
    found = fragility(comparisons)
    assert found is not None
    assert found.model == leader(comparisons)
    assert leader(without(comparisons, found.numbers)) == found.challenger != found.model
    assert leader(without(comparisons, found.numbers[:-1])) == found.model
    assert found.judgments == 300


def test_fragility_is_the_fewest_where_all_sets_can_be_tried():
    collector = Collector()
    told = [("a", "b")] * 4 + [("b", "a")] * 2 + [("a", "c")] * 2 + [("c", "a")] + [("b", "c")] * 3
    for better, worse in [*told, ("c", "b")]:
        collector.add_vote(better, worse, 1.0)
    comparisons = collector.comparisons()
    found = fragility(comparisons)
    assert found is not None
    for size in range(1, len(found.numbers)):
        for numbers in itertools.combinations(range(len(told) + 1), size):
            assert leader(without(comparisons, numbers)) == found.model


def test_a_sorted_batch_is_taken_away_as_a_whole():
    collector = Collector()
    for order in (("a", "b", "c"), ("b", "a", "c"), ("a", "c", "b"), ("c", "b", "a")):
        collector.add_order(order)
    found = fragility(collector.comparisons())
    assert found is not None
    assert set(found.numbers) <= set(range(4))
    assert leader(without(collector.comparisons(), found.numbers)) != found.model


def test_there_is_no_fragility_without_a_second_model(voted):
    assert fragility(Collector().comparisons()) is None
    assert fragility(voted(("a", "b", 5))) is None, "b never won: nothing could put it first"
    found = fragility(voted(("a", "b", 3), ("b", "a", 1)))
    assert found is not None
    assert (found.challenger, len(found.numbers)) == ("b", 3)


def test_ratings_converge_to_the_final_order(drawn_votes):
    moments = convergence(drawn_votes(np.linspace(-2, 2, 6), 3000), steps=6)
    assert [moment.judgments for moment in moments] == [500, 1000, 1500, 2000, 2500, 3000]
    assert moments[-1].tau == pytest.approx(1.0)
    assert moments[-1].ratings.keys() == set(range(6))
    assert convergence(Collector().comparisons()) == ()


def test_convergence_with_fewer_judgments_than_steps(voted):
    moments = convergence(voted(("a", "b", 2)), steps=12)
    assert [moment.judgments for moment in moments] == [1, 2]


def test_side_bias_counts_decided_votes_alone():
    bias = side_bias(["left"] * 30 + ["right"] * 10 + ["tie", "both_bad"])
    assert bias is not None
    assert (bias.share, bias.judgments) == (0.75, 40)
    assert 0.5 < bias.lower < 0.75 < bias.upper
    assert side_bias(["tie"]) is None


def test_the_first_place_of_a_batch_is_held_against_chance():
    kept, turned = (["a", "b", "c", "d"], ["a", "c"]), (["a", "b"], ["b", "a"])
    found = first_stays([kept, turned, kept, (["a", "b"], [])])
    assert found is not None
    share, by_chance = found
    assert (share.share, share.judgments) == (0.5, 4)
    assert by_chance == pytest.approx((0.25 + 0.5 + 0.25 + 0.5) / 4)
    assert first_stays([]) is None


def opinions(judge, *pairs):
    return [(judge, Pair(first, second, outcome)) for first, second, outcome in pairs]


def test_alpha_is_one_where_all_agree_whichever_way_round_a_pair_was_shown():
    units = [("a", "b", 1.0), ("c", "d", 0.0), ("e", "f", 1.0), ("g", "h", 0.0)]
    turned = [(second, first, 1 - outcome) for first, second, outcome in units]
    found = alpha([*opinions("x", *units), *opinions("y", *turned)])
    assert found is not None
    assert found.alpha == pytest.approx(1.0)
    assert (found.pairs, found.people) == (4, 2)


def test_alpha_is_negative_where_two_contradict_each_other():
    units = [("a", "b", 1.0), ("c", "d", 0.0), ("e", "f", 1.0), ("g", "h", 0.0)]
    found = alpha([*opinions("x", *units), *opinions("y", *((a, b, 1 - o) for a, b, o in units))])
    assert found is not None
    assert found.alpha < 0


def test_alpha_needs_a_pair_that_two_people_compared():
    assert alpha(opinions("x", ("a", "b", 1.0), ("b", "a", 1.0))) is None
    assert alpha([]) is None


def test_who_contradicts_the_others_agrees_with_few_of_them():
    collector = Collector()
    for judge in ("ann", "bob", "cy"):
        for better, worse in itertools.combinations("abcd", 2):
            for _ in range(5):
                collector.add_vote(better, worse, 1.0, judge)
    for better, worse in itertools.combinations("abcd", 2):
        collector.add_vote(worse, better, 1.0, "mallory")
    found = {each.judge: each for each in annotators(collector.comparisons())}
    assert found["ann"].agreement is not None
    assert found["ann"].agreement.share == 1.0
    assert found["ann"].judgments == 30
    assert found["mallory"].agreement is not None
    assert found["mallory"].agreement.share == 0.0
    assert found["mallory"].agreement.upper < 0.5


def test_a_single_annotator_has_nobody_to_agree_with(voted):
    (only,) = annotators(voted(("a", "b", 3)))
    assert only.judgments == 3
    assert only.agreement is None
