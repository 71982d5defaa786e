"""What a dataset lacks: the missing cells of a grid of models x prompts, as batches."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import GemboardError, NotFoundError
from core.generation.batches import PlannedBatch, model_loads, plan_batches
from core.generation.recipe import identity
from core.generation.request import Request
from warehouse.database import Warehouse
from warehouse.generation.catalogue import BaseSettings, UsableModel, base_settings, usable_models
from warehouse.generation.estimates import batch_size, expected_s
from warehouse.generation.orders import OrderedPicture


class BuildError(GemboardError):
    """A grid that cannot be built; its text says why and what to do."""


@dataclass(frozen=True)
class Wishes:
    """What the person asks of every picture, in place of what its prompt and base say."""

    steps: int | None = None
    cfg_scale: float | None = None
    sampler: str | None = None
    batch: int | None = None  # pictures computed at once


@dataclass(frozen=True)
class BuildPlan:
    """The grid, and the batches in which a cell is missing."""

    model_version_ids: tuple[int, ...]
    prompt_ids: tuple[int, ...]
    pictures: dict[str, OrderedPicture]  # identity -> whose cell it is, of every cell
    batches: tuple[PlannedBatch, ...]
    batch_size: int
    filled: int  # cells that hold a picture already
    loads: int
    seconds: float  # expected, on all devices together
    measured: bool  # False: nothing like it was made on these devices yet
    skipped: tuple[str, ...]  # models that `all` left out, and why

    @property
    def missing(self) -> int:
        """Cells to fill."""
        return sum(len(batch.missing) for batch in self.batches)


def plan_build(
    warehouse: Warehouse,
    model_version_ids: Sequence[int] | None,
    prompt_ids: Sequence[int] | None,
    devices: tuple[str, ...],
    wishes: Wishes | None = None,
) -> BuildPlan:
    """Plan the grid; None takes all models that are usable here, or all prompts.

    The same grid gives the same batches, however much of it is filled, so that a run which was
    stopped ends with the same bytes. Raises BuildError, NotFoundError and RequestError.
    """
    wishes = wishes or Wishes()
    models, skipped = _models(warehouse, model_version_ids)
    prompts = _prompts(warehouse, prompt_ids)
    bases = {model.base_model: base_settings(warehouse, model.base_model) for model in models}
    pictures: dict[str, OrderedPicture] = {}
    for model in models:
        for prompt in prompts:
            request = _request(model, prompt, bases[model.base_model], wishes)
            pictures[identity(request)] = OrderedPicture(
                request, model.model_version_id, prompt["prompt_id"]
            )
    requests = [picture.request for picture in pictures.values()]
    size = wishes.batch or batch_size(
        devices[0],
        max(request.width for request in requests),
        max(request.height for request in requests),
        at_once=False,
    )
    model_ids = tuple(model.model_version_id for model in models)
    ids = tuple(prompt["prompt_id"] for prompt in prompts)
    filled = set(
        warehouse.frame(
            "filled_cells", model_version_ids=list(model_ids), prompt_ids=list(ids)
        ).iter_rows()
    )
    done = {
        name
        for name, picture in pictures.items()
        if (picture.model_version_id, picture.prompt_id) in filled
    }
    batches = plan_batches(requests, size, pad=True, done=done)
    seconds, measured = expected_s(warehouse, devices[0], batches)
    return BuildPlan(
        model_ids,
        ids,
        pictures,
        batches,
        size,
        len(done),
        model_loads(batches),
        seconds / len(devices),
        measured,
        skipped,
    )


def shared_seed(prompt: dict[str, Any]) -> int:
    """The prompt's one seed, the same for all models; drawn from its number where it has none."""
    if prompt["seed"] is not None:
        return int(prompt["seed"])
    digest = hashlib.sha256(f"gemboard seed of prompt {prompt['prompt_id']}".encode()).digest()
    return int.from_bytes(digest[:4], "big")


def _models(
    warehouse: Warehouse, wanted: Sequence[int] | None
) -> tuple[list[UsableModel], tuple[str, ...]]:
    """Usable models in the order of their checkpoints and numbers, and which `all` left out."""
    known = {model.model_version_id: model for model in usable_models(warehouse)}
    missing = [version_id for version_id in wanted or () if version_id not in known]
    if missing:
        raise NotFoundError("model version", missing[0])
    asked = [known[version_id] for version_id in dict.fromkeys(wanted or known)]
    made_of: dict[object, UsableModel] = {}
    left: list[tuple[UsableModel, str]] = []
    for model in sorted(asked, key=lambda each: each.model_version_id):
        if model.checkpoint is None:
            left.append((model, model.problem))
            continue
        weights = model.checkpoint.sha256, tuple((each.sha256, each.scale) for each in model.loras)
        twin = made_of.setdefault(weights, model)
        if twin is not model:
            left.append((model, f"It has the same weights as {twin.model_version_id}."))
    if wanted and left:
        model, problem = left[0]
        raise BuildError(f"Model version {model.model_version_id} cannot be built. {problem}")
    if not made_of:
        raise BuildError(
            "No model here can make pictures: `python -m warehouse add model` brings one in."
        )
    ordered = sorted(
        made_of.values(),
        key=lambda each: (each.checkpoint.sha256 if each.checkpoint else "", each.model_version_id),
    )
    return ordered, tuple(f"{model.model_version_id}: {problem}" for model, problem in left)


def _prompts(warehouse: Warehouse, wanted: Sequence[int] | None) -> list[dict[str, Any]]:
    ids = None if wanted is None else list(wanted)
    rows = warehouse.frame("prompts_to_build", prompt_ids=ids).to_dicts()
    missing = sorted(set(wanted or ()) - {row["prompt_id"] for row in rows})
    if missing:
        raise NotFoundError("prompt", missing[0])
    if not rows:
        raise BuildError("There are no prompts yet: `python -m warehouse import` brings some in.")
    return rows


def _request(
    model: UsableModel, prompt: dict[str, Any], base: BaseSettings, wishes: Wishes
) -> Request:
    assert model.checkpoint is not None
    cfg_scale = wishes.cfg_scale if wishes.cfg_scale is not None else prompt["cfg_scale"]
    try:
        return Request(
            prompt["prompt"],
            model.checkpoint,
            shared_seed(prompt),
            negative_prompt=prompt["negative_prompt"],
            loras=model.loras,
            width=prompt["width"] or base.width,
            height=prompt["height"] or base.height,
            steps=wishes.steps or base.steps,
            cfg_scale=base.cfg_scale if cfg_scale is None else cfg_scale,
            sampler=wishes.sampler or prompt["sampler"] or base.sampler,
            guidance_rescale=base.guidance_rescale,
        )
    except GemboardError as error:
        raise BuildError(f"Prompt {prompt['prompt_id']}: {error}") from error
