"""What the warehouse already holds, and which incoming rows contradict it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from core.errors import RowError
from warehouse.database import Warehouse
from warehouse.importers.rows import Row
from warehouse.records import ImageRecord, ModelRecord, PromptRecord

T = TypeVar("T")
_IDENTITY = ("prompt", "negative_prompt", "width", "height", "seed")
_RECIPE = ("seed", "steps", "cfg_scale", "sampler")
_FILE_COLUMNS = {
    "negative_prompt": "negativePrompt",
    "width": "size",
    "height": "size",
    "cfg_scale": "cfgScale",
}


def repeated(key: Callable[[Row, T], str], column: str) -> Callable[[Row, T], RowError | None]:
    """A check that `key` is met once alone; a repeated one is refused at `column`."""
    seen: dict[str, tuple[str, int]] = {}

    def check(row: Row, parsed: T) -> RowError | None:
        place = (row.file, row.number)
        first = seen.setdefault(key(row, parsed), place)
        if first == place:
            return None
        where = f"row {first[1]}" if first[0] == row.file else f"{first[0]}, row {first[1]}"
        return row.error(column, f"repeats {where}")

    return check


def repeated_in_file(column: str) -> Callable[[Row, Any], RowError | None]:
    """A check that no two rows of an import have the same cell in `column`."""
    return repeated(lambda row, _: row.cells.get(column, "").strip(), column)


@dataclass(frozen=True)
class _KnownImage:
    prompt_id: int
    model_version_id: int
    sha256: str | None
    seed: int | None
    steps: int | None
    cfg_scale: float | None
    sampler: str | None


class Known:
    """Ids that an import may refer to, and what they stand for."""

    def __init__(self, warehouse: Warehouse) -> None:
        prompts = warehouse.select(
            "select prompt_id, prompt, negative_prompt, width, height, seed from prompts"
        )
        images = warehouse.select(
            "select image_id, prompt_id, model_version_id, sha256, seed, steps, cfg_scale, sampler "
            "from images"
        )
        models = warehouse.select("select model_version_id from models")
        self.prompts = {row["prompt_id"]: row for row in prompts.iter_rows(named=True)}
        self.models: set[int] = set(models["model_version_id"])
        self._images = {row[0]: _KnownImage(*row[1:]) for row in images.iter_rows()}

    def with_new(self, models: Iterable[ModelRecord], prompts: Iterable[PromptRecord]) -> Known:
        """This, and the ids that the import brings itself."""
        self.models |= {model.model_version_id for model in models}
        for prompt in prompts:
            self.prompts.setdefault(prompt.prompt_id, vars(prompt))
        return self

    def prompt_conflict(self, row: Row, prompt: PromptRecord) -> RowError | None:
        """The error where the prompt's id already stands for another prompt, size or seed."""
        stored = self.prompts.get(prompt.prompt_id)
        if stored is None:
            return None
        for name in _IDENTITY:
            if stored[name] != getattr(prompt, name):
                column = _own_column(row, name)
                return row.error(
                    column, f"differs from prompt {prompt.prompt_id} as the warehouse holds it"
                )
        return None

    def image_conflict(self, row: Row, image: ImageRecord) -> RowError | None:
        """The error where prompt or model is unknown, or the id stands for another picture."""
        if image.prompt_id not in self.prompts:
            return row.error("prompt_id", "is no prompt of the warehouse or this import")
        if image.model_version_id not in self.models:
            return row.error("modelVersion_id", "is no model of the warehouse or this import")
        stored = self._images.get(image.image_id)
        if stored is None:
            return None
        if (stored.prompt_id, stored.model_version_id) != (image.prompt_id, image.model_version_id):
            return row.error(
                "image_id",
                f"already stands for model {stored.model_version_id}, prompt {stored.prompt_id}",
            )
        if stored.sha256 and image.sha256 and stored.sha256 != image.sha256:
            return row.error("image_id", "already stands for another picture")
        for name in _RECIPE:
            ours, theirs = getattr(stored, name), getattr(image, name)
            if ours is not None and theirs is not None and ours != theirs:
                column = _own_column(row, name)
                return row.error(column, f"differs from {ours}, which the warehouse holds")
        return None


def _own_column(row: Row, name: str) -> str:
    """The file's name for one of our columns."""
    return name if name in row.cells else _FILE_COLUMNS.get(name, name)
