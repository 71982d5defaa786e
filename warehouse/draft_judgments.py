"""Drafts of lambda held against what people judged: agreement, its parts, and a fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.drafts.breakdown import score_gaps
from core.weights.agreement import Agreement, Ceiling, agreement, ceiling
from core.weights.fit import LambdaFit, fit_lambdas, held_out_agreement
from warehouse.database import Warehouse
from warehouse.judged_pairs import judged_pairs
from warehouse.weight_grid import WeighedGrid

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class JudgedRows:
    """n judged pairs as rows of the grid."""

    first: Ints  # (n,) row of the picture, -1 where it is not shown
    second: Ints  # (n,)
    outcomes: Floats  # (n,) 1 the first was preferred, 0.5 neither
    people: Ints  # (n,) codes
    prompts: Ints  # (n,) prompt ids
    judgments: Ints  # (n,) codes
    person_ids: tuple[str, ...]  # by code
    simulated: int  # of the n
    ceiling: Ceiling

    @property
    def pairs(self) -> int:
        """How many there are."""
        return len(self.outcomes)


@dataclass(frozen=True)
class Learnt:
    """Lambdas fitted to the pairs, beside weights that were not."""

    fit: LambdaFit  # as asked for
    free: LambdaFit  # of any sign: the one with intervals
    held_out: float  # share of pairs on prompts that the fit never saw; NaN with one prompt
    held_out_pairs: int
    rivals: dict[str, Agreement]  # the same pairs under weights that were not fitted to them


def judged_rows(
    warehouse: Warehouse, image_ids: Sequence[str], *, with_simulated: bool
) -> JudgedRows:
    """The judgments in force as pairs of rows of `image_ids`, the shown pictures."""
    pairs = judged_pairs(warehouse, (), with_simulated=with_simulated)
    row = {image_id: place for place, image_id in enumerate(image_ids)}
    rows = np.array(
        [[row.get(one, -1), row.get(other, -1)] for one, other in pairs.pictures], np.int64
    ).reshape(-1, 2)
    return JudgedRows(
        rows[:, 0],
        rows[:, 1],
        pairs.outcomes,
        pairs.people,
        pairs.prompts,
        pairs.judgments,
        pairs.person_ids,
        pairs.simulated,
        ceiling(pairs.pictures, pairs.outcomes, [pairs.person_ids[c] for c in pairs.people]),
    )


def gaps(judged: JudgedRows, weighed: WeighedGrid, lambdas: Mapping[str, float]) -> Floats:
    """Score of the first picture minus that of the second under `lambdas`, (n,)."""
    names = [name for name, weight in lambdas.items() if weight != 0]
    if any(name not in weighed.grid.metrics for name in names):
        return np.full(judged.pairs, np.nan)
    weights = np.array([lambdas[name] for name in names])
    return score_gaps(_matrix(weighed, names), weights, judged.first, judged.second)


def draft_agreement(
    judged: JudgedRows, weighed: WeighedGrid, lambdas: Mapping[str, float]
) -> Agreement:
    """How often `lambdas` order the pairs as people did."""
    return agreement(
        gaps(judged, weighed, lambdas), judged.outcomes, judged.people, judged.judgments
    )


def learn(
    judged: JudgedRows,
    weighed: WeighedGrid,
    metrics: Sequence[str],
    rivals: Mapping[str, Floats],
    *,
    non_negative: bool,
) -> Learnt:
    """Fit `metrics` to the pairs. `rivals` are gaps (n,) of scores that were not fitted.

    All are held against the pairs whose metrics are all known. Raises ScoreError without any.
    """
    names = tuple(metrics)
    q = np.vstack([_matrix(weighed, names), np.full(len(names), np.nan)])  # row -1: not shown
    differences = q[judged.first] - q[judged.second]
    fit = fit_lambdas(names, differences, judged.outcomes, judged.people, non_negative=non_negative)
    free = fit_lambdas(names, differences, judged.outcomes, judged.people)
    held = held_out_agreement(
        differences,
        judged.outcomes,
        judged.prompts,
        np.zeros(len(names)),
        non_negative=non_negative,
    )
    whole = np.isfinite(differences).all(axis=1)
    return Learnt(
        fit,
        free,
        held.fitted,
        held.pairs,
        {
            name: agreement(
                own[whole], judged.outcomes[whole], judged.people[whole], judged.judgments[whole]
            )
            for name, own in rivals.items()
        },
    )


def _matrix(weighed: WeighedGrid, names: Sequence[str]) -> Floats:
    """q of every picture (n_pictures, k)."""
    columns = [weighed.flat(name).astype(np.float64) for name in names]
    empty: Floats = np.zeros((len(weighed.models), 0))
    return np.stack(columns, axis=1) if columns else empty
