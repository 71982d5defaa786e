"""Maps of pictures: features to places in the plane, fixed by a seed; later pictures join.

From ten different vectors up it is t-SNE (openTSNE), as GEMRec's graph view (4.1); below that t-SNE
has no neighbourhoods to keep, and the two principal axes of the few vectors are shown instead.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from core.errors import ProjectionCancelledError
from core.scores import Vectors

Points = npt.NDArray[np.float32]
Progress = Callable[[float], bool]  # share done, 0 to 1; answers whether to go on
Method = Literal["tsne", "axes"]

FEWEST = 10  # different vectors that t-SNE needs
LARGE = 3_000  # pictures from which interpolation (FIt-SNE) beats the Barnes-Hut tree
PLACED_ITERATIONS = 250
PLACED_NEIGHBOURS = 15  # nearest old pictures that pull a new one
EVERY_ITERATIONS = 25  # between two reports of progress
AXES_SCALE = 10.0  # unit vectors lie within 2 of each other: about the size of a t-SNE map
_BLOCK_ROWS = 1_024


@dataclass(frozen=True)
class ProjectionSettings:
    """All that a map depends on besides its vectors."""

    seed: int = 0
    reduced: int = 50  # principal components that t-SNE sees
    perplexity: float = 30.0  # lowered to a third of the pictures where there are few
    exaggerated_iterations: int = 250
    iterations: int = 500

    def told(self) -> dict[str, Any]:
        """As plain values, to be stored beside the map."""
        return asdict(self)


@dataclass(frozen=True)
class Projection:
    """Where each vector lies."""

    points: Points  # (n, 2)
    method: Method


class _KeptMap(np.ndarray):
    """What openTSNE asks of a map that it places into: this one has no interpolation grid."""

    interp_coeffs = None
    box_x_lower_bounds = None


def project(
    units: Vectors,
    settings: ProjectionSettings | None = None,
    *,
    on_progress: Progress | None = None,
) -> Projection:
    """Places of unit vectors (n, dim), n >= 1; equal input and settings give equal places.

    Euclidean distance between unit vectors orders them as the cosine does. One thread alone, since
    sums in another order move every place; two save little. Raises ProjectionCancelledError when
    `on_progress` answers False.
    """
    settings = settings or ProjectionSettings()
    method = method_for(units)
    with threadpool_limits(1, user_api="blas"):
        if method == "axes":
            return Projection(_on_axes(units, units, settings.seed), method)
        go_on = on_progress or (lambda share: True)
        return Projection(_tsne(units, settings, go_on), method)


def method_for(units: Vectors) -> Method:
    """What `project` draws these vectors with."""
    different = {row.tobytes() for row in units}
    return "tsne" if len(different) >= FEWEST else "axes"


def place(
    old_units: Vectors,
    old_points: Points,
    new_units: Vectors,
    method: Method,
    settings: ProjectionSettings | None = None,
    *,
    on_progress: Progress | None = None,
) -> Points:
    """Places of new unit vectors (m, dim) in a kept map; the old places are only read.

    Each new picture is placed by the old ones alone, so it lies where it would without the others.
    On a t-SNE map it starts at the median of its nearest old pictures and moves as in openTSNE's
    `transform`, which is not called itself because it recentres the kept map.
    """
    settings = settings or ProjectionSettings()
    if len(new_units) == 0:
        return np.zeros((0, 2), dtype=np.float32)
    with threadpool_limits(1, user_api="blas"):
        if method == "axes":
            return _on_axes(old_units, new_units, settings.seed)
        return _descend(old_units, old_points, new_units, on_progress or (lambda share: True))


def _tsne(units: Vectors, settings: ProjectionSettings, go_on: Progress) -> Points:
    from openTSNE import TSNE, affinity, initialization

    count, dimension = units.shape
    reduced = _principal(units, min(settings.reduced, count - 1, dimension), settings.seed)
    _report(go_on, 0.02)
    affinities = affinity.PerplexityBasedNN(
        reduced,
        perplexity=min(settings.perplexity, (count - 1) / 3),
        method="exact",
        n_jobs=1,
        random_state=settings.seed,
    )
    _report(go_on, 0.1)
    total = settings.exaggerated_iterations + settings.iterations
    done = 0

    def after_some(iteration: int, error: float, embedding: Any) -> None:
        nonlocal done
        done += EVERY_ITERATIONS
        _report(go_on, 0.1 + 0.9 * min(1.0, done / total))

    fitted = TSNE(
        early_exaggeration_iter=settings.exaggerated_iterations,
        n_iter=settings.iterations,
        negative_gradient_method="fft" if count >= LARGE else "bh",
        n_jobs=1,
        random_state=settings.seed,
        callbacks=after_some,
        callbacks_every_iters=EVERY_ITERATIONS,
    ).fit(
        affinities=affinities,
        initialization=initialization.pca(reduced, random_state=settings.seed),
    )
    return np.asarray(fitted, dtype=np.float32)


def _descend(old_units: Vectors, old_points: Points, new_units: Vectors, go_on: Progress) -> Points:
    from openTSNE import PartialTSNEEmbedding
    from openTSNE.affinity import joint_probabilities_nn

    rows, distances = nearest(old_units, new_units, PLACED_NEIGHBOURS)
    reference = old_points.astype(np.float64).view(_KeptMap)
    pull = joint_probabilities_nn(
        rows,
        distances,
        [rows.shape[1] / 3],
        symmetrize=False,
        normalization="point-wise",
        n_reference_samples=len(reference),
    )
    placed = PartialTSNEEmbedding(
        np.median(np.asarray(reference)[rows], axis=1),
        reference,
        pull,
        negative_gradient_method="bh",
        n_jobs=1,
    )
    for done in range(0, PLACED_ITERATIONS, EVERY_ITERATIONS):
        _report(go_on, done / PLACED_ITERATIONS)
        placed.optimize(
            n_iter=EVERY_ITERATIONS,
            learning_rate=0.1,
            exaggeration=1.5,
            momentum=0.8,
            max_grad_norm=0.25,
            inplace=True,
        )
    return np.asarray(placed, dtype=np.float32)


def nearest(
    old_units: Vectors, new_units: Vectors, count: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Rows of the `count` nearest old vectors of each new one, nearest first, and the distances."""
    count = min(count, len(old_units))
    rows = np.empty((len(new_units), count), dtype=np.int64)
    distances = np.empty((len(new_units), count))
    for first in range(0, len(new_units), _BLOCK_ROWS):
        block = slice(first, first + _BLOCK_ROWS)
        squared = np.clip(2 - 2 * (new_units[block] @ old_units.T), 0, None)
        order = np.argsort(squared, axis=1, kind="stable")[:, :count]
        rows[block] = order
        distances[block] = np.sqrt(np.take_along_axis(squared, order, axis=1))
    return rows, distances


