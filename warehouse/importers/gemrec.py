"""GEMRec's own layout: a roster, a prompt set, and a folder of pictures with `metadata.csv`."""

from pathlib import Path

from core.settings import Settings
from warehouse.database import Warehouse
from warehouse.importers.conflicts import Known, repeated, repeated_in_file
from warehouse.importers.pictures import folder_jobs, take_pictures
from warehouse.importers.report import ImportReport, Progress, Rejects
from warehouse.importers.rows import Row, read_csv
from warehouse.landing import land
from warehouse.records import ImageRecord, ModelRecord, PromptRecord

SOURCE = "gemrec"
ROSTER_COLUMNS = ("model_name", "modelVersion_id")
PROMPT_COLUMNS = ("prompt_id", "prompt")
IMAGE_COLUMNS = ("image_id", "modelVersion_id", "prompt_id")
DOWNLOADS_MAX = 10**12  # more than there are people with a disk
BROUGHT_METRICS = {"clip_score": "clip", "mcos_score": "mcos"}


def import_gemrec(
    warehouse: Warehouse,
    roster: Path,
    prompts: Path,
    images: Path | None,
    settings: Settings,
    *,
    skip_bad: bool = False,
    pictures: bool = True,
    on_progress: Progress | None = None,
) -> ImportReport:
    """Import roster and prompts, and the folder `images` if given, all or nothing.

    Without `pictures` only the metadata of images is taken. Raises RowsRejectedError at a bad row
    unless `skip_bad`, which lands the rest and writes the bad ones to `rejected/` in the home.
    """
    rejects = Rejects()
    models = rejects.parse(read_csv(roster, ROSTER_COLUMNS), read_model)
    models = rejects.keep(models, repeated(_model_number, "modelVersion_id"))
    asked = rejects.parse(read_csv(prompts, PROMPT_COLUMNS), read_prompt)
    asked = rejects.keep(asked, repeated(_prompt_number, "prompt_id"))
    known = Known(warehouse)
    asked = rejects.keep(asked, known.prompt_conflict)
    known = known.with_new((model for _, model in models), (prompt for _, prompt in asked))

    grid: list[tuple[Row, ImageRecord]] = []
    if images is not None:
        columns = (*IMAGE_COLUMNS, "file_name") if pictures else IMAGE_COLUMNS
        rows = read_csv(images / "metadata.csv", columns)
        grid = rejects.parse(rows, read_image)
        grid = rejects.keep(grid, repeated_in_file("image_id"))
        grid = rejects.keep(grid, known.image_conflict)
        rejects.raise_unless(skip_bad)
        if pictures:
            jobs = folder_jobs(grid, images, "file_name", settings)
            grid = take_pictures(
                grid, jobs, "file_name", warehouse.home, settings, rejects, on_progress
            )
            grid = rejects.keep(grid, known.image_conflict)
    rejects.raise_unless(skip_bad)
    tables = land(
        warehouse,
        "import gemrec",
        roster.name if images is None else images.name,
        models=[model for _, model in models],
        prompts=[prompt for _, prompt in asked],
        images=[image for _, image in grid],
    )
    return ImportReport(tables, len(rejects.errors), rejects.write(warehouse.home / "rejected"))


def _model_number(_: Row, model: ModelRecord) -> str:
    return str(model.model_version_id)  # however the file writes it: 7, 07, +7


def _prompt_number(_: Row, prompt: PromptRecord) -> str:
    return str(prompt.prompt_id)


def read_model(row: Row) -> ModelRecord:
    """A row of GEMRec's roster."""
    return ModelRecord(
        model_version_id=row.required_integer("modelVersion_id"),
        model_name=row.required_text("model_name", limit=500),
        model_id=row.integer("model_id"),
        version_name=row.text("modelVersion_name", limit=500),
        base_model=row.text("baseModel", limit=200),
        kind=row.choice("kind", ("checkpoint", "lora", "merge"), "checkpoint"),
        tags=row.piped("tag"),
        trained_words=row.listed("modelVersion_trainedWords"),
        downloads=row.integer("model_download_count", 0, DOWNLOADS_MAX),
        url=row.text("modelVersion_url", limit=2_000),
        licence=row.text("licence", limit=200),
    )


def read_prompt(row: Row) -> PromptRecord:
    """A row of GEMRec's prompt set, or of image metadata that carries its prompt along."""
    width, height = row.size("size")
    return PromptRecord(
        prompt_id=row.required_integer("prompt_id"),
        prompt=row.required_text("prompt"),
        source=row.text("source", limit=200) or SOURCE,
        tag=row.text("tag", limit=200),
        negative_prompt=row.text("negativePrompt"),
        width=width,
        height=height,
        seed=row.seed("seed"),
        sampler=row.text("sampler", limit=200),
        cfg_scale=row.decimal("cfgScale"),
        note=row.text("note", limit=2_000),
    )


def read_image(row: Row) -> ImageRecord:
    """A row of GEMRec's `metadata.csv`, before its picture is read."""
    width, height = row.size("size")
    metrics = {
        metric: value
        for column, metric in BROUGHT_METRICS.items()
        if (value := row.decimal(column)) is not None
    }
    return ImageRecord(
        image_id=row.identifier("image_id"),
        prompt_id=row.required_integer("prompt_id"),
        model_version_id=row.required_integer("modelVersion_id"),
        source=row.text("source", limit=200) or SOURCE,
        seed=row.seed("seed"),
        width=width,
        height=height,
        steps=row.integer("steps", 0, 100_000),
        cfg_scale=row.decimal("cfgScale"),
        sampler=row.text("sampler", limit=200),
        nsfw_score=row.decimal("nsfw_score"),
        simulated=row.flag("simulated"),
        metrics=metrics,
    )
