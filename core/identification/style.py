"""Content and style apart: what a prompt asks of every model, and what a model makes of it.

The mean feature of model m's pictures for prompt p is taken to be content(p) + style(m, p). Content
is what all models share for a prompt; both are smooth in the prompt's words, so that pictures of
a prompt nobody was asked can be foretold from its caption (two Gaussian-process regressions, their
kernels over the prompts' text features). Leaving a prompt out of such a regression has a closed
form (Rasmussen and Williams, "Gaussian Processes for Machine Learning", Eq. 5.12), which tells how
far such forecasts miss: e_j = (A^-1 y)_j / (A^-1)_jj.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse

from core.identification.specification import Floats, Ints, Requirement, SpecificationSet, Vectors

_NONE: Floats = np.zeros((0, 0))
_BLOCK_ROWS = 1 << 14
_ROUNDS = 20  # of the additive fit; a complete grid is done after one
_STILL = 1e-6  # of the features' standard deviation
_FLAT = 100.0  # prior variance of the content all prompts share, over that of what varies


@dataclass(frozen=True)
class Words:
    """How the wording of a prompt matters; 0 strength is not at all."""

    reach: float = 4.0  # of the kernel exp(-(1 - cosine) / (reach x mean of 1 - cosine))
    style: float = 10.0  # variance of what a model does with some prompts, over what it always does
    style_noise: float = 0.5  # variance of a cell's mean around that, over the same
    content: float = 3.0  # variance of content over prompts
    content_noise: float = 0.1  # of content that the words do not tell, over the same


WORDS = Words()
NO_WORDS = Words(style=0.0, style_noise=1.0, content=0.0, content_noise=1.0)


@dataclass(frozen=True)
class Reading:
    """What a caption foretells of all models alike: the content, and how near the prompts are."""

    specifications: SpecificationSet
    words: Words
    contents: Floats  # (s, dim) weights of the content of the `shared` prompts
    shared: Ints  # (s,) places of the prompts that tell content

    @cached_property
    def mean_distance(self) -> float:
        """Mean of 1 - cosine over pairs of different prompts; 1 where there are none."""
        return mean_distance(self.specifications)

    def nearness(self, requirement: Requirement) -> Floats:
        """(p, n_examples) kernel of prompts and captions; 0 without a caption."""
        cosines = self.specifications.cosines(requirement).astype(np.float64)
        return np.nan_to_num(_kernel(cosines, self.words, self.mean_distance), nan=0.0)

    def content(self, nearness: Floats) -> Floats:
        """(n_examples, dim) the content foretold."""
        weights = _FLAT + self.words.content * nearness[self.shared]
        return np.asarray(weights.T @ self.contents)


@dataclass(frozen=True)
class Forecasts:
    """What foretells a model's pictures for a caption, and by how much that missed."""

    reading: Reading
    styles: Vectors  # (c, dim) weights of each cell for its model's style
    misses: Vectors  # (n, dim) each picture less what was foretold with its prompt left out


def forecasts(specifications: SpecificationSet, words: Words) -> Forecasts:
    """Regressions of content and style on the prompts' words, over all models.

    Memory beside the features: twice as much again.
    """
    known = specifications
    cells = _means(known.features, known.cell_starts, known.cell_sizes)
    kernel = _kernel(
        (known.text_units @ known.text_units.T).astype(np.float64), words, mean_distance(known)
    )
    contents, shared, content, content_misses = _content(known, cells, kernel, words)
    styles, misses = _style(known, cells, kernel, words, content)
    for first in range(0, len(misses), _BLOCK_ROWS):
        block = slice(first, first + _BLOCK_ROWS)
        misses[block] += content_misses[known.cell_prompts[block]]
    if len(cells) < len(known.features):
        # A picture misses by what its cell misses, and by its distance from the mean of the cell.
        of_picture = np.repeat(np.arange(len(cells)), known.cell_sizes)
        misses = known.features + (misses - cells)[of_picture]
    return Forecasts(Reading(known, words, contents, shared), styles, misses)


def mean_distance(specifications: SpecificationSet) -> float:
    """Mean of 1 - cosine over pairs of different prompts; 1 where there are none."""
    units = specifications.text_units.astype(np.float64)
    count = len(units)
    if count < 2:
        return 1.0
    total = units.sum(axis=0)
    cosine = (float(total @ total) - count) / (count * (count - 1))
    return max(1 - cosine, 1e-6)


