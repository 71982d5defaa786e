"""Gaussian moments: each model as mean and covariance of its features.

Lu et al., "Content-based Search for Deep Generative Models" (SIGGRAPH Asia 2023): the model under
whose Gaussian the examples are most likely. A model has fewer pictures than features have
dimensions, so its covariance S is shrunk: (1 - a) S + a t I, t the mean variance of a direction;
a = 1 leaves a sphere. The inverse is applied through the pictures themselves (Woodbury), so nothing
of dim x dim is stored: 8 s^2 bytes for a model of s pictures, beside the specifications.
"""

from dataclasses import dataclass

import numpy as np

from core.identification.specification import (
    Floats,
    Requirement,
    SpecificationError,
    SpecificationSet,
    Vectors,
)

_LEAST_VARIANCE = 1e-12


@dataclass(frozen=True)
class Gaussian:
    """One model's density."""

    mean: Floats  # (dim,)
    deviations: Vectors  # (s, dim) pictures less the mean
    sphere: float  # variance that every direction has: a t
    inner: Floats  # (s, s) inverse of (sphere s / (1 - a)) I + deviations deviations^T
    log_determinant: float  # of the covariance

    def distances(self, examples: Vectors) -> Floats:
        """(n_examples,) squared Mahalanobis distances."""
        apart = examples - self.mean
        squares = np.einsum("nd,nd->n", apart, apart)
        seen = apart @ self.deviations.T.astype(np.float64)
        return np.asarray(
            (squares - np.einsum("ns,st,nt->n", seen, self.inner, seen)) / self.sphere
        )


@dataclass(frozen=True)
class Moments:
    """The Gaussians of all models."""

    specifications: SpecificationSet
    shrinkage: float
    gaussians: tuple[Gaussian, ...]  # (m,)

    def scores(self, requirement: Requirement) -> Floats:
        """(n_examples, m) negative log-likelihood less its constant; captions are not used."""
        examples = self.specifications.centred(requirement)
        columns = [(g.distances(examples) + g.log_determinant) / 2 for g in self.gaussians]
        return np.stack(columns, axis=1)


def moments(specifications: SpecificationSet, shrinkage: float) -> Moments:
    """Gaussians of all models; `shrinkage` a in (0, 1]."""
    if not 0 < shrinkage <= 1:
        raise SpecificationError("The shrinkage of a covariance lies above 0 and up to 1.")
    overall = specifications.features.var(axis=0, dtype=np.float64).mean()
    gaussians = []
    for start, size in zip(specifications.model_starts, specifications.model_sizes, strict=True):
        pictures = specifications.features[start : start + size]
        # A model of one picture has no variance of its own.
        gaussians.append(_gaussian(pictures, shrinkage, float(overall) if size < 2 else None))
    return Moments(specifications, shrinkage, tuple(gaussians))


def _gaussian(pictures: Vectors, shrinkage: float, variance: float | None) -> Gaussian:
    mean = pictures.mean(axis=0, dtype=np.float64)
    deviations = pictures - mean
    count, dim = pictures.shape
    spread = float(np.einsum("sd,sd->", deviations, deviations)) / (count * dim)
    spread = max(spread if variance is None else variance, _LEAST_VARIANCE)
    sphere = shrinkage * spread
    gram = deviations @ deviations.T
    if shrinkage == 1:
        inner, stretched = np.zeros((count, count)), 0.0
    else:
        ridge = sphere * count / (1 - shrinkage)
        inner = np.linalg.inv(gram + ridge * np.eye(count))
        stretched = float(np.linalg.slogdet(np.eye(count) + gram / ridge)[1])
    return Gaussian(
        mean,
        deviations.astype(np.float32),
        sphere,
        inner,
        float(dim * np.log(sphere) + stretched),
    )
