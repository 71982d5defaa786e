"""The judgments behind a number are those that were counted for it."""

import numpy as np
import pytest

from core.leaderboards.behind import (
    judgments_between,
    judgments_of,
    wins_and_games,
    without_ties,
)
from core.leaderboards.board import plackett_luce
from core.leaderboards.comparisons import FIRST, SECOND, TIE, Collector


@pytest.fixture
def mixed():
    """A vote, a tie, an order with two rejected, a vote of a model with itself, and another."""
    collector = Collector()
    collector.add_vote("x", "y", FIRST)
    collector.add_vote("y", "x", TIE)
    collector.add_order(["z", "x"], ["y", "w"])
    collector.add_vote("x", "x", FIRST)
    collector.pass_over()
    collector.add_vote("w", "y", SECOND)
    return collector.comparisons()


def test_a_model_has_as_many_judgments_behind_it_as_votes(mixed):
    for model, votes in zip(mixed.models, mixed.votes, strict=True):
        assert len(judgments_of(mixed, model)) == votes
    assert judgments_of(mixed, "x").tolist() == [0, 1, 2]
    assert judgments_of(mixed, "nobody").tolist() == []


def test_two_models_have_behind_them_what_compares_them(mixed):
    assert judgments_between(mixed, "x", "y").tolist() == [0, 1, 2]
    assert judgments_between(mixed, "y", "x").tolist() == [0, 1, 2]
    assert judgments_between(mixed, "y", "w").tolist() == [5], "two rejected have no order"
    assert judgments_between(mixed, "x", "x").tolist() == []
    assert judgments_between(mixed, "x", "nobody").tolist() == []


def test_wins_and_games_add_up(mixed):
    wins, games = wins_and_games(mixed)
    place = {model: number for number, model in enumerate(mixed.models)}
    assert wins[place["x"], place["y"]] == 2.5
    assert games[place["x"], place["y"]] == games[place["y"], place["x"]] == 3
    assert np.array_equal(wins + wins.T, games)
    assert games[place["y"], place["w"]] == 1


def test_without_ties_counts_what_plackett_luce_counts(mixed):
    votes = {standing.model: standing.votes for standing in plackett_luce(mixed)}
    rest = without_ties(mixed)
    assert votes == {model: len(judgments_of(rest, model)) for model in rest.models}
    assert votes["x"] == 2
