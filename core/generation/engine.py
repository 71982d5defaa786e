"""The engine: requests in, pictures out, on one device. torch is imported when it is first made."""

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import shortened
from core.generation.conditioning import check_alike, conditions
from core.generation.devices import WrongWeightsError
from core.generation.lora_files import Changes, read_changes
from core.generation.loras import LaidLoras
from core.generation.memory import MemoryPlan, default_precision, plan_memory
from core.generation.pipelines import (
    EngineError,
    apply_plan,
    as_pictures,
    load_pipeline,
    place_pipeline,
    release_pipeline,
    settle_pipeline,
    take_sampler,
    weights_bytes,
)
from core.generation.previews import Watch, render_previews
from core.generation.request import Lora, Request, Weights
from core.generation.samplers import find_sampler
from core.generation.torch_device import (
    describe_device,
    device_memory,
    free_caches,
    library_versions,
    memory_errors,
    prepare_device,
)
from core.generation.weights_hash import check_weights

if TYPE_CHECKING:
    from PIL import Image

_LoraKey = tuple[tuple[str, float], ...]  # hashes and scales: names decide nothing
Previews = Callable[[], dict[int, bytes]]
OnStep = Callable[[int, int, Previews], None]


@dataclass(frozen=True)
class _Loaded:
    """A checkpoint that is there."""

    sha256: str
    pipeline: Any
    laid: LaidLoras
    scheduler: Mapping[str, Any]  # options of the checkpoint's own scheduler
    bytes: int
    free_before: int  # bytes of the device before the weights came


