"""Our own method: how likely an example is, given what each model would make of its caption.

1. `core.identification.style` foretells the features of every model's picture for the caption, from
   pictures of other prompts.
2. How such forecasts miss is known from leaving each specification prompt out: seeds, and content
   that words do not tell. Whitening by the covariance of the misses (shrunk) lets the directions
   in which content varies count little and those in which only style varies count much.
3. In the whitened space a model's own misses shape its own covariance, (1 - share) I + share S_m: a
   model that is always sharp, or always one hue, is told from one that sometimes is. The score is
   the negative log-likelihood, less its constant.

Steps 2 and 3 are a regularised quadratic discriminant (Friedman, "Regularized Discriminant
Analysis", JASA 1989) of misses. An example without a caption is scored by a second fit that
foretells without words; a caption may be beside the point, so an example with one is scored by a
mixture of both fits. Log-likelihoods of several examples add up. Memory for m models of p
prompts and r directions, in single precision and per fit: 4 m p r bytes of weights and 4 m r^2 of
precisions (5,000 models of 61 prompts at 64 directions: 78 MB and 82 MB).
"""

from dataclasses import dataclass

import numpy as np
import scipy.linalg

from core.identification.specification import (
    Floats,
    Requirement,
    SpecificationError,
    SpecificationSet,
    Vectors,
)
from core.identification.style import NO_WORDS, WORDS, Forecasts, Reading, Words, forecasts

DOUBT = 0.2  # chance that a caption says nothing of its picture: set by us, not tuned
_BLOCK_ROWS = 1 << 14
_MOST_MISSES = 1 << 16  # drawn at random: plenty for a covariance


@dataclass(frozen=True)
class BestOptions:
    """What is tuned, by leave-one-prompt-out."""

    words: Words = WORDS
    share: float = 0.2  # of a model's own covariance, in [0, 1)
    shrinkage: float = 0.01  # of the misses' covariance towards a sphere
    directions: int = 64  # kept at most, those first in which models differ most


DEFAULT = BestOptions()
OPTIONS: tuple[BestOptions, ...] = tuple(
    BestOptions(words, share)
    for words in (Words(style=0.0, style_noise=1.0), Words(reach=1.0, style=3.0), WORDS)
    for share in (0.0, 0.1, 0.2, 0.3)
)


@dataclass(frozen=True)
class Discriminant:
    """One fit, in whitened directions."""

    reading: Reading
    whitening: Floats  # (dim, r)
    styles: Vectors  # (c, r) weights of each cell for its model's style
    precisions: Vectors  # (m, r, r)
    log_determinants: Floats  # (m,) of the covariances
    log_scale: float  # log of the volume that whitening makes of one; tells fits from each other

    def scores(self, requirement: Requirement) -> Floats:
        """(n_examples, m) negative log-likelihood less its constant."""
        known = self.reading.specifications
        nearness = self.reading.nearness(requirement)
        examples = known.centred(requirement) - self.reading.content(nearness)
        seen = (examples @ self.whitening).astype(np.float32)
        weights = (1 + self.reading.words.style * nearness).astype(np.float32)
        found = np.empty((len(seen), len(known.model_ids)))
        for row, example in enumerate(seen):
            apart = example - self._styles(weights[:, row])
            turned = np.matmul(self.precisions, apart[:, :, None])[:, :, 0]
            found[row] = (np.einsum("mr,mr->m", turned, apart) + self.log_determinants) / 2
        return found - self.log_scale

    def _styles(self, weights: Vectors) -> Vectors:
        """(m, r) style of every model, for a caption as near to the prompts as `weights` (p,)."""
        known = self.reading.specifications
        models, prompts = len(known.model_ids), len(known.prompt_ids)
        if known.complete:
            by_model = self.styles.reshape(models, prompts, -1)
            return np.asarray(np.matmul(weights, by_model), np.float32)
        weighed = self.styles * weights[known.cell_prompts, None]
        return np.asarray(np.add.reduceat(weighed, known.model_cells, axis=0), np.float32)


