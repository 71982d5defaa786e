"""What makes pictures: one runner per device, whoever stands behind it.

The runner that ships is a process per device (`worker_process.py`); a Ray actor can take its place
by offering the same four methods, since work and answers are plain values.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from core.encoders import EncoderIdentity
from core.errors import GemboardError
from core.generation.recipe import Recipe
from core.generation.request import Request


class GenerationError(GemboardError):
    """Pictures that could not be made; its text says why and what to do."""


class GenerationCancelledError(GenerationError):
    """Somebody stopped it."""

    def __init__(self) -> None:
        super().__init__("Stopped.")


class DeviceMemoryError(GenerationError):
    """The device's memory does not hold a batch of this size."""


class WrongWeightsError(GenerationError):
    """A weights file is not what its hash says, or is not there."""


class DeviceLostError(GenerationError):
    """The process of the device ended in the middle of its work."""


@dataclass(frozen=True)
class Work:
    """One batch for a device."""

    requests: tuple[Request, ...]  # one a place, all computed by one call
    keep: tuple[int, ...]  # places whose pictures are wanted
    places: Mapping[str, Path]  # SHA-256 of weights -> where they lie, absolute
    previews: bool = False  # whether steps show what there is so far


@dataclass(frozen=True)
class Step:
    """How far a batch is."""

    step: int  # 1 to steps; 0 while weights are loaded
    steps: int
    words: str = ""  # what is being done, where it is no step
    previews: Mapping[int, bytes] | None = None  # place -> WebP of the picture so far


@dataclass(frozen=True)
class MadePicture:
    """A finished picture."""

    place: int
    png: bytes  # with both texts (see png.py)
    recipe: Recipe
    nsfw_score: float | None  # None: there is no checker


@dataclass(frozen=True)
class MadeBatch:
    """What became of one batch."""

    pictures: tuple[MadePicture, ...]  # one for each place in `keep`
    load_s: float
    make_s: float
    words: str = ""  # what a person should know: a smaller batch was taken, ...


OnStep = Callable[[Step], None]


class DeviceRunner(Protocol):
    """One device; its methods are called by one thread at a time and block until done."""

    @property
    def name(self) -> str:
        """As torch names it: cpu, cuda:0."""

    @property
    def words(self) -> str:
        """Device, precision and how memory is saved, in a line; empty until it has started."""

    def warm(self, work: Work | None) -> None:
        """Start, and load the weights of `work`, so that the next batch begins at once."""

    def make(self, work: Work, on_step: OnStep, stopped: Callable[[], bool]) -> MadeBatch:
        """The pictures of one batch.

        `stopped` is asked between steps. Raises GenerationError and its kinds.
        """

    def features(
        self, encoder: str, pictures: Sequence[bytes], texts: Sequence[str]
    ) -> tuple[EncoderIdentity, np.ndarray]:
        """Which encoder the spec names, and features by it, (n_pictures + n_texts, dim) float32."""

    def close(self) -> None:
        """Give the device back."""
