"""How far one person's pairs go with a score, and with what most others say of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.ratings.standings import REACH
from core.weights.agreement import Floats, agreement, votes_by_pair
from core.weights.pairs import TIE, Pair


@dataclass(frozen=True)
class JudgedPair:
    """A pair of pictures, and which judgment of whom compared them."""

    pair: Pair[str]
    judgment: int  # pairs of one sorted batch share theirs
    person: str


@dataclass(frozen=True)
class Alike:
    """A share of pairs with its 95 % interval; NaN where no pair counts."""

    share: float
    lower: float
    upper: float
    pairs: int  # that count
    judgments: int  # that these pairs come from
    undecided: int  # pairs left out: the person, or the others, had them equal
    unknown: int  # pairs left out: a picture has no score, or nobody else decided between them
    people: int = 0  # others who said something of the pairs that count


def alike_with_scores(own: Sequence[JudgedPair], scores: Mapping[str, float]) -> Alike:
    """Share of the decided pairs that the scores order the same way.

    A tie of the scores counts half (`core.weights.agreement`). Pictures that are not among
    `scores` have none.
    """
    nan = float("nan")
    gaps = np.array(
        [scores.get(j.pair.first, nan) - scores.get(j.pair.second, nan) for j in own], np.float64
    )
    outcomes = np.array([judged.pair.outcome for judged in own], np.float64)
    numbers = np.array([judged.judgment for judged in own], np.int64)
    found = agreement(gaps, outcomes, np.zeros(len(own), np.int64), numbers)
    judgments = len({j.judgment for j, gap in zip(own, gaps, strict=True) if _counts(j, gap)})
    return Alike(
        found.share,
        *wilson(found.share, judgments),
        found.pairs,
        judgments,
        found.ties,
        found.unscored,
    )


def alike_with_others(own: Sequence[JudgedPair], others: Sequence[JudgedPair]) -> Alike:
    """Share of the pairs that the person orders as most others do who compared the same pictures.

    Each pair of pictures counts once, each person by the majority of their own answers to it; a
    tie is no answer.
    """
    mine = {key: sum(votes.values()) for key, votes in _votes(own).items()}
    theirs = {key: votes for key, votes in _votes(others).items() if key in mine}
    most = {key: sum(np.sign(list(votes.values()))) for key, votes in theirs.items()}
    decided = [key for key in theirs if mine[key] and most[key]]
    met = [np.sign(mine[key]) == np.sign(most[key]) for key in decided]
    share = float(np.mean(met)) if met else float("nan")
    counted = set(decided)
    judgments = len({j.judgment for j in own if _key(j) in counted and _counts(j, 1.0)})
    asked = {_key(judged) for judged in own}
    unknown = len([key for key in mine if key not in theirs])
    return Alike(
        share,
        *wilson(share, judgments),
        len(decided),
        judgments,
        len(asked) - unknown - len(decided),
        unknown,
        len({person for key in decided for person, vote in theirs[key].items() if vote}),
    )


def wilson(share: float, trials: int) -> tuple[float, float]:
    """95 % interval of a share of `trials` (Wilson 1927), sensible from the first one on.

    Pairs of one sorted batch depend on each other: whoever asks counts judgments as trials, not
    pairs. NaN without a trial.
    """
    if not trials:
        return float("nan"), float("nan")
    squared = REACH**2
    middle = (share + squared / (2 * trials)) / (1 + squared / trials)
    reach = REACH * np.sqrt(share * (1 - share) / trials + squared / (4 * trials**2))
    reach /= 1 + squared / trials
    return float(max(0.0, middle - reach)), float(min(1.0, middle + reach))


def _counts(judged: JudgedPair, gap: float) -> bool:
    return bool(np.isfinite(gap)) and judged.pair.outcome != TIE


def _key(judged: JudgedPair) -> tuple[str, str]:
    one, other = sorted((judged.pair.first, judged.pair.second))
    return one, other


def _votes(judged: Sequence[JudgedPair]) -> dict[tuple[str, str], dict[str, float]]:
    pictures = [(j.pair.first, j.pair.second) for j in judged]
    outcomes: Floats = np.array([j.pair.outcome for j in judged], np.float64)
    return votes_by_pair(pictures, outcomes, [j.person for j in judged])