def _principal(units: Vectors, components: int, seed: int) -> npt.NDArray[np.float64]:
    """The first principal components (n, components) of the vectors."""
    from sklearn.decomposition import PCA

    solver = "covariance_eigh" if len(units) > units.shape[1] else "full"
    pca = PCA(components, svd_solver=solver, random_state=seed)
    return np.asarray(pca.fit_transform(units), dtype=np.float64)


def _on_axes(old_units: Vectors, units: Vectors, seed: int) -> Points:
    """`units` along the two principal axes of `old_units`; seeded axes stand in for missing ones.

    With one vector, or equal ones, there is no axis: a direction drawn from the seed still tells
    later ones apart.
    """
    old = old_units.astype(np.float64)
    mean = old.mean(axis=0)
    _, lengths, found = np.linalg.svd(old - mean, full_matrices=False)
    drawn = np.random.default_rng(seed).standard_normal((2, old.shape[1]))
    candidates = np.concatenate([found[lengths > 1e-6], drawn])
    axes: list[npt.NDArray[np.float64]] = []
    for candidate in candidates:
        rest = candidate - sum((candidate @ axis) * axis for axis in axes)
        length = np.linalg.norm(rest)
        if len(axes) < 2 and length > 1e-9:
            axes.append(_with_sign(rest / length))
    flat = np.zeros((len(units), 2))
    for place_of, axis in enumerate(axes):  # one axis alone where vectors have one number
        flat[:, place_of] = (units.astype(np.float64) - mean) @ axis
    return (AXES_SCALE * flat).astype(np.float32)


def _with_sign(axis: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The axis turned so that its largest entry is positive: a decomposition may give either."""
    return axis if axis[np.abs(axis).argmax()] > 0 else -axis


def _report(go_on: Progress, share: float) -> None:
    if not go_on(share):
        raise ProjectionCancelledError
