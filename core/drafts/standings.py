"""Models ranked by the mean GRE-Score of their pictures, and what moved between two rankings."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.gre import MetricGrid, gre_scores, ranked_slots
from core.weights.change import kendall_tau, rank_biased_overlap

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Standings:
    """Every model under one set of lambdas."""

    means: Floats  # (n_models,) mean score; NaN without a scored picture
    firsts: Ints  # (n_models,) prompts whose best picture is theirs
    order: Ints  # models with a mean, best first; equal ones by row
    scores: npt.NDArray[np.float32]  # (n_pictures,) NaN where a weighed metric is missing


@dataclass(frozen=True)
class Movement:
    """How two rankings of the same models differ."""

    tau: float  # Kendall's tau-b over the models that both rank
    overlap: float  # rank-biased overlap
    models: int  # that both rank


def standings(
    grid: MetricGrid, lambdas: Mapping[str, float], models: Ints, count: int
) -> Standings:
    """Rank every picture within its prompt, and `count` models by their means.

    `models` (n_pictures,) holds the model of each row of `grid`. Raises what `gre_scores` raises.
    """
    scores = gre_scores(grid, lambdas)
    there = grid.rows >= 0
    flat = np.empty(len(models), dtype=np.float32)
    flat[grid.rows[there]] = scores[there]
    known = np.isfinite(flat)
    pictures = np.bincount(models[known], minlength=count)
    sums = np.bincount(models[known], flat[known].astype(np.float64), minlength=count)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(pictures > 0, sums / pictures, np.nan)
    return Standings(means, _firsts(grid, scores, models, count), _best_first(means), flat)


def ranks(order: Ints, count: int) -> Ints:
    """Rank of each of `count` models, 1 the best; 0 for those that `order` leaves out."""
    placed = np.zeros(count, dtype=np.int64)
    placed[order] = np.arange(1, len(order) + 1)
    return placed


def movement(before: Standings, after: Standings) -> Movement:
    """Rank correlations over the models that both rank."""
    both = np.isfinite(before.means) & np.isfinite(after.means)
    kept = [[int(model) for model in one.order if both[model]] for one in (before, after)]
    return Movement(
        kendall_tau(before.means[both], after.means[both]),
        rank_biased_overlap(kept[0], kept[1]),
        int(both.sum()),
    )


def _best_first(means: Floats) -> Ints:
    order = np.argsort(-means, kind="stable")  # NaN is last
    ranked: Ints = order[: int(np.isfinite(means).sum())].astype(np.int64)
    return ranked


def _firsts(grid: MetricGrid, scores: npt.NDArray[np.float32], models: Ints, count: int) -> Ints:
    if not scores.size:
        return np.zeros(count, dtype=np.int64)
    best = ranked_slots(scores)[:, 0]
    prompts = np.flatnonzero(np.isfinite(scores[np.arange(len(best)), best]))
    rows = grid.rows[prompts, best[prompts]]
    return np.bincount(models[rows], minlength=count).astype(np.int64)
