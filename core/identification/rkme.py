"""RKME: each model as one weighted point whose kernel embedding is nearest to its pictures'.

Wu et al., "Model Reuse with Reduced Kernel Mean Embedding Specification" (TKDE 2023), reduced set
of size 1, the baseline of the PMI paper: the least of ||1/N sum_j k(z_j, .) - b k(x, .)||^2 over b
and x. The best weight for a point x is its closed form b = K^-1 mu(x) = mu(x), the mean kernel of
x with the pictures, as k(x, x) = 1; what remains is -mu(x)^2, least where mu is greatest.
"""

from dataclasses import dataclass

import numpy as np

from core.identification.pmi import squared_distances
from core.identification.specification import Floats, Requirement, SpecificationSet

GRADIENT = 1e-7  # largest absolute entry of the gradient at which a point is reached
MOST_STEPS = 5_000
_STEPS_BETWEEN_LEAPS = 4


@dataclass(frozen=True)
class Rkme:
    """One reduced point and its weight for each model."""

    specifications: SpecificationSet
    gamma: float
    points: Floats  # (m, dim), in the coordinates of the specifications' features
    weights: Floats  # (m,) in (0, 1]
    gradients: Floats  # (m,) largest absolute entry of the gradient where the search ended

    def scores(self, requirement: Requirement) -> Floats:
        """(n_examples, m) ||b k(x, .) - k(z', .)||^2, the lower the nearer; captions not used."""
        examples = self.specifications.centred(requirement).astype(np.float64)
        kernels = np.exp(-self.gamma * squared_distances(examples, self.points))
        return np.asarray(self.weights**2 - 2 * self.weights * kernels + 1)


def rkme(specifications: SpecificationSet, gamma: float) -> Rkme:
    """Reduced sets of size 1 of all models, with the RBF kernel's `gamma`."""
    points, weights, gradients = [], [], []
    for start, size in zip(specifications.model_starts, specifications.model_sizes, strict=True):
        pictures = specifications.features[start : start + size].astype(np.float64)
        point = reduced_point(pictures, gamma)
        points.append(point)
        weights.append(mean_kernel(pictures, point, gamma))
        gradients.append(np.abs(gradient(pictures, point, gamma)).max())
    return Rkme(specifications, gamma, np.array(points), np.array(weights), np.array(gradients))


def mean_kernel(pictures: Floats, point: Floats, gamma: float) -> float:
    """mu(x), the closed form of the weight at `point` (dim,) for `pictures` (n, dim)."""
    return float(_kernels(pictures, point, gamma).mean())


def gradient(pictures: Floats, point: Floats, gamma: float) -> Floats:
    """(dim,) gradient of ||1/N sum_j k(z_j, .) - b k(x, .)||^2 at x = `point`, b at its best."""
    kernels = _kernels(pictures, point, gamma)
    slope = 2 * gamma * (kernels @ (pictures - point)) / len(pictures)
    return np.asarray(-2 * kernels.mean() * slope)


def reduced_point(pictures: Floats, gamma: float) -> Floats:
    """(dim,) a point where `pictures` (n, dim) lie densest.

    A fixed-point search from the pictures' mean or the picture with the most others around it,
    whichever lies denser. A step goes to the mean of the pictures weighed by their kernels (mean
    shift), which never lowers the density; every few steps it tries to leap along the last step as
    far as its shrinking foretells, and takes the leap only where it lies denser.
    """
    point: Floats = _start(pictures, gamma)
    last = np.zeros_like(point)
    for step in range(MOST_STEPS):
        kernels = _kernels(pictures, point, gamma)
        if kernels.sum() <= 0 or np.abs(gradient(pictures, point, gamma)).max() <= GRADIENT:
            break
        move = np.asarray(kernels @ pictures / kernels.sum() - point, np.float64)
        moved, before = point + move, float(last @ last)
        if before and step % _STEPS_BETWEEN_LEAPS == 0:
            ratio = min(0.99, float(move @ last) / before)
            leap = point + move / (1 - ratio)
            denser = mean_kernel(pictures, leap, gamma) > mean_kernel(pictures, moved, gamma)
            moved = leap if ratio > 0 and denser else moved
        last, point = move, moved
    return point


def _start(pictures: Floats, gamma: float) -> Floats:
    densities = np.exp(-gamma * squared_distances(pictures, pictures)).mean(axis=1)
    densest, mean = pictures[int(densities.argmax())], pictures.mean(axis=0)
    denser = mean_kernel(pictures, mean, gamma) >= densities.max()
    return np.asarray(mean if denser else densest)


def _kernels(pictures: Floats, point: Floats, gamma: float) -> Floats:
    apart = pictures - point
    return np.asarray(np.exp(-gamma * np.einsum("nd,nd->n", apart, apart)))
