"""Simple ways to identify a model: what others download, mean features, nearest pictures."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.identification.specification import (
    Floats,
    Requirement,
    SpecificationError,
    SpecificationSet,
    Vectors,
)
from core.scores import unit_vectors


@dataclass(frozen=True)
class MostDownloaded:
    """The same answer to everything: the models by downloads, those without a count last."""

    specifications: SpecificationSet
    downloads: Floats  # (m,)

    def scores(self, requirement: Requirement) -> Floats:
        """(n_examples, m) downloads, negated; the examples are not looked at."""
        return np.tile(-self.downloads, (len(requirement.features), 1))


@dataclass(frozen=True)
class MeanCosine:
    """Cosine with the mean of a model's features, as the encoder gives them."""

    specifications: SpecificationSet
    means: Floats  # (m, dim) of length 1

    def scores(self, requirement: Requirement) -> Floats:
        """(n_examples, m) cosine, negated."""
        return -(_units(self.specifications, requirement) @ self.means.T)


@dataclass(frozen=True)
class Nearest:
    """The pictures nearest to an example by cosine vote, each for its model."""

    specifications: SpecificationSet
    voters: int
    units: Vectors  # (n, dim) pictures' features of length 1

    def scores(self, requirement: Requirement) -> Floats:
        """(n_examples, m) votes, negated; equal votes are ordered by a model's nearest picture."""
        known = self.specifications
        examples = _units(known, requirement).astype(np.float32)
        found = np.empty((len(examples), len(known.model_ids)))
        for row, example in enumerate(examples):
            cosines = self.units @ example
            voters = min(self.voters, len(cosines))
            near = np.argpartition(-cosines, voters - 1)[:voters]
            votes = np.bincount(known.models[near], minlength=len(known.model_ids))
            nearest = np.maximum.reduceat(cosines, known.model_starts)
            found[row] = -votes + (1 - nearest) / 4  # at most half a vote
        return found


def most_downloaded(
    specifications: SpecificationSet, downloads: Mapping[int, int | None]
) -> MostDownloaded:
    """The models by `downloads` of each model id."""
    counts = [downloads.get(int(model_id)) for model_id in specifications.model_ids]
    return MostDownloaded(
        specifications, np.array([-1.0 if count is None else count for count in counts])
    )


def mean_cosine(specifications: SpecificationSet) -> MeanCosine:
    """Mean features of all models."""
    sums = np.add.reduceat(
        specifications.features, specifications.model_starts, axis=0, dtype=np.float64
    )
    means = sums / specifications.model_sizes[:, None] + specifications.centre
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    return MeanCosine(specifications, means / np.where(lengths > 0, lengths, 1.0))


def nearest(specifications: SpecificationSet, voters: int) -> Nearest:
    """A vote of the `voters` nearest pictures, at least 1."""
    if voters < 1:
        raise SpecificationError("At least one picture must vote.")
    raw = specifications.features + specifications.centre
    return Nearest(specifications, voters, np.nan_to_num(unit_vectors(raw)))


def _units(specifications: SpecificationSet, requirement: Requirement) -> Floats:
    specifications.centred(requirement)  # refuses what does not fit
    units = unit_vectors(requirement.features)
    return np.nan_to_num(units).astype(np.float64)
