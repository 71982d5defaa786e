"""How examples are captioned: as typed, by the nearest prompt that is known, or not at all."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from core.identification.matching import Matcher
from core.identification.specification import (
    Floats,
    Ints,
    Requirement,
    SpecificationSet,
    Vectors,
)
from core.scores import unit_vectors

Wording = Literal["typed", "nearest", "none"]
WORDINGS: tuple[Wording, ...] = get_args(Wording)


@dataclass(frozen=True)
class Reworded:
    """A method that is given other captions than the examples come with."""

    matcher: Matcher
    wording: Wording

    @property
    def specifications(self) -> SpecificationSet:
        """What the method was fitted to."""
        return self.matcher.specifications

    def scores(self, requirement: Requirement) -> Floats:
        """(n_examples, m) as the method gives them."""
        return self.matcher.scores(reworded(self.specifications, requirement, self.wording))


def reworded(
    specifications: SpecificationSet, requirement: Requirement, wording: Wording
) -> Requirement:
    """The same examples, captioned by the prompts of `specifications` or not at all."""
    if wording == "typed":
        return requirement
    if wording == "none":
        return requirement.without_captions()
    nearest, _ = nearest_texts(requirement.features, specifications.texts)
    return Requirement(requirement.features, specifications.texts[nearest])


def nearest_texts(features: Vectors, texts: Vectors) -> tuple[Ints, Floats]:
    """(n_examples,) row of `texts` (p, dim) with the greatest cosine, and that cosine."""
    cosines = np.nan_to_num(unit_vectors(features) @ unit_vectors(texts).T, nan=-1.0)
    return cosines.argmax(axis=1).astype(np.int64), cosines.max(axis=1).astype(np.float64)
