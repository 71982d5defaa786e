"""What all methods of identification have in common: examples in, one score per model out."""

from typing import Literal, Protocol, get_args

import numpy as np

from core.identification.specification import Floats, Requirement, SpecificationSet

MethodName = Literal["most-downloaded", "rkme", "mean-cosine", "nearest", "moments", "pmi", "best"]
METHODS: tuple[MethodName, ...] = get_args(MethodName)


class Matcher(Protocol):
    """A method fitted to specifications.

    The scores of several examples together are the mean of their scores, in every method here:
    Eq. 9 is such a mean, for RKME and mean features it orders the models as the distance to the
    mean of the examples does, and log-likelihoods and votes add up.
    """

    @property
    def specifications(self) -> SpecificationSet:
        """What it was fitted to; scores come in the order of its model_ids."""
        ...

    def scores(self, requirement: Requirement) -> Floats:
        """(n_examples, m) of each example and model; the lowest is the best match."""
        ...


def combined(scores: Floats) -> Floats:
    """(m,) of several examples together, of their `scores` (n_examples, m)."""
    return np.asarray(scores.mean(axis=0))
