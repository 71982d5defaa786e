"""Pictures that are computed at once, cut from all that was asked for, the same at every start.

Batches are cut from everything asked for, not from what is missing of it: a run that was stopped
makes the same batches again, though part of their pictures is there, so each picture has the same
company, and so the same bits, as in an undisturbed run.
"""

from collections.abc import Hashable, Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import groupby

from core.errors import GemboardError
from core.generation.recipe import BATCH_HIGH, identity
from core.generation.request import Request


class PlanError(GemboardError):
    """Pictures that cannot be planned."""


@dataclass(frozen=True)
class PlannedBatch:
    """Pictures computed at once by one pipeline; padding repeats the last and is thrown away."""

    requests: tuple[Request, ...]  # one a place, padding included
    filled: int  # how many places, from the first, are no padding
    missing: tuple[int, ...]  # places whose pictures are to be kept

    @property
    def weights(self) -> Hashable:
        """What must be loaded: the checkpoint, and each LoRA with its scale."""
        return _weights(self.requests[0])


def plan_batches(
    requests: Iterable[Request], size: int, *, pad: bool = False, done: Set[str] = frozenset()
) -> tuple[PlannedBatch, ...]:
    """The batches of at most `size` in which a picture is missing; each request once.

    Loading is the costly axis, so it is outermost: checkpoints in the order in which they are
    first asked for, in each its LoRAs likewise, then what one call can compute, in batches as even
    as can be. `done` holds identities whose pictures are there. With `pad`, batches of one call
    are equally long. Raises PlanError.
    """
    if not 1 <= size <= BATCH_HIGH:
        raise PlanError(f"Batches of {size} pictures cannot be made: take 1 to {BATCH_HIGH}.")
    once = {identity(request): request for request in requests}
    ordered = _in_order(list(once.items()))
    batches: list[PlannedBatch] = []
    for _, group in groupby(ordered, key=lambda item: _call(item[1])):
        alike = list(group)
        even = -(-len(alike) // -(-len(alike) // size))  # as many batches, evenly filled
        for start in range(0, len(alike), even):
            row = alike[start : start + even]
            missing = tuple(place for place, (name, _) in enumerate(row) if name not in done)
            if missing:
                places = [request for _, request in row]
                padding = [places[-1]] * (even - len(row) if pad else 0)
                batches.append(PlannedBatch((*places, *padding), len(row), missing))
    return tuple(batches)


def model_loads(batches: Iterable[PlannedBatch]) -> int:
    """How often weights are loaded where the batches run in order on one device."""
    return sum(1 for _ in groupby(batch.weights for batch in batches))


def deal(batches: Sequence[PlannedBatch], devices: int) -> tuple[tuple[PlannedBatch, ...], ...]:
    """The batches for each device: whole models, the longest first to whom has least to do.

    Within a device the order of the plan is kept. Raises PlanError.
    """
    if devices < 1:
        raise PlanError(f"{devices} devices make no pictures: name at least one.")
    lengths: dict[Hashable, int] = {}
    for batch in batches:
        lengths[batch.weights] = lengths.get(batch.weights, 0) + 1
    loads = [0] * devices
    device_of: dict[Hashable, int] = {}
    for weights, length in sorted(lengths.items(), key=lambda item: -item[1]):
        least = loads.index(min(loads))
        device_of[weights] = least
        loads[least] += length
    return tuple(
        tuple(batch for batch in batches if device_of[batch.weights] == device)
        for device in range(devices)
    )


def _in_order(items: list[tuple[str, Request]]) -> list[tuple[str, Request]]:
    """Sorted by checkpoint, LoRAs and call, each by its first appearance."""
    firsts: dict[Hashable, int] = {}
    for _, request in items:
        for key in (request.model.sha256, _weights(request), _call(request)):
            firsts.setdefault(key, len(firsts))
    return sorted(
        items,
        key=lambda item: (
            firsts[item[1].model.sha256],
            firsts[_weights(item[1])],
            firsts[_call(item[1])],
        ),
    )


def _weights(request: Request) -> Hashable:
    return request.model.sha256, tuple((lora.sha256, lora.scale) for lora in request.loras)


def _call(request: Request) -> Hashable:
    """Requests that one call of a pipeline can compute: all but prompts and seed is the same."""
    return (
        _weights(request),
        (request.width, request.height, request.steps, request.cfg_scale),
        (request.sampler, request.clip_skip, request.guidance_rescale),
    )
