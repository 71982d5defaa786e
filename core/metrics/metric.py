"""What a metric is: a name, what it measures, and how to compute it over pictures and prompts.

A file of this package that holds `METRIC = ...` of one of the three kinds below is a metric. Each
gives NaN where it has no value.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from core.scores import Starts

if TYPE_CHECKING:
    from PIL import Image

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]


class Scope(StrEnum):
    """Among what a value is normalised."""

    PROMPT = "prompt"  # the shown pictures of its prompt
    MODELS = "models"  # all models; for a metric of pictures, all shown pictures


@dataclass(frozen=True)
class Features:
    """Features by one encoder of the k pictures that have them, beside those of their prompts."""

    encoder: str
    rows: Ints  # (k,) rows of `Pictures`, ascending
    images: Vectors  # (k, dim), as the encoder gives them
    texts: Vectors  # (k, dim), NaN where the prompt has none


@dataclass(frozen=True)
class Pictures:
    """n pictures of the warehouse: the shown ones prompt by prompt, then those that are hidden."""

    image_ids: tuple[str, ...]  # (n,)
    prompt_ids: Ints  # (n,)
    model_version_ids: Ints  # (n,)
    nsfw_scores: Floats  # (n,) NaN where nobody told
    shown: int  # the first so many are not hidden
    starts: Starts  # first row of each prompt among the shown ones
    prompts: Mapping[int, str]  # text by prompt_id
    features: Features | None  # by the scoring encoder


@dataclass(frozen=True)
class Roster:
    """All m models, with pictures or without."""

    model_version_ids: Ints  # (m,) ascending
    downloads: Floats  # (m,) NaN where unknown


def nothing_else() -> str:
    """What most metrics depend on beside their input."""
    return ""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """What every metric says of itself; `label` and `description` are for the screen.

    A change of how it is computed raises `version`: kept values of others are computed anew.
    """

    name: str
    label: str
    description: str
    larger_is_better: bool = True
    scope: Scope = Scope.PROMPT
    version: int = 1
    depends_on: Callable[[], str] = nothing_else  # such as the hash of a file that it reads

    @property
    def origin(self) -> str:
        """Name and version, as kept beside the values that it gave."""
        return f"{self.name} {self.version} {self.depends_on()}".strip()


@dataclass(frozen=True, kw_only=True)
class GridMetric(Metric):
    """Computed over all pictures at once, from their features, prompts and neighbours."""

    compute: Callable[[Pictures], Floats]  # (n,)


@dataclass(frozen=True, kw_only=True)
class PictureMetric(Metric):
    """Read from the pixels of one picture: upright, in RGB, transparent parts on white.

    Measured once per content and kept.
    """

    measure: "Callable[[Image.Image], float]"


@dataclass(frozen=True, kw_only=True)
class ModelMetric(Metric):
    """Of a model, the same for all its pictures; normalised among all models of the roster."""

    scope: Scope = Scope.MODELS
    compute: Callable[[Roster], Floats]  # (m,)
