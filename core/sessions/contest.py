"""Battle by information: each pair is the one whose answer tells most about the ratings."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from core.sessions.chance import draw
from core.sessions.events import Event, Vote
from core.sessions.pairing import Choice, choose_pair
from core.sessions.ratings import Ratings, after_comparison, unknown_ratings
from core.sessions.session import Pool, Rules

Couple = tuple[int, int]  # places in the pool, the smaller first
SCORES = {"left": 1.0, "right": 0.0, "tie": 0.5}


@dataclass(frozen=True)
class Contest:
    """A chosen pair, and what is known when it is shown."""

    image_ids: tuple[str, ...]
    ratings: Ratings
    unseen: frozenset[int]  # after this pair
    set_aside: frozenset[Couple]  # skipped or both bad: asking again would tire
    left: int  # comparisons, this one included
    choice: Choice

    @property
    def pair(self) -> tuple[str, str]:
        """Both pictures, as yet without sides."""
        first, second = self.choice.pair
        return self.image_ids[first], self.image_ids[second]


def comparisons_of(count: int, rules: Rules) -> int:
    """How many pairs a prompt of `count` pictures gets; n - 1 at least, so that all are seen."""
    return max(rules.comparisons or 0, count - 1)


def first_contest(pool: Pool, rules: Rules, seed: int, place: int) -> Contest:
    """The first pair of a prompt; `place` is the number of answers before it."""
    count = len(pool.image_ids)
    ratings = pool.ratings or unknown_ratings(count)
    choice = _choice(ratings, list(combinations(range(count), 2)), rules, seed, place)
    unseen = frozenset(range(count)) - set(choice.pair)
    left = comparisons_of(count, rules)
    return Contest(pool.image_ids, ratings, unseen, frozenset(), left, choice)


def next_contest(
    contest: Contest, answer: Event, rules: Rules, seed: int, place: int
) -> Contest | None:
    """After a vote or a skip; None when the comparisons are used up or no pair is left.

    While pictures are unseen a pair has one of them. The pair just shown does not come next, and
    one that was skipped or both bad not again.
    """
    ratings, set_aside = contest.ratings, contest.set_aside
    last = contest.choice.pair
    score = SCORES.get(answer.outcome) if isinstance(answer, Vote) else None
    if score is None:
        set_aside |= {last}
    else:
        first, second = (contest.image_ids.index(image_id) for image_id in answer.shown_image_ids)
        ratings = after_comparison(ratings, first, second, score)
    pairs = [
        pair
        for pair in combinations(range(len(contest.image_ids)), 2)
        if pair != last
        and pair not in set_aside
        and (not contest.unseen or contest.unseen & set(pair))
    ]
    if contest.left == 1 or not pairs:
        return None
    choice = _choice(ratings, pairs, rules, seed, place)
    unseen = contest.unseen - set(choice.pair)
    return Contest(contest.image_ids, ratings, unseen, set_aside, contest.left - 1, choice)


def _choice(ratings: Ratings, pairs: list[Couple], rules: Rules, seed: int, place: int) -> Choice:
    return choose_pair(
        *ratings.arrays(),
        np.array(pairs, np.int64),
        exploration=rules.exploration,
        coin=draw(seed, "explore", place),
        lot=draw(seed, "which", place),
    )
