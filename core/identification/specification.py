"""What is known of each model: features of its pictures, and of the prompts they were made for.

Zhou et al., "CGI: Identifying Conditional Generative Models with Example Images", Eq. 3 to 5 and 8.
All models' specifications stand in one table, sorted by model, then prompt. Features are stored
less their overall mean: distances stay what they are, and keep more digits in single precision.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from core.errors import GemboardError
from core.scores import unit_vectors

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]


class SpecificationError(GemboardError):
    """Specifications or requirements cannot be made of what is given."""


@dataclass(frozen=True)
class Specification:
    """One model's specification {Z, Q} (Eq. 5); a prompt with several pictures has several rows."""

    model_id: int
    prompt_ids: Ints  # (n_pictures,) ascending
    features: Vectors  # (n_pictures, dim) Z, as the encoder gives them
    texts: Vectors  # (n_pictures, text_dim) Q, the prompt's features once for each picture
    squared_norms: Floats  # (n_pictures,) of Z


@dataclass(frozen=True)
class Requirement:
    """What a person shows (Eq. 8): examples, and what each of them shows in words."""

    features: Vectors  # (n_examples, dim) as the encoder gives them
    captions: Vectors  # (n_examples, text_dim); a row of NaN where there is no caption

    @cached_property
    def worded(self) -> npt.NDArray[np.bool_]:
        """(n_examples,) whether an example has a caption with a direction."""
        exact = self.captions.astype(np.float64)
        return np.asarray(np.isfinite(exact).all(axis=1) & exact.any(axis=1))

    def without_captions(self) -> Self:
        """The same examples, nothing said of them."""
        return type(self)(self.features, np.full_like(self.captions, np.nan))


@dataclass(frozen=True)
class SpecificationSet:
    """The specifications of m models over p prompts, n pictures in all."""

    model_ids: Ints  # (m,) ascending; each has a picture
    prompt_ids: Ints  # (p,) ascending; each has a picture
    texts: Vectors  # (p, text_dim) Q, as the encoder gives them
    features: Vectors  # (n, dim) Z less `centre`, sorted by model, then prompt
    centre: Vectors  # (dim,)
    models: Ints  # (n,) places in model_ids, ascending
    prompts: Ints  # (n,) places in prompt_ids, ascending within a model

    @cached_property
    def squared_norms(self) -> Vectors:
        """(n,) squared length of each row of `features`."""
        return np.asarray(np.einsum("nd,nd->n", self.features, self.features), np.float32)

    @cached_property
    def text_units(self) -> Vectors:
        """(p, text_dim) prompts' features of length 1."""
        return unit_vectors(self.texts)

    @cached_property
    def model_starts(self) -> Ints:
        """(m,) first picture of each model."""
        return np.searchsorted(self.models, np.arange(len(self.model_ids))).astype(np.int64)

    @cached_property
    def model_sizes(self) -> Ints:
        """(m,) pictures of each model: N_m of Eq. 9."""
        return np.bincount(self.models, minlength=len(self.model_ids)).astype(np.int64)

    @cached_property
    def cell_starts(self) -> Ints:
        """(c,) first picture of each cell, which is to say of a model's pictures of a prompt."""
        key = self.models * max(1, len(self.prompt_ids)) + self.prompts
        return np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])).astype(np.int64)

    @cached_property
    def cell_sizes(self) -> Ints:
        """(c,) pictures of each cell."""
        return np.diff(np.append(self.cell_starts, len(self.models))).astype(np.int64)

    @cached_property
    def cell_models(self) -> Ints:
        """(c,) the model of each cell, ascending."""
        return self.models[self.cell_starts]

    @cached_property
    def cell_prompts(self) -> Ints:
        """(c,) the prompt of each cell."""
        return self.prompts[self.cell_starts]

    @cached_property
    def model_cells(self) -> Ints:
        """(m,) first cell of each model."""
        return np.searchsorted(self.cell_models, np.arange(len(self.model_ids))).astype(np.int64)

    @cached_property
    def complete(self) -> bool:
        """Whether every model has pictures of every prompt."""
        return len(self.cell_starts) == len(self.model_ids) * len(self.prompt_ids)

    def centred(self, requirement: Requirement) -> Vectors:
        """(n_examples, dim) of the examples, in the coordinates of `features`.

        Raises SpecificationError where another encoder's features, or none, are given.
        """
        given = requirement.features
        if given.ndim != 2 or given.shape[1] != self.features.shape[1] or not len(given):
            raise SpecificationError(
                f"The examples' features have shape {given.shape}; "
                f"the specifications want (examples, {self.features.shape[1]})."
            )
        if not np.isfinite(given).all():
            raise SpecificationError("An example's features are not finite numbers.")
        return np.asarray(given - self.centre, np.float32)

    def cosines(self, requirement: Requirement) -> Vectors:
        """(p, n_examples) w = cos(q_j, q'_i) of Eq. 9; NaN where an example has no caption."""
        captions = np.where(requirement.worded[:, None], requirement.captions, np.nan)
        return np.asarray(self.text_units @ unit_vectors(captions).T, np.float32)

    def rows(self, keep: npt.NDArray[np.bool_]) -> Self:
        """The specifications of the pictures that `keep` (n,) names, same centre."""
        if not keep.any():
            raise SpecificationError("No picture is left to specify a model by.")
        models, model_places = np.unique(self.models[keep], return_inverse=True)
        prompts, prompt_places = np.unique(self.prompts[keep], return_inverse=True)
        return type(self)(
            self.model_ids[models],
            self.prompt_ids[prompts],
            self.texts[prompts],
            self.features[keep],
            self.centre,
            model_places.astype(np.int64),
            prompt_places.astype(np.int64),
        )

    def without_prompts(self, prompt_ids: Sequence[int]) -> Self:
        """The same without the pictures of some prompts; models left without any are gone."""
        return self.rows(~np.isin(self.prompt_ids[self.prompts], prompt_ids))

    def requirement(self, rows: Ints) -> Requirement:
        """Pictures of the specifications as examples, captioned by the prompts themselves."""
        return Requirement(self.features[rows] + self.centre, self.texts[self.prompts[rows]])

    def __iter__(self) -> Iterator[Specification]:
        for place, model_id in enumerate(self.model_ids):
            start = self.model_starts[place]
            own = slice(start, start + self.model_sizes[place])
            features = self.features[own] + self.centre
            exact = features.astype(np.float64)
            yield Specification(
                int(model_id),
                self.prompt_ids[self.prompts[own]],
                features,
                self.texts[self.prompts[own]],
                np.einsum("nd,nd->n", exact, exact),
            )


