"""The work of one device: batches made, halved where memory is short, and told step by step."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from io import BytesIO
from typing import Any, Protocol

import numpy as np
from PIL import Image

from core.generation.devices import (
    DeviceMemoryError,
    GenerationCancelledError,
    MadeBatch,
    MadePicture,
    Step,
    Work,
)
from core.generation.png import png_with_recipe
from core.generation.recipe import Batch, Recipe, identity
from core.generation.request import Request
from core.generation.worker_messages import (
    batch_content,
    error_content,
    packed,
    read_work,
    step_content,
    unpacked,
)

PREVIEW_EVERY_S = 0.5
Previews = Callable[[], dict[int, bytes]]


class MakesPictures(Protocol):
    """What the worker needs of an engine (see engine.py)."""

    @property
    def device_name(self) -> str:
        """As recipes name it."""

    @property
    def precision(self) -> str:
        """Of the arithmetic."""

    @property
    def versions(self) -> tuple[tuple[str, str], ...]:
        """Libraries and their versions."""

    @property
    def words(self) -> str:
        """Device, precision and how memory is saved, in a line."""

    def load(
        self, request: Request, places: Mapping[str, Any], on_words: Callable[[str], None]
    ) -> None:
        """Load what the request needs."""

    def generate(
        self, requests: Sequence[Request], on_step: Callable[[int, int, Previews], None]
    ) -> list[Image.Image]:
        """One picture for each request."""


class JudgesPictures(Protocol):
    """What the worker needs of an NSFW checker (see safety.py)."""

    def scores(self, images: Sequence[Image.Image]) -> list[float]:
        """0 to 1 for each picture."""


class Worker:
    """Does what it is told, one thing after another."""

    def __init__(
        self,
        engine: MakesPictures,
        tell: Callable[[Mapping[str, Any]], None],
        checker: JudgesPictures | None = None,
    ) -> None:
        self.stopped: set[int] = set()  # numbers of messages whose work is no longer wanted
        self._engine = engine
        self._tell = tell
        self._checker = checker
        self._encoders: dict[str, Any] = {}

    def do(self, message: Mapping[str, Any]) -> None:
        """One message: the answer, or why there is none, is told."""
        number = message["id"]
        try:
            answer = getattr(self, f"_{message['kind']}")(number, message)
        except Exception as error:  # whoever asked shows it
            self._tell({"id": number, "kind": "failed", **error_content(error)})
        else:
            self._tell({"id": number, "kind": "done", **answer})

    def _warm(self, number: int, message: Mapping[str, Any]) -> dict[str, Any]:
        if message["work"] is not None:
            work = read_work(message["work"])
            self._engine.load(work.requests[0], work.places, self._say(number, work))
        return {"words": self._engine.words}

    def _make(self, number: int, message: Mapping[str, Any]) -> dict[str, Any]:
        work = read_work(message["work"])
        begun = time.perf_counter()
        self._engine.load(work.requests[0], work.places, self._say(number, work))
        loaded = time.perf_counter()
        pictures, largest = self._halving(number, work, tuple(range(len(work.requests))))
        words = ""
        if largest < len(work.requests):
            words = (
                f"The memory of {self._engine.device_name} holds {largest} of these pictures at a "
                f"time instead of {len(work.requests)}, so smaller batches were taken."
            )
        pictures.sort(key=lambda picture: picture.place)
        made = MadeBatch(tuple(pictures), loaded - begun, time.perf_counter() - loaded, words)
        return {**batch_content(made), "device": self._engine.words}

    def _features(self, number: int, message: Mapping[str, Any]) -> dict[str, Any]:
        encoder = self._encoder(message["encoder"], message["device"])
        parts = []
        if message["pictures"]:
            images = [Image.open(BytesIO(unpacked(data))) for data in message["pictures"]]
            parts.append(encoder.encode_images(images))
        if message["texts"]:
            parts.append(encoder.encode_texts(message["texts"]))
        dimension = encoder.identity.dimension
        vectors = np.concatenate([np.empty((0, dimension), np.float32), *parts])
        return {"vectors": packed(vectors.tobytes()), "encoder": asdict(encoder.identity)}

    def _encoder(self, spec: str, device: str) -> Any:
        if spec not in self._encoders:
            from core.encoders import load_encoder

            self._encoders = {spec: load_encoder(spec, device=device)}
        return self._encoders[spec]

    def _halving(
        self, number: int, work: Work, places: tuple[int, ...]
    ) -> tuple[list[MadePicture], int]:
        """The pictures of these places, and how many the memory held at a time."""
        if not set(places) & set(work.keep):
            return [], 0
        try:
            return self._batch(number, work, places), len(places)
        except DeviceMemoryError:
            if len(places) == 1:
                raise
        half = (len(places) + 1) // 2
        first, most = self._halving(number, work, places[:half])
        second, also = self._halving(number, work, places[half:])
        return first + second, max(most, also)

    def _batch(self, number: int, work: Work, places: tuple[int, ...]) -> list[MadePicture]:
        requests = [work.requests[place] for place in places]
        shown = 0.0

        def on_step(step: int, steps: int, previews: Previews) -> None:
            nonlocal shown
            if number in self.stopped:
                raise GenerationCancelledError
            found: dict[int, bytes] = {}
            if work.previews and step < steps and time.monotonic() - shown >= PREVIEW_EVERY_S:
                found = {places[each]: data for each, data in previews().items()}
                shown = time.monotonic()
            self._step(number, Step(step, steps, previews=found))

        self._step(number, Step(0, requests[0].steps))
        if number in self.stopped:
            raise GenerationCancelledError
        images = self._engine.generate(requests, on_step)
        members = tuple(identity(request) for request in requests)
        kept = [place for place in range(len(places)) if places[place] in work.keep]
        scores: list[float | None] = [None] * len(kept)
        if self._checker and kept:
            scores = [*self._checker.scores([images[place] for place in kept])]
        made = []
        for place, score in zip(kept, scores, strict=True):
            recipe = Recipe(
                requests[place],
                Batch(members, place),
                self._engine.device_name,
                self._engine.precision,
                self._engine.versions,
            )
            png = png_with_recipe(images[place], recipe)
            made.append(MadePicture(places[place], png, recipe, score))
        return made

    def _say(self, number: int, work: Work) -> Callable[[str], None]:
        def say(words: str) -> None:
            if number in self.stopped:
                raise GenerationCancelledError
            self._step(number, Step(0, work.requests[0].steps, words))

        return say

    def _step(self, number: int, step: Step) -> None:
        self._tell({"id": number, "kind": "step", **step_content(step)})
