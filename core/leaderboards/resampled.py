"""Win rates and Elo: ratings without a likelihood; their intervals resample judgments."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.leaderboards.board import CENTRE, Standing, groups_by_size, standings
from core.leaderboards.comparisons import FIRST, NOBODY, Comparisons, Floats, Ints
from core.weights.fit import FEWEST_PEOPLE

K = 4.0
REPLICATES = 200
MOST_REPLAYED = 20_000  # comparisons: Elo plays each of them again for every replicate
TAIL = 0.025


@dataclass(frozen=True)
class Played:
    """p comparisons of two in the order they were given; a batch gives all its ordered pairs."""

    first: Ints  # (p,)
    second: Ints  # (p,)
    outcomes: Floats  # (p,)
    judgments: Ints  # (p,) numbers, rising; pairs of one batch share theirs
    judges: Ints  # (p,)


def win_rates(comparisons: Comparisons, *, seed: int = 0) -> tuple[Standing, ...]:
    """Mean over the opponents met of (wins + ties / 2) / comparisons, from 0 to 1."""
    size, played = len(comparisons.models), played_pairs(comparisons)
    cells = played.first * size + played.second
    mirrored = played.second * size + played.first

    def rate(times: Floats) -> Floats:
        wins = np.bincount(cells, times * played.outcomes, size * size)
        wins = wins + np.bincount(mirrored, times * (1 - played.outcomes), size * size)
        wins = wins.reshape(size, size)
        games = wins + wins.T
        shares = np.divide(wins, games, out=np.zeros_like(wins), where=games > 0)
        rates: Floats = shares.sum(axis=1) / np.maximum((games > 0).sum(axis=1), 1)
        return rates

    return _with_intervals(comparisons, played, rate, REPLICATES, seed)


def elo(comparisons: Comparisons, *, seed: int = 0) -> tuple[Standing, ...]:
    """Elo in the order the judgments were given: all start at 1000, K = 4.

    The order matters, so the intervals resample judgments in their order. Beyond 20,000
    comparisons there are none, and ranks are those of the ratings.
    """
    import evalica

    size, played = len(comparisons.models), played_pairs(comparisons)
    winners = np.array([evalica.Winner.Y, evalica.Winner.Draw, evalica.Winner.X], np.uint8)
    told = winners[(2 * played.outcomes).astype(np.int64)]

    def rate(times: Floats) -> Floats:
        chosen = np.repeat(np.arange(len(told)), times.astype(np.int64))
        ratings = np.full(size, CENTRE)
        if len(chosen):
            found = evalica.elo(
                played.first[chosen], played.second[chosen], told[chosen], initial=CENTRE, k=K
            ).scores
            ratings[found.index.to_numpy()] = found.to_numpy()
        return ratings

    replicates = REPLICATES if len(told) <= MOST_REPLAYED else 0
    return _with_intervals(comparisons, played, rate, replicates, seed)


def played_pairs(comparisons: Comparisons) -> Played:
    """Votes and sorted batches as pairs, in the order they were given."""
    chosen, others = comparisons.choices[:, :1], comparisons.choices[:, 1:]
    there = (others != NOBODY) & (others != chosen)
    rows = np.nonzero(there)[0]
    numbers = np.concatenate([comparisons.numbers, comparisons.batches[rows]])
    order = np.argsort(numbers, kind="stable")
    first = np.concatenate([comparisons.first, comparisons.choices[rows, 0]])
    second = np.concatenate([comparisons.second, others[there]])
    outcomes = np.concatenate([comparisons.outcomes, np.full(len(rows), FIRST)])
    judges = np.concatenate([comparisons.judges, comparisons.choice_judges[rows]])
    return Played(first[order], second[order], outcomes[order], numbers[order], judges[order])


def _with_intervals(
    comparisons: Comparisons,
    played: Played,
    rate: Callable[[Floats], Floats],
    replicates: int,
    seed: int,
) -> tuple[Standing, ...]:
    """Ratings of all comparisons once, and 95 % intervals from Poisson's bootstrap.

    People are resampled where there are enough of them, else judgments (Oza and Russell 2001).
    """
    size = len(comparisons.models)
    if not size:
        return ()
    ratings = rate(np.ones(len(played.outcomes)))
    groups = groups_by_size(comparisons)
    same = groups[:, None] == groups[None, :]
    if not replicates:
        better = same & (ratings[:, None] > ratings[None, :])
        unknown = np.full(size, np.nan)
        ranks = 1 + better.sum(axis=0)
        return standings(comparisons, ratings, unknown, unknown, ranks, ranks, groups)
    people = len(comparisons.judge_ids)
    units = played.judges if people >= FEWEST_PEOPLE else played.judgments
    random = np.random.default_rng(seed)
    count = int(units.max(initial=0)) + 1
    times = [random.poisson(1, count)[units].astype(np.float64) for _ in range(replicates)]
    drawn = np.stack([rate(weights) for weights in times])
    lower, upper = np.quantile(drawn, [TAIL, 1 - TAIL], axis=0)
    above = np.stack([(drawn[:, place, None] > drawn).mean(axis=0) for place in range(size)])
    better = same & (above >= 1 - TAIL) & (ratings[:, None] > ratings[None, :])
    return standings(
        comparisons,
        ratings,
        np.minimum(lower, ratings),
        np.maximum(upper, ratings),
        1 + better.sum(axis=0),
        same.sum(axis=1) - better.sum(axis=1),
        groups,
    )
