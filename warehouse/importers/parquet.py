"""Parquet shards with an `image` column of `{bytes, path}`, as the Hugging Face hub stores them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import FileFormatError, PictureError, RowError
from core.settings import Settings
from warehouse.database import Warehouse
from warehouse.importers.conflicts import Known, repeated_in_file
from warehouse.importers.gemrec import IMAGE_COLUMNS, read_image, read_prompt
from warehouse.importers.hub import dataset_folder
from warehouse.importers.pictures import Rows, take_pictures
from warehouse.importers.report import ImportReport, Progress, Rejects
from warehouse.importers.rows import Row, check_columns
from warehouse.landing import land
from warehouse.pictures import PictureJob
from warehouse.records import ImageRecord, ModelRecord, PromptRecord

BATCH_ROWS = 64  # at most this many pictures wait in memory
SOURCE = "parquet"


def import_parquet(
    warehouse: Warehouse,
    path: str,
    settings: Settings,
    *,
    skip_bad: bool = False,
    on_progress: Progress | None = None,
) -> ImportReport:
    """Import every shard of `path` (a file, a folder, or a dataset on the hub), all or nothing.

    Prompts that the warehouse lacks come from the rows; models it lacks are made with the names
    that the rows give them, or their number. Raises as `import_gemrec` does.
    """
    shards = find_shards(path)
    rejects = Rejects()
    rows = [row for name, shard in shards.items() for row in shard_rows(name, shard)]
    known = Known(warehouse)
    grid = rejects.parse(rows, read_image)
    grid = rejects.keep(grid, repeated_in_file("image_id"))
    grid, prompts = _with_prompts(grid, known, rejects)
    grid, models = _with_models(grid, known, rejects)
    known = known.with_new(models.values(), prompts.values())
    grid = rejects.keep(grid, known.image_conflict)
    rejects.raise_unless(skip_bad)

    place = {(row.file, row.number): index for index, (row, _) in enumerate(grid)}
    grid = take_pictures(
        grid, _jobs(shards, place), "image", warehouse.home, settings, rejects, on_progress
    )
    grid = rejects.keep(grid, known.image_conflict)
    rejects.raise_unless(skip_bad)
    used_prompts = {image.prompt_id for _, image in grid}
    used_models = {image.model_version_id for _, image in grid}
    tables = land(
        warehouse,
        "import parquet",
        Path(path).name,
        models=[model for key, model in models.items() if key in used_models],
        prompts=[prompt for key, prompt in prompts.items() if key in used_prompts],
        images=[image for _, image in grid],
    )
    unnamed = sum(model.model_name.startswith("Model ") for model in models.values())
    notes: tuple[str, ...] = ()
    if unnamed:
        notes = (
            f"{unnamed} models are known by number alone; "
            "`import gemrec --roster` gives them names, tags and downloads.",
        )
    folder = warehouse.home / "rejected"
    return ImportReport(tables, len(rejects.errors), rejects.write(folder), notes)


def find_shards(path: str) -> dict[str, Path]:
    """The Parquet files that `path` means, by their names within it, in order."""
    local = Path(path)
    if local.is_file():
        return {local.name: local}
    folder = local if local.is_dir() else dataset_folder(path)
    shards = {
        shard.relative_to(folder).as_posix(): shard for shard in sorted(folder.rglob("*.parquet"))
    }
    if not shards:
        raise FileFormatError(path, "holds no .parquet file.")
    return shards


def shard_rows(name: str, shard: Path) -> Iterator[Row]:
    """Rows of one shard, without the pictures' bytes; the first row of data is row 1."""
    with _reading(name):
        table = pq.ParquetFile(shard)
        names = table.schema_arrow.names
        check_columns(name, names, ("image", *IMAGE_COLUMNS))
        _check_image_type(name, table.schema_arrow.field("image").type)
        wanted = [column for column in names if column != "image"]
        number = 0
        for batch in table.iter_batches(columns=wanted, batch_size=4096):
            for cells in batch.to_pylist():
                number += 1
                texts = {column: _as_text(value) for column, value in cells.items()}
                yield Row(name, number, texts)


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise FileFormatError(name, f"is no readable Parquet file: {error}") from error


def _check_image_type(name: str, kind: pa.DataType) -> None:
    fields = (
        {kind.field(i).name for i in range(kind.num_fields)} if pa.types.is_struct(kind) else {}
    )
    if "bytes" not in fields:
        raise FileFormatError(name, f"column image is {kind}, not a struct with bytes.")


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return str(value)


def _with_prompts(
    grid: Rows, known: Known, rejects: Rejects
) -> tuple[Rows, dict[int, PromptRecord]]:
    """The rows that agree on their prompt's text, and the prompts that the warehouse lacks."""
    found: dict[int, PromptRecord] = {}

    def check(row: Row, image: ImageRecord) -> RowError | None:
        try:
            text = row.text("prompt")
            if text is None:
                return None
            if image.prompt_id in known.prompts:
                agreed = known.prompts[image.prompt_id]["prompt"]
            else:
                if image.prompt_id not in found:
                    found[image.prompt_id] = replace(read_prompt(row), source=SOURCE)
                agreed = found[image.prompt_id].prompt
        except RowError as error:
            return error
        return None if text == agreed else row.error("prompt", f"is not prompt {image.prompt_id}")

    return rejects.keep(grid, check), found


def _with_models(grid: Rows, known: Known, rejects: Rejects) -> tuple[Rows, dict[int, ModelRecord]]:
    """The rows whose model can be read, and the models that the warehouse lacks."""
    found: dict[int, ModelRecord] = {}

    def check(row: Row, image: ImageRecord) -> RowError | None:
        version = image.model_version_id
        if version in known.models or version in found:
            return None
        try:
            found[version] = ModelRecord(
                model_version_id=version,
                model_name=row.text("model_name", limit=500) or f"Model {version}",
                model_id=row.integer("model_id"),
                version_name=row.text("modelVersion_name", limit=500),
                base_model=row.text("baseModel", limit=200),
            )
        except RowError as error:
            return error
        return None

    return rejects.keep(grid, check), found


def _jobs(
    shards: Mapping[str, Path], place: Mapping[tuple[str, int], int]
) -> Iterable[PictureJob[int]]:
    """The pictures of the rows that are still wanted, shard by shard."""
    for name, shard in shards.items():
        number = 0
        with _reading(name):
            table = pq.ParquetFile(shard)
            for batch in table.iter_batches(columns=["image"], batch_size=BATCH_ROWS):
                for cell in batch.column(0).to_pylist():
                    number += 1
                    index = place.get((name, number))
                    if index is not None:
                        yield _job(index, cell)


def _job(index: int, cell: dict[str, object] | None) -> PictureJob[int]:
    data = (cell or {}).get("bytes")

    def read() -> bytes:
        if not isinstance(data, bytes):
            raise PictureError("holds no bytes; export the dataset with its pictures inside")
        return data

    return PictureJob(index, str((cell or {}).get("path") or ""), read)
