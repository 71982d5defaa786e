"""Win rates and Elo: ratings without a likelihood; their intervals resample judgments."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.leaderboards.board import CENTRE, Standing, groups_by_size, standings
from core.leaderboards.comparisons import FIRST, NOBODY, Comparisons, Floats, Ints
from core.ratings.alike import wilson
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
    """Mean over the opponents met of (wins + ties / 2) / comparisons, from 0 to 1.

    An interval is never narrower than Wilson's for so many judgments: of two wins in two there is
    nothing to resample.
    """
    size, played = len(comparisons.models), played_pairs(comparisons)
    cells = played.first * size + played.second
    mirrored = played.second * size + played.first

    def rate(times: Floats) -> Floats:
        wins = np.bincount(cells, times * played.outcomes, size * size)
        wins = wins + np.bincount(mirrored, times * (1 - played.outcomes), size * size)
        wins = wins.reshape(size, size).astype(np.float64)
        games = wins + wins.T
        shares = np.divide(wins, games, out=np.zeros_like(wins), where=games > 0)
        met = (games > 0).sum(axis=1)
        rates: Floats = np.where(met > 0, shares.sum(axis=1) / np.maximum(met, 1), np.nan)
        return rates

    told = zip(rate(np.ones(len(cells))), comparisons.votes, strict=True)
    widest = np.array([wilson(float(share), int(votes)) for share, votes in told]).reshape(-1, 2)
    return _with_intervals(comparisons, played, rate, REPLICATES, seed, widest)


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
    at_least: Floats | None = None,
) -> tuple[Standing, ...]:
    """Ratings of all comparisons once, and 95 % intervals from Poisson's bootstrap.

    People are resampled where there are enough of them, else judgments (Oza and Russell 2001).
    Significantly better is whose interval lies above the other's. `at_least` (m, 2) holds ends
    that an interval reaches in any case.
    """
    if not comparisons.models:
        return ()
    ratings = rate(np.ones(len(played.outcomes)))
    groups = groups_by_size(comparisons)
    same = groups[:, None] == groups[None, :]
    if not replicates:
        unknown = np.full(len(ratings), np.nan)
        ranks = 1 + (same & (ratings[:, None] > ratings[None, :])).sum(axis=0)
        return standings(comparisons, ratings, unknown, unknown, ranks, ranks, groups)
    people = len(comparisons.judge_ids)
    units = played.judges if people >= FEWEST_PEOPLE else played.judgments
    random = np.random.default_rng(seed)
    count = int(units.max(initial=0)) + 1
    times = [random.poisson(1, count)[units].astype(np.float64) for _ in range(replicates)]
    ends = np.nanquantile([rate(weights) for weights in times], [TAIL, 1 - TAIL], axis=0)
    least = ratings[:, None] if at_least is None else np.column_stack([ratings, at_least])
    lower, upper = np.minimum(ends[0], least.min(axis=1)), np.maximum(ends[1], least.max(axis=1))
    better = same & (lower[:, None] > upper[None, :])
    return standings(
        comparisons,
        ratings,
        lower,
        upper,
        1 + better.sum(axis=0),
        same.sum(axis=1) - better.sum(axis=1),
        groups,
    )