@dataclass(frozen=True)
class Best:
    """Two fits: one reads captions, one does without."""

    specifications: SpecificationSet
    options: BestOptions
    worded: Discriminant
    wordless: Discriminant

    def scores(self, requirement: Requirement) -> Floats:
        """(n_examples, m) negative log-likelihood less its constant.

        Raises SpecificationError where the examples' features do not fit.
        """
        self.specifications.centred(requirement)
        found = self.wordless.scores(requirement.without_captions())
        worded = requirement.worded
        if worded.any():
            part = Requirement(requirement.features[worded], requirement.captions[worded])
            with_words = np.log(1 - DOUBT) - self.worded.scores(part)
            found[worded] = -np.logaddexp(with_words, np.log(DOUBT) - found[worded])
        return found


def best(specifications: SpecificationSet, options: BestOptions = DEFAULT) -> Best:
    """Fits with and without captions."""
    return Best(
        specifications,
        options,
        discriminant(specifications, options, options.words),
        discriminant(specifications, options, NO_WORDS),
    )


def discriminant(
    specifications: SpecificationSet, options: BestOptions, words: Words
) -> Discriminant:
    """One fit of whitening, styles and covariances.

    Raises SpecificationError for a share outside [0, 1) or a shrinkage outside (0, 1].
    """
    if not (0 <= options.share < 1 and 0 < options.shrinkage <= 1):
        raise SpecificationError("The share lies from 0 to below 1, the shrinkage above 0 to 1.")
    found = forecasts(specifications, words)
    whitening = _whitening(found, options)
    misses = _projected(found.misses, whitening)
    precisions, log_determinants = _own(specifications, misses, options.share)
    styles = _projected(found.styles, whitening)
    log_scale = float(np.linalg.slogdet(whitening.T @ whitening)[1]) / 2
    return Discriminant(found.reading, whitening, styles, precisions, log_determinants, log_scale)


def _whitening(found: Forecasts, options: BestOptions) -> Floats:
    """(dim, r) to coordinates in which misses have covariance I, most telling directions first."""
    dim = found.misses.shape[1]
    covariance = np.zeros((dim, dim))
    some = found.misses
    if len(some) > _MOST_MISSES:
        drawn = np.random.default_rng(0).choice(len(some), _MOST_MISSES, replace=False)
        some = some[np.sort(drawn)]
    for first in range(0, len(some), _BLOCK_ROWS):
        block = some[first : first + _BLOCK_ROWS].astype(np.float64)
        covariance += block.T @ block
    covariance /= max(1, len(some))
    mean = float(np.trace(covariance)) / dim
    if mean <= 0:
        raise SpecificationError(
            "The specifications' pictures do not vary: pictures of two prompts are the least."
        )
    covariance *= 1 - options.shrinkage
    covariance[np.diag_indices(dim)] += options.shrinkage * mean
    values, vectors = scipy.linalg.eigh(covariance)
    whitening = np.asarray(vectors / np.sqrt(values))
    if options.directions >= dim:
        return whitening
    known = found.reading.specifications
    sums = np.add.reduceat(found.styles, known.model_cells, axis=0, dtype=np.float64)
    apart = (sums - sums.mean(axis=0)) @ whitening
    # Beyond the rank of the models' means, which directions come out is left to rounding.
    most = min(options.directions, max(1, len(apart) - 1))
    _, turned = scipy.linalg.eigh(apart.T @ apart)
    return np.asarray(whitening @ turned[:, ::-1][:, :most])


def _own(known: SpecificationSet, misses: Vectors, share: float) -> tuple[Vectors, Floats]:
    """Precisions (m, r, r) and log-determinants (m,) of the models' covariances."""
    directions = misses.shape[1]
    precisions = np.empty((len(known.model_ids), directions, directions), np.float32)
    log_determinants = np.empty(len(precisions))
    for place, (start, size) in enumerate(zip(known.model_starts, known.model_sizes, strict=True)):
        own = misses[start : start + size].astype(np.float64)
        covariance = share * (own.T @ own) / size
        covariance[np.diag_indices(directions)] += 1 - share
        factor = scipy.linalg.cholesky(covariance, lower=True)
        log_determinants[place] = 2 * np.log(np.diag(factor)).sum()
        precisions[place] = scipy.linalg.cho_solve((factor, True), np.eye(directions))
    return precisions, log_determinants


def _projected(rows: Vectors, whitening: Floats) -> Vectors:
    """`rows` (n, dim) in whitened coordinates (n, r)."""
    return np.asarray(rows @ whitening.astype(np.float32))