def specification_set(
    features: Vectors, model_ids: Ints, prompt_ids: Ints, known_prompts: Ints, texts: Vectors
) -> SpecificationSet:
    """Specifications of pictures `features` (n, dim) of `model_ids` (n,) for `prompt_ids` (n,).

    `texts` (k, text_dim) are the features of `known_prompts` (k,), as the encoder gives them.
    Raises SpecificationError where there is no picture, a vector is not finite, or a prompt that
    has a picture has no text features.
    """
    if not len(features):
        raise SpecificationError("There is no picture to specify a model by.")
    finite = np.isfinite(features).all(axis=1)
    if not finite.all():
        row = int(np.flatnonzero(~finite)[0])
        raise SpecificationError(
            f"A picture of model {model_ids[row]} for prompt {prompt_ids[row]} has features that "
            "are not finite numbers."
        )
    order = np.lexsort((prompt_ids, model_ids))
    models, model_places = np.unique(model_ids[order], return_inverse=True)
    prompts, prompt_places = np.unique(prompt_ids[order], return_inverse=True)
    row_of = {int(prompt): row for row, prompt in enumerate(known_prompts)}
    worded = [p in row_of and bool(np.isfinite(texts[row_of[p]]).all()) for p in prompts.tolist()]
    if not all(worded):
        raise SpecificationError(f"Prompt {prompts[worded.index(False)]} has no text features.")
    centre = features.mean(axis=0, dtype=np.float64).astype(np.float32)
    return SpecificationSet(
        models.astype(np.int64),
        prompts.astype(np.int64),
        np.asarray(texts[[row_of[p] for p in prompts.tolist()]], np.float32),
        np.asarray(features, np.float32)[order] - centre,
        centre,
        model_places.astype(np.int64),
        prompt_places.astype(np.int64),
    )
