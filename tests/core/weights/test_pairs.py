"""Judgments become pairs by the rules that are written down."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.weights.pairs import TIE, WIN, Pair, pairs_of_order, pairs_of_ranks, pairs_of_sort
from core.weights.pairs import pairs_of_vote as vote

IMAGEREWARD = Path(__file__).resolve().parents[4] / "shared" / "data" / "imagereward" / "test.json"


def test_a_vote_is_one_pair_with_the_preferred_picture_first() -> None:
    assert vote("a", "b", "left") == [Pair("a", "b", WIN)]
    assert vote("a", "b", "right") == [Pair("b", "a", WIN)]
    assert vote("a", "b", "tie") == [Pair("a", "b", TIE)]
    assert vote("a", "b", "both_bad") == []


@given(st.lists(st.lists(st.integers(), max_size=4), max_size=5))
def test_every_two_pictures_of_an_order_make_a_pair(tiers: list[list[int]]) -> None:
    named = [[f"{i}-{j}" for j, _ in enumerate(tier)] for i, tier in enumerate(tiers)]
    pairs = pairs_of_order(named)
    count = sum(map(len, named))
    assert len(pairs) == count * (count - 1) // 2
    assert sum(pair.outcome == TIE for pair in pairs) == sum(
        len(tier) * (len(tier) - 1) // 2 for tier in named
    )
    for pair in pairs:
        above, below = (int(key.split("-")[0]) for key in (pair.first, pair.second))
        assert above < below if pair.outcome == WIN else above == below


def test_the_reject_bin_ranks_last_and_without_order() -> None:
    pairs = pairs_of_sort(["a", "b"], ["x", "y"])
    beaten = {(pair.first, pair.second) for pair in pairs}
    assert beaten == {("a", "b"), ("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")}
    assert pairs_of_sort([], ["x", "y"]) == []


@pytest.mark.skipif(not IMAGEREWARD.exists(), reason="no shared data beside the project")
def test_experts_rankings_expand_to_as_many_pairs_as_an_independent_count() -> None:
    rows = json.loads(IMAGEREWARD.read_text())
    wins = ties = 0
    for row in rows:
        pairs = pairs_of_ranks(row["generations"], row["ranking"])
        wins += sum(pair.outcome == WIN for pair in pairs)
        ties += sum(pair.outcome == TIE for pair in pairs)
        rank = dict(zip(row["generations"], row["ranking"], strict=True))
        assert all(rank[p.first] <= rank[p.second] for p in pairs)
    counted = [one == other for row in rows for one, other in combinations(row["ranking"], 2)]
    assert (wins, ties) == (counted.count(False), counted.count(True))
    assert len(rows) == 466
    assert wins > 2000