class Engine:
    """Makes pictures on one device; one thread at a time."""

    def __init__(
        self, device: str = "cpu", *, memory: MemoryPlan | None = None, threads: int = 0
    ) -> None:
        """`device` is cpu, cuda or cuda:1; a given `memory` takes the place of the choice here.

        `threads` are those of the CPU, 0 as many as torch takes. Raises EngineError.
        """
        self._device = prepare_device(device, threads)
        self._kind = self._device.partition(":")[0]
        self._given = memory
        self._loaded: _Loaded | None = None
        self._laid: _LoraKey = ()
        self.device_name = describe_device(self._device)
        self.precision = memory.precision if memory else default_precision(self._kind)
        self.versions = library_versions()
        self.words = ""  # device, precision and how memory is saved, in a line for people
        self._take(memory)

    def load(
        self,
        request: Request,
        places: Mapping[str, Path],
        on_words: Callable[[str], None] = lambda words: None,
    ) -> None:
        """The checkpoint and the LoRAs of a request, each checked against its hash.

        What is there stays; an exception of `on_words` leaves the engine usable. Raises
        EngineError, WrongWeightsError and DeviceMemoryError.
        """
        wanted: tuple[Weights | Lora, ...] = (request.model, *request.loras)
        files = {each.sha256: _checked(each, places) for each in wanted}
        what = f"the model {shortened(request.model.name)}"
        with memory_errors(self._device, what, self.unload):
            self._load(request, files, on_words)

    def generate(self, requests: Sequence[Request], on_step: OnStep) -> "list[Image.Image]":
        """One picture per request, computed by one call, with what `load` loaded.

        `on_step` hears (step, steps, previews) after each evaluation of the model: some samplers
        make two a step. Its exceptions come through at once. Raises EngineError and
        DeviceMemoryError.
        """
        loaded, count, first = self._fitting(requests), len(requests), requests[0]
        what = f"{count} picture{'s' * (count != 1)} of {first.width} x {first.height} px at a time"
        with memory_errors(self._device, what):
            return self._generate(loaded, requests, on_step)

    def unload(self) -> None:
        """Forget the weights."""
        self._loaded, self._laid = None, ()
        self._take(self._given)
        gc.collect()
        free_caches(self._device)

    def _load(
        self, request: Request, files: Mapping[str, Path], on_words: Callable[[str], None]
    ) -> None:
        loaded = self._loaded
        if loaded is None or loaded.sha256 != request.model.sha256:
            on_words(f"Loading {shortened(request.model.name)}")
            self.unload()  # two checkpoints may not fit beside each other
            loaded = self._checkpoint(request, files[request.model.sha256])
        if _key(request.loras) != self._laid:
            self._lay(loaded, request.loras, files, on_words)

    def _checkpoint(self, request: Request, path: Path) -> _Loaded:
        pipeline = load_pipeline(path, request.model.name, self.precision)
        free, _ = device_memory(self._device)
        loaded = _Loaded(
            request.model.sha256,
            pipeline,
            LaidLoras(pipeline),
            dict(pipeline.scheduler.config),
            weights_bytes(pipeline),
            free,
        )
        self._take(plan := self._choose(loaded, request, 1))
        place_pipeline(pipeline, self._device, plan)
        self._loaded = loaded
        return loaded

    def _lay(
        self,
        loaded: _Loaded,
        loras: Sequence[Lora],
        files: Mapping[str, Path],
        on_words: Callable[[str], None],
    ) -> None:
        # All are read before a weight is touched: one that does not fit leaves things as they were.
        changes: list[tuple[Changes, float]] = []
        for lora in loras:
            on_words(f"Loading {shortened(lora.name)}")
            read = read_changes(loaded.pipeline, files[lora.sha256], lora.name)
            changes.append((read, lora.scale))
        assert self._plan is not None
        self._laid = ()
        if self._plan.offload == "sequential":  # its weights are elsewhere while it is placed
            release_pipeline(loaded.pipeline)
        try:
            loaded.laid.lay(changes)
        except BaseException:
            self._loaded = None  # half laid: the next request loads it anew
            raise
        if self._plan.offload == "sequential":
            place_pipeline(loaded.pipeline, self._device, self._plan)
        self._laid = _key(loras)

    def _fitting(self, requests: Sequence[Request]) -> _Loaded:
        check_alike(requests)
        loaded = self._loaded
        for each in requests:
            there = loaded and (loaded.sha256, self._laid) == (each.model.sha256, _key(each.loras))
            if not there:
                raise EngineError(f"The model {shortened(each.model.name)} was not loaded.")
        assert loaded is not None
        return loaded

    def _generate(
        self, loaded: _Loaded, requests: Sequence[Request], on_step: OnStep
    ) -> "list[Image.Image]":
        import torch

        first, pipeline = requests[0], loaded.pipeline
        plan = self._choose(loaded, first, len(requests))
        if self._plan is None or plan.offload != self._plan.offload:
            place_pipeline(pipeline, self._device, plan)
        self._take(plan)
        apply_plan(pipeline, plan)
        take_sampler(pipeline, loaded.scheduler, find_sampler(first.sampler))
        watch = Watch(pipeline.scheduler)

        def previews() -> dict[int, bytes]:
            if plan.offload != "none":  # it would send the weights to and fro
                return {}
            return render_previews(pipeline, watch.expected())

        def after(_: Any, step: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            on_step(step + 1, pipeline.num_timesteps, previews)
            return tensors

        try:
            output = pipeline(
                **conditions(pipeline, requests),
                width=first.width,
                height=first.height,
                num_inference_steps=first.steps,
                guidance_scale=first.cfg_scale,  # up to 1, diffusers computes without guidance
                guidance_rescale=first.guidance_rescale,
                # Noise is drawn on the CPU, so that devices agree on it. Its generator takes the
                # lower 32 bits of a seed alone, in any script.
                generator=[torch.Generator().manual_seed(request.seed) for request in requests],
                output_type="pt",
                callback_on_step_end=after,
            )
        finally:
            settle_pipeline(pipeline)
        return as_pictures(pipeline, output.images, first.model.name)

    def _take(self, plan: MemoryPlan | None) -> None:
        self._plan = plan
        saving = f"; {plan.words}" if plan and plan.words else ""
        self.words = f"{self.device_name}, {self.precision}{saving}"

    def _choose(self, loaded: _Loaded, request: Request, batch: int) -> MemoryPlan:
        if self._given is not None:
            return self._given
        return plan_memory(
            loaded.free_before,
            device_memory(self._device)[1],
            self._kind,
            loaded.bytes,
            request.width,
            request.height,
            batch,
        )


def _key(loras: Sequence[Lora]) -> _LoraKey:
    return tuple((lora.sha256, lora.scale) for lora in loras)


def _checked(weights: Weights | Lora, places: Mapping[str, Path]) -> Path:
    path = places.get(weights.sha256)
    if path is None:
        raise WrongWeightsError(
            f"The weights of {shortened(weights.name)} are not on this machine: add the model."
        )
    check_weights(path, weights.sha256)
    return path
