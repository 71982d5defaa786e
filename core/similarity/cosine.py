"""Similarity of models by their pictures: for one prompt, and over prompts (GEMRec, 3.2.1).

A model may have several pictures (seeds) of a prompt. Its entry with another model is then the mean
cosine over all pairs of a picture of the one and a picture of the other; its entry with itself the
mean over all pairs of its *different* pictures, and 1 by definition where it has one picture only.
`core.reference` says the same in slow, readable loops.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from threading import Lock

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from core.scores import Floats, Vectors, average_pairwise_similarity

Ints = npt.NDArray[np.int64]
_ONE_AT_A_TIME = Lock()  # the limit on threads below is the whole process's


@dataclass(frozen=True)
class PromptSimilarity:
    """Cosines of one prompt's pictures, model by model; those without direction count nowhere."""

    models: Ints  # (n,) model ids, ascending
    pictures: Ints  # (n,) pictures of each model, at least 1
    values: Floats  # (n, n) symmetric, in [-1, 1]
    pairs: Ints  # (n, n) pairs of different pictures behind each; 0 where it is 1 by definition
    aps: float  # mean cosine over all pairs of different pictures; NaN with fewer than two
    undirected: int  # rows of zeros or not wholly finite, left out


@dataclass(frozen=True)
class MeanSimilarity:
    """Entries of `PromptSimilarity` over the prompts where both models have pictures.

    A model's entry with itself is the mean over the prompts where it has several pictures, and 1 by
    definition where there is none. Everything is NaN for models that share no prompt.
    """

    models: Ints  # (n,) model ids, ascending
    mean: Floats  # (n, n) symmetric
    lowest: Floats  # (n, n) of the least alike prompt
    deviation: Floats  # (n, n) standard deviation over prompts, NaN for fewer than two
    prompts: Ints  # (n, n) prompts behind each entry


def prompt_similarity(vectors: Vectors, models: Ints) -> PromptSimilarity:
    """Similarities of the pictures `vectors` (n_images, dim) of `models` (n_images,).

    The mean cosine of two sets is the dot product of their mean unit vectors, so the cost is one
    product of (n_models, dim) with itself, however many seeds there are.
    """
    exact = vectors.astype(np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        lengths = np.sqrt(np.einsum("nd,nd->n", exact, exact))
    directed = np.isfinite(lengths) & (lengths > 0)
    order = np.flatnonzero(directed)[np.argsort(models[directed], kind="stable")]
    known, starts, pictures = np.unique(models[order], return_index=True, return_counts=True)
    units = exact[order] / lengths[order, None]
    sums = np.add.reduceat(units, starts) if len(starts) else np.zeros((0, vectors.shape[1]))
    dots = _dots(sums)
    pairs = np.outer(pictures, pictures)
    own = np.arange(len(known))
    dots[own, own] -= pictures  # each picture with itself
    pairs[own, own] = pictures * (pictures - 1) // 2
    ordered = np.outer(pictures, pictures)
    ordered[own, own] = pictures * (pictures - 1)
    values = np.ones_like(dots)
    np.divide(dots, ordered, out=values, where=ordered > 0)
    return PromptSimilarity(
        models=known.astype(np.int64),
        pictures=pictures.astype(np.int64),
        values=np.clip(values, -1.0, 1.0),
        pairs=pairs.astype(np.int64),
        aps=average_pairwise_similarity(vectors),
        undirected=int((~directed).sum()),
    )


def mean_similarity(prompts: Iterable[PromptSimilarity], models: Ints) -> MeanSimilarity:
    """Mean, lowest and spread of every pair of `models` (n,), ascending, over `prompts`."""
    shape = (len(models), len(models))
    total, squares = np.zeros(shape), np.zeros(shape)
    lowest = np.full(shape, np.inf)
    count = np.zeros(shape, dtype=np.int64)
    for prompt in prompts:
        place = np.searchsorted(models, prompt.models)
        block = np.ix_(place, place)
        told = prompt.pairs > 0
        values = np.where(told, prompt.values, 0.0)
        total[block] += values
        squares[block] += values * values
        lowest[block] = np.minimum(lowest[block], np.where(told, prompt.values, np.inf))
        count[block] += told
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count
        variance = np.maximum(squares - count * mean * mean, 0.0) / (count - 1)
    deviation = np.where(count > 1, np.sqrt(np.maximum(variance, 0.0)), np.nan)
    own = np.arange(len(models))
    mean[own, own] = np.where(count[own, own] > 0, mean[own, own], 1.0)
    return MeanSimilarity(models, mean, np.where(count > 0, lowest, np.nan), deviation, count)


def similar_pairs(mean: MeanSimilarity, threshold: float) -> tuple[Ints, Ints]:
    """Places (a, b), a < b, of the pairs whose mean is at least `threshold`, most alike first."""
    first, second = np.triu_indices(len(mean.models), k=1)
    values = mean.mean[first, second]
    with np.errstate(invalid="ignore"):
        near = np.flatnonzero(values >= threshold)
    near = near[np.argsort(-values[near], kind="stable")]
    return first[near].astype(np.int64), second[near].astype(np.int64)


def expanded(found: PromptSimilarity, models: Ints) -> tuple[Floats, Ints]:
    """Values and pairs of `found` in the order of `models` (n,); NaN and 0 for those it lacks."""
    values = np.full((len(models), len(models)), np.nan)
    pairs = np.zeros((len(models), len(models)), dtype=np.int64)
    if len(found.models):
        place = np.minimum(np.searchsorted(found.models, models), len(found.models) - 1)
        there = np.flatnonzero(found.models[place] == models)
        block, source = np.ix_(there, there), np.ix_(place[there], place[there])
        values[block], pairs[block] = found.values[source], found.pairs[source]
    return values, pairs


def _dots(rows: Floats) -> Floats:
    """Dot products of all `rows` (n, dim), by one thread.

    On a machine that is busy with training, two threads waiting for each other took 80 ms for
    200 x 768, and one 1 ms.
    """
    with _ONE_AT_A_TIME, _threads().limit(limits=1, user_api="blas"):
        return np.asarray(rows @ rows.T)


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()
