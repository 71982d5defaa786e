"""How well a method identifies: tasks, ranks, figures and intervals of differences.

A task is some examples of one model, each for another prompt. Every picture comes first in one task
exactly, whatever the number of examples, so figures for 1 to 6 examples rest on equally many tasks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.identification.matching import combined
from core.identification.specification import Floats, Ints, SpecificationError, SpecificationSet
from core.identification.tuning import true_ranks

TOP = (1, 2, 3, 4, 5)
RESAMPLES = 2_000
_TAILS = (0.025, 0.975)


@dataclass(frozen=True)
class Tasks:
    """t tasks of k examples each."""

    rows: Ints  # (t, k) pictures
    models: Ints  # (t,) the model that made them, as a place
    prompts: Ints  # (t,) the prompt of the first example: what is resampled


@dataclass(frozen=True)
class Interval:
    """A figure with its 95 % bootstrap interval, prompts resampled; NaN where there is no task."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Figures:
    """What a method reaches; the paper's section 5.1."""

    top: tuple[Interval, ...]  # share of tasks whose model is among the first 1, 2, ... 5
    mean_rank: Interval  # from 1, tied scores at their mean rank
    tasks: int


def draw_tasks(models: Ints, prompts: Ints, examples: int, *, seed: int = 0) -> Tasks:
    """A task for each picture (n,) as first example, with others of its model drawn at random.

    The others are of different prompts. Pictures of models with fewer prompts than `examples` start
    no task. Raises SpecificationError for fewer than one example.
    """
    if examples < 1:
        raise SpecificationError("A task has at least one example.")
    random = np.random.default_rng(seed)
    by_model: dict[int, dict[int, Ints]] = {}
    for model in np.unique(models).tolist():
        own = np.flatnonzero(models == model)
        by_model[model] = {p: own[prompts[own] == p] for p in np.unique(prompts[own]).tolist()}
    rows, firsts = [], []
    for first, (model, prompt) in enumerate(zip(models.tolist(), prompts.tolist(), strict=True)):
        others = [p for p in by_model[model] if p != prompt]
        if len(others) < examples - 1:
            continue
        drawn = random.choice(others, examples - 1, replace=False) if examples > 1 else ()
        rows.append([first, *(int(random.choice(by_model[model][int(p)])) for p in drawn)])
        firsts.append(first)
    return Tasks(
        np.array(rows, np.int64).reshape(len(rows), examples), models[firsts], prompts[firsts]
    )


def task_scores(scores: Floats, tasks: Tasks) -> Floats:
    """(t, m) of each task, of the `scores` (n, m) of single pictures."""
    found = np.empty((len(tasks.rows), scores.shape[1]))
    for row, examples in enumerate(tasks.rows):
        found[row] = combined(scores[examples])
    return found


def figures(scores: Floats, tasks: Tasks, *, seed: int = 0) -> Figures:
    """Top-k accuracies and mean rank of `scores` (t, m), with intervals."""
    ranks = true_ranks(scores, tasks.models) if len(tasks.rows) else np.zeros(0)
    return Figures(
        tuple(interval((ranks <= k).astype(np.float64), tasks.prompts, seed=seed) for k in TOP),
        interval(ranks, tasks.prompts, seed=seed),
        len(ranks),
    )


def top1_difference(one: Floats, other: Floats, tasks: Tasks, *, seed: int = 0) -> Interval:
    """Top-1 accuracy of one method's `scores` (t, m) minus another's, on the same tasks."""
    hits = [true_ranks(scores, tasks.models) <= 1 for scores in (one, other)]
    return interval(hits[0].astype(np.float64) - hits[1], tasks.prompts, seed=seed)


def interval(values: Floats, prompts: Ints, *, seed: int = 0) -> Interval:
    """Mean of `values` (t,) and its percentile bootstrap, whole `prompts` (t,) resampled."""
    if not len(values):
        return Interval(float("nan"), float("nan"), float("nan"))
    _, places, counts = np.unique(prompts, return_inverse=True, return_counts=True)
    sums = np.bincount(places, weights=values)
    drawn = np.random.default_rng(seed).integers(0, len(counts), (RESAMPLES, len(counts)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    lower, upper = np.quantile(means, _TAILS)
    return Interval(float(values.mean()), float(lower), float(upper))


def check_kept_apart(specifications: SpecificationSet, query_prompts: Sequence[int]) -> None:
    """Raise SpecificationError where a query's prompt is a prompt of the specifications too."""
    shared = np.intersect1d(specifications.prompt_ids, np.asarray(query_prompts, np.int64))
    if len(shared):
        raise SpecificationError(
            f"Prompt {int(shared[0])} is both in the specifications and among the queries: "
            "such a benchmark would flatter every method."
        )
