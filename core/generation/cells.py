"""The builder's plan: a grid of models x prompts, cut into batches that never change.

Batches are cut from the whole grid, not from what is missing of it: a run that was stopped makes
the same batches again, though part of their pictures is there, so each picture has the same
company, and so the same bits, as in an undisturbed run.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from itertools import groupby

from core.errors import GemboardError

SIZE_HIGH = 256  # pictures in a batch


class PlanError(GemboardError):
    """A grid that cannot be planned."""


@dataclass(frozen=True, order=True)
class Cell:
    """One picture of the grid."""

    model_version_id: int
    prompt_id: int


@dataclass(frozen=True)
class AskedModel:
    """A model of the grid; those of one base stand together, so that it too is loaded once."""

    model_version_id: int
    base: str = ""  # hash of the weights that a LoRA changes


@dataclass(frozen=True)
class AskedPrompt:
    """A prompt of the grid; pictures of one batch have one size."""

    prompt_id: int
    width: int  # px
    height: int  # px


@dataclass(frozen=True)
class PlannedBatch:
    """Pictures computed at once, always as many; padding repeats the last and is thrown away."""

    model_version_id: int
    width: int  # px
    height: int  # px
    prompt_ids: tuple[int, ...]  # one a place, padding included
    filled: int  # how many places, from the first, are no padding
    missing: tuple[Cell, ...]  # those whose pictures are to be kept

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell of the batch, padding aside."""
        return tuple(Cell(self.model_version_id, each) for each in self.prompt_ids[: self.filled])


def plan_grid(
    models: Iterable[AskedModel],
    prompts: Iterable[AskedPrompt],
    size: int,
    done: Set[Cell] = frozenset(),
) -> tuple[PlannedBatch, ...]:
    """The batches of `size` in which a cell is missing, each model's together, in a fixed order.

    The order of models and prompts as given does not count. Raises PlanError.
    """
    if not 1 <= size <= SIZE_HIGH:
        raise PlanError(f"Batches of {size} pictures cannot be made: take 1 to {SIZE_HIGH}.")
    ordered = sorted(models, key=lambda model: (model.base, model.model_version_id))
    _check_once("Model version", [model.model_version_id for model in ordered])
    rows = list(_rows(prompts, size))
    batches = (_batch(model.model_version_id, row, size, done) for model in ordered for row in rows)
    return tuple(batch for batch in batches if batch.missing)


def model_loads(batches: Iterable[PlannedBatch]) -> int:
    """How often a model is loaded where the batches run in order on one device."""
    return sum(1 for _ in groupby(batch.model_version_id for batch in batches))


def deal(batches: Iterable[PlannedBatch], devices: int) -> tuple[tuple[PlannedBatch, ...], ...]:
    """The batches for each device: whole models, the longest first to whom has least to do.

    Within a device the order of the plan is kept. Raises PlanError.
    """
    if devices < 1:
        raise PlanError(f"{devices} devices make no pictures: name at least one.")
    given = tuple(batches)
    lengths: dict[int, int] = {}
    for batch in given:
        lengths[batch.model_version_id] = lengths.get(batch.model_version_id, 0) + 1
    loads = [0] * devices
    device_of: dict[int, int] = {}
    for model, length in sorted(lengths.items(), key=lambda item: -item[1]):
        least = loads.index(min(loads))
        device_of[model] = least
        loads[least] += length
    return tuple(
        tuple(batch for batch in given if device_of[batch.model_version_id] == device)
        for device in range(devices)
    )


def _rows(prompts: Iterable[AskedPrompt], size: int) -> Iterable[tuple[AskedPrompt, ...]]:
    """The prompts of each batch of any model, padding aside."""
    ordered = sorted(prompts, key=lambda prompt: (prompt.width, prompt.height, prompt.prompt_id))
    _check_once("Prompt", [prompt.prompt_id for prompt in ordered])
    for _, group in groupby(ordered, key=lambda prompt: (prompt.width, prompt.height)):
        alike = tuple(group)
        for start in range(0, len(alike), size):
            yield alike[start : start + size]


def _batch(
    model_version_id: int, row: tuple[AskedPrompt, ...], size: int, done: Set[Cell]
) -> PlannedBatch:
    prompt_ids = tuple(prompt.prompt_id for prompt in row)
    padding = (prompt_ids[-1],) * (size - len(row))
    cells = (Cell(model_version_id, prompt_id) for prompt_id in prompt_ids)
    return PlannedBatch(
        model_version_id=model_version_id,
        width=row[0].width,
        height=row[0].height,
        prompt_ids=prompt_ids + padding,
        filled=len(row),
        missing=tuple(cell for cell in cells if cell not in done),
    )


def _check_once(kind: str, ids: list[int]) -> None:
    seen: set[int] = set()
    for each in ids:
        if each in seen:
            raise PlanError(f"{kind} {each} is asked for twice: name it once.")
        seen.add(each)
