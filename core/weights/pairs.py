"""Judgments as pairs of pictures: who was preferred to whom, by whom."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Generic, TypeVar

WIN, TIE = 1.0, 0.5

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Pair(Generic[Key]):
    """The first of two pictures of one prompt was preferred (1), or neither was (0.5)."""

    first: Key
    second: Key
    outcome: float  # WIN or TIE


def pairs_of_vote(left: Key, right: Key, outcome: str) -> list[Pair[Key]]:
    """The pair of a battle's vote; `both_bad` tells nothing about which is better."""
    if outcome == "left":
        return [Pair(left, right, WIN)]
    if outcome == "right":
        return [Pair(right, left, WIN)]
    return [Pair(left, right, TIE)] if outcome == "tie" else []


def pairs_of_order(tiers: Iterable[Sequence[Key]]) -> list[Pair[Key]]:
    """All pairs of a sorted batch, best tier first; pictures of one tier tie.

    n pictures give n (n - 1) / 2 pairs that are not independent: whoever computes an interval
    from them must resample whole judgments or people, never pairs.
    """
    ranked = [(place, picture) for place, tier in enumerate(tiers) for picture in tier]
    return [
        Pair(first, second, TIE if above == below else WIN)
        for (above, first), (below, second) in combinations(ranked, 2)
    ]


def pairs_of_sort(ranked: Sequence[Key], rejected: Sequence[Key]) -> list[Pair[Key]]:
    """All pairs of one drag and sort; what lies in the reject bin ranks last, without order.

    Two rejected pictures make no pair: nobody compared them.
    """
    pairs = pairs_of_order([*([picture] for picture in ranked), rejected])
    return [pair for pair in pairs if pair.outcome != TIE]


def pairs_of_ranks(pictures: Sequence[Key], ranks: Sequence[int]) -> list[Pair[Key]]:
    """All pairs of pictures with given ranks, 1 the best; equal ranks tie."""
    by_rank: dict[int, list[Key]] = {}
    for picture, rank in zip(pictures, ranks, strict=True):
        by_rank.setdefault(rank, []).append(picture)
    return pairs_of_order(by_rank[rank] for rank in sorted(by_rank))