def _content(
    known: SpecificationSet, cells: Vectors, kernel: Floats, words: Words
) -> tuple[Floats, Ints, Floats, Floats]:
    """Weights, the prompts they stand for, and content and its misses (p, dim) of every prompt."""
    asked = np.bincount(known.cell_prompts, minlength=len(known.prompt_ids))
    shared = np.flatnonzero(asked > 1)
    if len(shared) < 2:
        # Nothing tells what models have in common for a prompt: content is the overall mean.
        mean = cells.mean(axis=0, dtype=np.float64)
        content = np.tile(mean, (len(asked), 1))
        return mean[None] / _FLAT, np.zeros(1, np.int64), content, np.zeros_like(content)
    values = _additive(known, cells, shared)
    a = _FLAT + words.content * kernel[np.ix_(shared, shared)]
    a[np.diag_indices_from(a)] += words.content_noise
    inverse = np.linalg.inv(a)
    weights = inverse @ values
    content = (_FLAT + words.content * kernel[:, shared]) @ weights
    content[shared] = values
    misses = np.zeros_like(content)
    misses[shared] = weights / np.diag(inverse)[:, None]
    return weights, shared.astype(np.int64), content, misses


def _additive(known: SpecificationSet, cells: Vectors, shared: Ints) -> Floats:
    """(s, dim) content of `shared` prompts: least squares of cell = content + style.

    Solved by turns, from no style at all, on sums over the cells of a prompt and of a model.
    """
    used = np.isin(known.cell_prompts, shared).astype(np.float32)
    shape = (len(known.prompt_ids), len(known.model_ids))
    count = len(cells)
    of_prompt = (used, (known.cell_prompts, np.arange(count)))
    of_model = (used, (known.cell_models, np.arange(count)))
    by_prompt = scipy.sparse.csr_array(of_prompt, shape=(shape[0], count))[shared] @ cells
    by_model = scipy.sparse.csr_array(of_model, shape=(shape[1], count)) @ cells
    met = scipy.sparse.csr_array((used, (known.cell_prompts, known.cell_models)), shape=shape)
    met = met[shared].astype(np.float64)
    prompt_sizes, model_sizes = met.sum(axis=1)[:, None], met.sum(axis=0)[:, None]
    style = np.zeros(by_model.shape)
    content = np.zeros(by_prompt.shape)
    still = _STILL * float(np.abs(by_prompt / prompt_sizes).max())
    for _ in range(_ROUNDS):
        before = content
        content = (by_prompt - met @ style) / prompt_sizes
        style = (by_model - met.T @ content) / np.maximum(model_sizes, 1)
        if np.abs(content - before).max() <= still:
            break
    return np.asarray(content)


def _style(
    known: SpecificationSet, cells: Vectors, kernel: Floats, words: Words, content: Floats
) -> tuple[Vectors, Vectors]:
    """Weights and leave-one-prompt-out misses (c, dim) of every model's own regression."""
    weights, misses = np.empty_like(cells), np.empty_like(cells)
    ends = np.append(known.model_cells[1:], len(cells))
    last, inverse, missing = None, _NONE, _NONE
    for start, end in zip(known.model_cells, ends, strict=True):
        prompts = known.cell_prompts[start:end]
        if last is None or not np.array_equal(prompts, last):  # neighbours mostly share theirs
            a = 1 + words.style * kernel[np.ix_(prompts, prompts)]
            a[np.diag_indices_from(a)] += words.style_noise
            last, inverse = prompts, np.asarray(np.linalg.inv(a), np.float64)
            missing = inverse / np.diag(inverse)[:, None]
        values = cells[start:end] - content[prompts]
        weights[start:end], misses[start:end] = inverse @ values, missing @ values
    return weights, misses


def _kernel(cosines: Floats, words: Words, mean: float) -> Floats:
    return np.asarray(np.exp(-np.maximum(1 - cosines, 0.0) / (words.reach * mean)))


def _means(features: Vectors, starts: Ints, sizes: Ints) -> Vectors:
    """(c, dim) mean features of cells; `features` themselves where each has one picture."""
    if len(starts) == len(features):
        return features
    sums = np.add.reduceat(features, starts, axis=0, dtype=np.float64)
    return np.asarray(sums / sizes[:, None], np.float32)
