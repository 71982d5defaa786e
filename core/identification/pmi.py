"""PMI: the distance of Eq. 9 from examples to every model's specification, at once.

Eq. 9 is a squared distance in the kernel's Hilbert space, so the lowest wins (the "maximum" of the
paper's section 3.1 is a slip). Multiplied out, for one example (z', q') and one model,

    sum_jk w_j w_k k(z_j, z_k) / N^2  -  2 sum_j w_j k(z_j, z') / N  +  1.

The weight w_j = cos(q_j, q') is the same for all pictures of a prompt, so the kernels between a
model's own pictures are summed per pair of prompts once and for all: its Gram matrix. Memory for m
models of p prompts with s pictures each, in single precision: 4 m p^2 bytes of Gram matrices (5,000
models of 61 prompts: 74 MB) beside the 4 m p s dim bytes of the features (937 MB at 768).
`core.identification.reference` says the same as a loop over kernels.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.identification.specification import (
    Floats,
    Ints,
    Requirement,
    SpecificationSet,
    Vectors,
)

Weighting = Literal["cosine", "clipped", "none"]
_BLOCK_VALUES = 1 << 23  # kernels held at once: 32 MB in single precision
_DELICATE = 1.0  # kernel x gamma x lengths at which single precision leaves 1e-7 or more
_PAIRS = 1 << 12
_ROWS = 1 << 15  # features per product, so that kernels are worked on while still in the cache


@dataclass(frozen=True)
class Pmi:
    """Eq. 9 with its ablations, ready for examples; `weighting` "cosine" is the paper's."""

    specifications: SpecificationSet
    gamma: float
    weighting: Weighting
    grams: Vectors  # (m, p_most, p_most) kernel sums between prompts, 0 beyond a model's prompts
    slots: Ints  # (c,) place of each cell in its model's Gram matrix

    def scores(self, requirement: Requirement) -> Floats:
        """(n_examples, m) distance of Eq. 9 of each example; without a caption all w are 1.

        Raises SpecificationError where the examples' features do not fit.
        """
        known = self.specifications
        examples = known.centred(requirement)
        weights = self._weights(requirement)
        found = np.empty((len(examples), len(known.model_ids)))
        step = max(1, _BLOCK_VALUES // len(known.features))
        for first in range(0, len(examples), step):
            block = slice(first, first + step)
            cells = self._cell_kernels(examples[block])
            cross = _sums(cells * weights[known.cell_prompts, block], known.model_cells)
            own = self._own(weights[:, block])
            sizes = known.model_sizes[:, None]
            found[block] = (own / sizes**2 - 2 * cross / sizes + 1).T
        return found

    def _weights(self, requirement: Requirement) -> Vectors:
        """(p, n_examples) w of Eq. 9."""
        if self.weighting == "none":
            shape = (len(self.specifications.prompt_ids), len(requirement.features))
            return np.ones(shape, np.float32)
        w = np.nan_to_num(self.specifications.cosines(requirement), nan=1.0)
        return np.maximum(w, 0.0) if self.weighting == "clipped" else w

    def _cell_kernels(self, examples: Vectors) -> Vectors:
        """(c, n_examples) kernels with the examples, summed over the pictures of a cell."""
        known = self.specifications
        lengths = np.einsum("nd,nd->n", examples, examples)
        kernels = np.empty((len(known.features), len(examples)), np.float32)
        for first in range(0, len(kernels), _ROWS):
            rows = slice(first, first + _ROWS)
            part = kernels[rows]
            np.matmul(known.features[rows], examples.T, out=part)
            part *= -2
            part += known.squared_norms[rows, None]
            part += lengths
            np.maximum(part, 0, out=part)
            part *= -self.gamma
            np.exp(part, out=part)
            pair_lengths = known.squared_norms[rows, None] + lengths
            self._refine(part, pair_lengths, known.features[rows], examples)
        return _sums(kernels, known.cell_starts)

    def _refine(
        self, kernels: Vectors, lengths: Vectors, pictures: Vectors, examples: Vectors
    ) -> None:
        """Kernels of near pairs far from the centre once more, in place, from their difference.

        A squared distance by way of lengths is off by some 1e-7 of these, and its kernel by gamma
        times that. It matters to few pairs.
        """
        near = np.argwhere(kernels * lengths > _DELICATE / self.gamma)
        for first in range(0, len(near), _PAIRS):
            row, column = near[first : first + _PAIRS].T
            apart = pictures[row].astype(np.float64) - examples[column]
            kernels[row, column] = np.exp(-self.gamma * np.einsum("nd,nd->n", apart, apart))

    def _own(self, weights: Vectors) -> Vectors:
        """(m, n_examples) of sum_jk w_j w_k k(z_j, z_k)."""
        known = self.specifications
        count, most = self.grams.shape[:2]
        if known.complete:
            pairs = weights[:, None, :] * weights[None, :, :]
            own = self.grams.reshape(count, -1) @ pairs.reshape(-1, weights.shape[1])
            return np.asarray(own, np.float32)
        padded = np.zeros((count, most, weights.shape[1]), np.float32)
        padded[known.cell_models, self.slots] = weights[known.cell_prompts]
        return np.asarray((np.matmul(self.grams, padded) * padded).sum(axis=1), np.float32)


def pmi(specifications: SpecificationSet, gamma: float, weighting: Weighting = "cosine") -> Pmi:
    """PMI over all models, with the RBF kernel's `gamma` (per squared unit of the features)."""
    known = specifications
    slots = np.arange(len(known.cell_starts)) - known.model_cells[known.cell_models]
    most = int(slots.max()) + 1
    grams = np.zeros((len(known.model_ids), most, most), np.float32)
    cell_ends = np.append(known.model_cells[1:], len(known.cell_starts))
    for place, (start, size) in enumerate(zip(known.model_starts, known.model_sizes, strict=True)):
        exact = known.features[start : start + size].astype(np.float64)
        cells = known.cell_starts[known.model_cells[place] : cell_ends[place]] - start
        kernels = np.exp(-gamma * squared_distances(exact, exact))
        summed = np.add.reduceat(np.add.reduceat(kernels, cells, axis=0), cells, axis=1)
        grams[place, : len(cells), : len(cells)] = summed
    return Pmi(known, gamma, weighting, grams, slots.astype(np.int64))


def squared_distances(a: Floats, b: Floats) -> Floats:
    """(n, k) squared Euclidean distances of the rows of `a` (n, dim) and `b` (k, dim)."""
    lengths_a, lengths_b = np.einsum("nd,nd->n", a, a), np.einsum("nd,nd->n", b, b)
    return np.asarray(np.maximum(lengths_a[:, None] + lengths_b - 2 * a @ b.T, 0.0))


def _sums(values: Vectors, starts: Ints) -> Vectors:
    """Sums of the runs of rows of `values` that begin at `starts`."""
    if len(starts) == len(values):
        return values
    return np.asarray(np.add.reduceat(values, starts, axis=0), np.float32)
