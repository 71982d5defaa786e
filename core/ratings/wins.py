"""Judgments as a win matrix: a vote is one comparison, a sorted batch fewer than its pairs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from core.sessions.ratings import Floats
from core.weights.pairs import TIE, Pair, pairs_of_sort, pairs_of_vote


def win_matrix(judgments: Iterable[Mapping[str, Any]], places: Mapping[str, int]) -> Floats:
    """Wins (n, n) of votes and orders, each `times`; `places` says who a picture counts for.

    Judgments are rows of `ranked_judgments`. Pictures without a place are left aside, and so are
    pairs of one place. The pairs of a sorted batch of k weigh 2 / k each, k - 1 in all: k - 1
    comparisons sort it, the others follow.
    """
    count = 1 + max(places.values(), default=-1)
    wins = np.zeros((count, count))
    for judgment in judgments:
        pairs, weight = pairs_of_judgment(judgment)
        weight *= judgment["times"]
        for pair in pairs:
            first, second = places.get(pair.first), places.get(pair.second)
            if first is None or second is None or first == second:
                continue
            wins[first, second] += weight * pair.outcome
            if pair.outcome == TIE:
                wins[second, first] += weight * TIE
    return wins


def pairs_of_judgment(judgment: Mapping[str, Any]) -> tuple[Sequence[Pair[str]], float]:
    """What a vote or an order compares, and the weight of each pair."""
    shown = judgment["shown_image_ids"]
    if judgment["kind"] == "order":
        pairs = pairs_of_sort(judgment["ranked_image_ids"], judgment["rejected_image_ids"])
        return pairs, 2 / max(2, len(shown))
    if len(shown) != 2:
        return (), 1.0
    left, right = shown
    return pairs_of_vote(left, right, judgment["outcome"]), 1.0
