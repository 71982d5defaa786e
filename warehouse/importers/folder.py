"""Any folder of pictures with a CSV that maps each file to its prompt and model."""

import hashlib
import uuid
from dataclasses import replace
from pathlib import Path

from core.errors import FileFormatError
from core.settings import Settings
from warehouse.database import Warehouse
from warehouse.importers.conflicts import Known, repeated
from warehouse.importers.pictures import folder_jobs, take_pictures
from warehouse.importers.report import ImportReport, Progress, Rejects
from warehouse.importers.rows import Row, read_csv, read_header
from warehouse.landing import land
from warehouse.records import ImageRecord, ModelRecord, PromptRecord

FILE_COLUMNS = ("file", "file_name", "filename", "image", "path")
ANY = "\0"  # for a table that says nothing of negative prompts
OWN_MODEL_IDS_FROM = 1_000_000_000  # hubs number theirs below
_NAMESPACE = uuid.UUID("0d6a2a3e-7a8e-4d5b-9d0f-2f7d1c0b5a11")


def import_folder(
    warehouse: Warehouse,
    folder: Path,
    table: Path,
    settings: Settings,
    *,
    source: str,
    skip_bad: bool = False,
    on_progress: Progress | None = None,
) -> ImportReport:
    """Import the pictures that `table` lists, all or nothing.

    Columns: a file (one of FILE_COLUMNS), `prompt` or `prompt_id`, `model` or `model_version_id`;
    optional tag, negative_prompt, seed, steps, cfg_scale, sampler, nsfw_score, simulated. Prompts
    and models are met by their text and name; new ones get new ids. The same picture for the same
    prompt and model is one image, however often it is imported.
    """
    rejects = Rejects()
    rows = list(read_csv(table, ()))
    file_column = _file_column(table)
    book = _Book(warehouse)
    grid = rejects.parse(rows, lambda row: _read(row, file_column, book, source))
    rejects.raise_unless(skip_bad)
    jobs = folder_jobs(grid, folder, file_column, settings)
    grid = take_pictures(grid, jobs, file_column, warehouse.home, settings, rejects, on_progress)
    grid = rejects.keep(
        [(row, replace(image, image_id=_image_id(image))) for row, image in grid],
        repeated(lambda row, image: image.image_id, file_column),
    )
    known = Known(warehouse).with_new(book.new_models.values(), book.new_prompts.values())
    grid = rejects.keep(grid, known.image_conflict)
    rejects.raise_unless(skip_bad)
    prompts_used = {image.prompt_id for _, image in grid}
    models_used = {image.model_version_id for _, image in grid}
    tables = land(
        warehouse,
        "import folder",
        folder.name,
        models=[m for m in book.new_models.values() if m.model_version_id in models_used],
        prompts=[p for p in book.new_prompts.values() if p.prompt_id in prompts_used],
        images=[image for _, image in grid],
    )
    return ImportReport(tables, len(rejects.errors), rejects.write(warehouse.home / "rejected"))


class _Book:
    """Ids of prompts by text and of models by name, with new ones given out as they are met."""

    def __init__(self, warehouse: Warehouse) -> None:
        prompts = warehouse.select(
            "select prompt_id, prompt, negative_prompt from prompts order by prompt_id desc"
        )
        models = warehouse.select(
            "select model_version_id, model_name from models order by model_version_id desc"
        )
        self._prompt_ids: dict[tuple[str, str | None], int] = {}
        for number, text, negative_prompt in prompts.iter_rows():
            self._prompt_ids[text, ANY] = self._prompt_ids[text, negative_prompt] = number
        self._model_ids: dict[str, int] = {name: number for number, name in models.iter_rows()}
        self.known_prompts = set(prompts["prompt_id"])
        self.known_models = set(models["model_version_id"])
        self._next_prompt = max(self.known_prompts, default=0) + 1
        self._next_model = max([OWN_MODEL_IDS_FROM - 1, *self.known_models]) + 1
        self.new_prompts: dict[tuple[str, str | None], PromptRecord] = {}
        self.new_models: dict[str, ModelRecord] = {}

    def prompt_id(self, row: Row, source: str) -> int:
        number = row.integer("prompt_id")
        if number is not None:
            if number not in self.known_prompts:
                raise row.error("prompt_id", "is no prompt of the warehouse")
            return number
        text = row.required_text("prompt")
        negative_prompt = row.text("negative_prompt")
        asked = (text, negative_prompt if "negative_prompt" in row.cells else ANY)
        if asked not in self._prompt_ids:
            self._prompt_ids[asked] = self._next_prompt
            self.new_prompts[asked] = PromptRecord(
                self._next_prompt,
                text,
                source,
                tag=row.text("tag", limit=200),
                negative_prompt=negative_prompt,
            )
            self._next_prompt += 1
        return self._prompt_ids[asked]

    def model_version_id(self, row: Row) -> int:
        number = row.integer("model_version_id")
        if number is not None:
            if number not in self.known_models:
                raise row.error("model_version_id", "is no model of the warehouse")
            return number
        name = row.required_text("model", limit=500)
        if name not in self._model_ids:
            self._model_ids[name] = self._next_model
            self.new_models[name] = ModelRecord(self._next_model, name)
            self._next_model += 1
        return self._model_ids[name]


def _file_column(table: Path) -> str:
    header = read_header(table)
    found = next((name for name in FILE_COLUMNS if name in header), None)
    if found is None:
        raise FileFormatError(
            table.name, f"has no column that names files (one of {', '.join(FILE_COLUMNS)})."
        )
    for wanted in (("prompt", "prompt_id"), ("model", "model_version_id")):
        if not set(wanted) & set(header):
            raise FileFormatError(table.name, f"lacks column {wanted[0]} (or {wanted[1]}).")
    return found


def _read(row: Row, file_column: str, book: _Book, source: str) -> ImageRecord:
    row.required_text(file_column, limit=1_000)
    return ImageRecord(
        image_id="",
        seed=row.seed("seed"),
        steps=row.integer("steps", 0, 100_000),
        cfg_scale=row.decimal("cfg_scale"),
        sampler=row.text("sampler", limit=200),
        nsfw_score=row.decimal("nsfw_score"),
        simulated=row.flag("simulated"),
        prompt_id=book.prompt_id(row, source),
        model_version_id=book.model_version_id(row),
        source=source,
    )


def _image_id(image: ImageRecord) -> str:
    """An id in GEMRec's form (a UUID as a decimal number) that the same import gives again."""
    what = f"{image.sha256}|{image.prompt_id}|{image.model_version_id}"
    return str(uuid.uuid5(_NAMESPACE, hashlib.sha256(what.encode()).hexdigest()).int)
