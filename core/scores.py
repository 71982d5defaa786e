"""CLIP score, mCos, APS and min-max, over many prompts at once (GEMRec, 3.2.1 and 3.2.2).

Rows are grouped: all rows of a prompt stand together, and `starts` holds the first row of each
prompt, ascending, beginning with 0. `core.reference` says the same in slow, readable loops.
"""

import itertools

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]
Starts = npt.NDArray[np.int64]
_BLOCK_ROWS = 512  # so that a block in double precision stays in the cache


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
    exact, lengths = _with_lengths(vectors)
    with np.errstate(invalid="ignore"):
        return (exact / lengths[:, None]).astype(np.float32)


def clip_scores(images: Vectors, texts: Vectors) -> Floats:
    """100 x cosine of each image (n, dim) with the text beside it (n, dim): `logits_per_text`."""
    result = np.empty(len(images))
    for first in range(0, len(images), _BLOCK_ROWS):
        block = slice(first, first + _BLOCK_ROWS)
        image, image_lengths = _with_lengths(images[block])
        text, text_lengths = _with_lengths(texts[block])
        with np.errstate(invalid="ignore"):
            result[block] = 100.0 * _dots(image, text) / image_lengths / text_lengths
    return result


def mean_cosines(vectors: Vectors, starts: Starts) -> Floats:
    """mCos of each image (n, dim) with all images of its prompt, itself included.

    Linear in the number of images: the mean cosine with a set is the dot product with the set's
    mean unit vector. A row without direction gets NaN and counts for nobody.
    """
    result = np.full(len(vectors), np.nan)
    for first, stop in itertools.pairwise([*starts, len(vectors)]):
        block, lengths = _with_lengths(vectors[first:stop])
        directed = np.isfinite(lengths)
        block, lengths = block[directed], lengths[directed]
        if len(block):
            mean = (1 / lengths) @ block / len(block)
            result[first:stop][directed] = block @ mean / lengths
    return result


def average_pairwise_similarity(vectors: Vectors) -> float:
    """APS of one prompt's images (n, dim): the mean cosine over all pairs of different images.

    NaN with fewer than two images, since there is no pair.
    """
    block, lengths = _with_lengths(vectors)
    directed = np.isfinite(lengths)
    count = int(directed.sum())
    if count < 2:
        return float("nan")
    total = (1 / lengths[directed]) @ block[directed]
    return float((total @ total - count) / (count * (count - 1)))


def _with_lengths(vectors: Vectors) -> tuple[Floats, Floats]:
    """`vectors` (n, dim) in double precision and their lengths (n,), NaN for those without one."""
    exact = vectors.astype(np.float64)
    lengths = np.sqrt(_dots(exact, exact))
    return exact, np.where((lengths > 0) & np.isfinite(lengths), lengths, np.nan)


def _dots(a: Floats, b: Floats) -> Floats:
    """Dot product of each row of `a` with the row of `b` beside it."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.einsum("nd,nd->n", a, b))


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
