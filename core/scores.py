"""CLIP score, mCos, APS and min-max, over many prompts at once (GEMRec, 3.2.1 and 3.2.2).

Rows are grouped: all rows of a prompt stand together, and `starts` holds the first row of each
prompt, ascending, beginning with 0. `core.reference` says the same in slow, readable loops.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]
Starts = npt.NDArray[np.int64]


def group_starts(keys: npt.NDArray[np.int64]) -> Starts:
    """First row of each run of equal `keys` (n,)."""
    if len(keys) == 0:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])).astype(np.int64)


def group_sizes(starts: Starts, count: int) -> npt.NDArray[np.int64]:
    """Rows of each group, for `count` rows in all."""
    return np.diff(np.append(starts, count)).astype(np.int64)


def unit_vectors(vectors: Vectors) -> Vectors:
    """`vectors` (n, dim) scaled to length 1; rows of zeros or not wholly finite become NaN."""
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
    directed = (lengths > 0) & np.isfinite(lengths)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(directed, vectors / lengths, np.nan).astype(np.float32)


def clip_scores(images: Vectors, texts: Vectors) -> Floats:
    """100 x cosine of each image (n, dim) with the text beside it (n, dim): `logits_per_text`."""
    cosines = np.einsum("nd,nd->n", unit_vectors(images), unit_vectors(texts), dtype=np.float64)
    return np.asarray(100.0 * cosines, dtype=np.float64)


def mean_cosines(vectors: Vectors, starts: Starts) -> Floats:
    """mCos of each image (n, dim) with all images of its prompt, itself included.

    Linear in the number of images: the mean cosine with a set is the dot product with the set's
    mean unit vector. A row without direction gets NaN and counts for nobody.
    """
    if len(vectors) == 0:
        return np.zeros(0)
    units = unit_vectors(vectors)
    valid = np.isfinite(units[:, 0])
    filled = np.where(valid[:, None], units, 0)
    sums = np.add.reduceat(filled, starts, axis=0, dtype=np.float64)
    counts = np.add.reduceat(valid, starts, dtype=np.float64)
    group = np.repeat(np.arange(len(starts)), group_sizes(starts, len(vectors)))
    with np.errstate(invalid="ignore", divide="ignore"):
        means = (sums / counts[:, None])[group]
    return np.where(valid, np.einsum("nd,nd->n", filled, means, dtype=np.float64), np.nan)


def average_pairwise_similarity(vectors: Vectors) -> float:
    """APS of one prompt's images (n, dim): the mean cosine over all pairs of different images.

    NaN with fewer than two images, since there is no pair.
    """
    units = unit_vectors(vectors).astype(np.float64)
    units = units[np.isfinite(units[:, 0])] if len(units) else units
    count = len(units)
    if count < 2:
        return float("nan")
    total = units.sum(axis=0)
    return float((total @ total - (units * units).sum()) / (count * (count - 1)))


def min_max(values: Floats, starts: Starts) -> Floats:
    """`values` (n,) scaled to [0, 1] within each group; NaN stays NaN and counts for nobody.

    Where all values of a group are equal the result is 0: nothing tells them apart.
    """
    if len(values) == 0:
        return np.zeros(0)
    halves = values / 2  # so that the span of enormous values is finite
    lowest = np.fmin.reduceat(halves, starts)
    highest = np.fmax.reduceat(halves, starts)
    group = np.repeat(np.arange(len(starts)), group_sizes(starts, len(values)))
    span = (highest - lowest)[group]
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = np.clip((halves - lowest[group]) / span, 0.0, 1.0)
    return np.where(np.isnan(values), np.nan, np.where(span > 0, scaled, 0.0))


def quality(values: Floats, starts: Starts, *, larger_is_better: bool) -> Floats:
    """Min-max within each group, turned so that larger is better: the q of the GRE-Score.

    A group of equal values gives 0 by min-max, hence 1 for a metric where smaller is better: it
    adds the same to every image of the prompt, and so moves no rank.
    """
    scaled = min_max(values, starts)
    return scaled if larger_is_better else 1.0 - scaled


def popularity(downloads: Floats) -> Floats:
    """log10(downloads + 1) of each model; NaN where the count is unknown."""
    return np.log10(downloads + 1.0)
