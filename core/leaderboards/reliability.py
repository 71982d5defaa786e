"""Whether judgments can be relied on: sides, agreement of annotators, each against the others."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import evalica
import numpy as np
import polars as pl

from core.leaderboards.comparisons import TIE, Comparisons
from core.leaderboards.resampled import played_pairs
from core.leaderboards.strengths import fitted_strengths
from core.ratings.alike import wilson
from core.weights.pairs import Pair

RESAMPLES = 1000


@dataclass(frozen=True)
class Share:
    """A share of so many judgments with its 95 % interval (Wilson 1927)."""

    share: float
    lower: float
    upper: float
    judgments: int


@dataclass(frozen=True)
class Alpha:
    """Krippendorff's alpha: 1 all agree, 0 as by chance, below they contradict each other."""

    alpha: float
    lower: float  # 95 %, Krippendorff's bootstrap
    upper: float
    pairs: int  # of pictures that two people or more compared
    people: int


@dataclass(frozen=True)
class Annotator:
    """How often one person prefers what the others' ratings put higher."""

    judge: Hashable
    judgments: int
    agreement: Share | None  # None without a comparison that the others' ratings decide


def share_of(part: int, judgments: int) -> Share | None:
    """`part` of `judgments` with its interval; None of none."""
    if not judgments:
        return None
    return Share(part / judgments, *wilson(part / judgments, judgments), judgments)


def side_bias(outcomes: Iterable[str]) -> Share | None:
    """Share of left among votes for left or right: half of them, where sides are drawn."""
    told = list(outcomes)
    left, right = told.count("left"), told.count("right")
    return share_of(left, left + right)


def first_stays(
    batches: Iterable[tuple[Sequence[str], Sequence[str]]],
) -> tuple[Share, float] | None:
    """Of sorted batches (shown, ranked): how often the picture shown first was ranked first.

    Beside it how often that would be where places meant nothing, the mean of 1 / size. Batches are
    shown by falling GRE-Score, so a score that people share lifts the share as well.
    """
    told = [(shown[0], ranked[:1], len(shown)) for shown, ranked in batches if len(shown) > 1]
    share = share_of(sum([first] == list(best) for first, best, _ in told), len(told))
    return None if share is None else (share, sum(1 / size for *_, size in told) / len(told))


def alpha(opinions: Iterable[tuple[Hashable, Pair[str]]]) -> Alpha | None:
    """Agreement of judges on pairs of pictures; None where no pair has two of them.

    Who compared a pair more than once counts with the last time. A tie lies halfway between the
    two preferences (interval distance; Krippendorff 2018).
    """
    latest: dict[tuple[Hashable, tuple[str, str]], float] = {}
    for judge, pair in opinions:
        swapped = pair.first > pair.second
        unit = (pair.second, pair.first) if swapped else (pair.first, pair.second)
        latest[judge, unit] = 1 - pair.outcome if swapped else pair.outcome
    people: dict[tuple[str, str], set[Hashable]] = {}
    for judge, unit in latest:
        people.setdefault(unit, set()).add(judge)
    shared = {unit for unit, judges in people.items() if len(judges) > 1}
    kept = [(str(judge), "\t".join(unit), value) for (judge, unit), value in latest.items()]
    rows = pl.DataFrame(
        [row for row in kept if tuple(row[1].split("\t")) in shared],
        {"judge": pl.String, "unit": pl.String, "value": pl.Float64},
        orient="row",
    )
    if rows.is_empty():
        return None
    table = rows.pivot("unit", index="judge", values="value").drop("judge").to_pandas()
    found = evalica.alpha_bootstrap(table, "interval", n_resamples=RESAMPLES, random_state=0)
    if not np.isfinite([found.alpha, found.low, found.high]).all():
        return None  # all gave one answer, so there is no chance agreement to compare with
    return Alpha(found.alpha, found.low, found.high, len(shared), rows["judge"].n_unique())


def annotators(comparisons: Comparisons) -> tuple[Annotator, ...]:
    """Every judge beside ratings that are fitted without them, the busiest first."""
    played = played_pairs(comparisons)
    found = []
    for place, judge in enumerate(comparisons.judge_ids):
        own = played.judges == place
        judgments = np.unique(played.judgments[own])
        others = comparisons.without(judgments)
        if not len(judgments):
            continue
        strengths = fitted_strengths(others)
        ahead = strengths.values[played.first[own]] - strengths.values[played.second[own]]
        met = strengths.groups[played.first[own]] == strengths.groups[played.second[own]]
        told = met & (played.outcomes[own] != TIE) & (np.abs(ahead) > 1e-9)
        right = (ahead > 0) == (played.outcomes[own] > TIE)
        decided = len(np.unique(played.judgments[own][told]))
        agreement = None
        if decided:
            share = float(right[told].mean())
            agreement = Share(share, *wilson(share, decided), decided)
        found.append(Annotator(judge, len(judgments), agreement))
    return tuple(sorted(found, key=lambda annotator: -annotator.judgments))
