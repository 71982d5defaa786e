"""Distances between two small sets of pictures, where FID would be mostly bias.

FID's covariances want thousands of pictures. KID (Binkowski et al., "Demystifying MMD GANs", ICLR
2018) and CMMD (Jayasumana et al., "Rethinking FID", CVPR 2024) are unbiased estimates of a squared
maximum mean discrepancy at any size, so they may fall a little below 0; pictures of the same
prompts on both sides, being more alike than independent draws, push them there. KID grows with the
sixth power of the features' length, CMMD does not depend on it. Neither is comparable with a
published figure unless the encoder is the same: name it beside them.
"""

import numpy as np

from core.identification.pmi import squared_distances
from core.identification.specification import Floats, SpecificationError, Vectors
from core.scores import unit_vectors

CMMD_SIGMA = 10.0  # of the paper's kernel, on features of length 1
CMMD_SCALE = 1000.0


def kid(one: Vectors, other: Vectors) -> float:
    """KID of features (n, dim) and (k, dim): the kernel is (x.y / dim + 1)^3.

    Raises SpecificationError for fewer than two pictures on a side.
    """
    a, b = one.astype(np.float64), other.astype(np.float64)

    def kernel(x: Floats, y: Floats) -> Floats:
        return np.asarray((x @ y.T / x.shape[1] + 1) ** 3)

    return _unbiased(kernel(a, a), kernel(b, b), kernel(a, b))


def cmmd(one: Vectors, other: Vectors) -> float:
    """CMMD x 1000 of features (n, dim) and (k, dim), scaled to length 1 first; the estimate here
    is the unbiased one.

    Raises SpecificationError for fewer than two pictures on a side.
    """
    a, b = unit_vectors(one).astype(np.float64), unit_vectors(other).astype(np.float64)
    gamma = 1 / (2 * CMMD_SIGMA**2)
    kernels = (np.exp(-gamma * squared_distances(x, y)) for x, y in ((a, a), (b, b), (a, b)))
    return CMMD_SCALE * _unbiased(*kernels)


def _unbiased(within_one: Floats, within_other: Floats, between: Floats) -> float:
    n, k = between.shape
    if n < 2 or k < 2:
        raise SpecificationError("A distance between sets of pictures needs two pictures in each.")
    one = (within_one.sum() - np.trace(within_one)) / (n * (n - 1))
    other = (within_other.sum() - np.trace(within_other)) / (k * (k - 1))
    return float(one + other - 2 * between.mean())
