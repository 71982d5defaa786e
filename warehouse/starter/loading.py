"""Loads the starter world that ships with the project: models, pictures, features, judgments."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq

from core.encoders import EncoderIdentity
from core.errors import PictureError, StarterMixError
from core.settings import Settings
from core.starter.cells import GUIDANCE, SAMPLER, SIDE_PX, STEPS, Cell, cells_of
from core.starter.manifest import (
    ENCODER_FOLDER,
    FEATURES_FOLDER,
    PICTURES_FOLDER,
    WORLD,
    ShippedFile,
    StarterDamagedError,
    check_files,
    weights_sha256,
)
from core.starter.prompts import QUERY_TAG, specification_prompts
from core.starter.roster import roster
from warehouse.database import Warehouse
from warehouse.encoder_registry import register_encoder
from warehouse.importers.features import import_features
from warehouse.importers.report import Landed, Progress
from warehouse.landing import land, record
from warehouse.pictures import PictureJob, file_sha256, store_pictures
from warehouse.records import ImageRecord, ModelRecord, PromptRecord
from warehouse.scoring import score
from warehouse.starter.people import land_people

SOURCE, QUERY_SOURCE = "starter", "starter queries"
BEGUN, FINISHED = "load starter world", "finish starter world"  # in the audit log
MODELS_FOLDER = Path("models") / "starter"  # below the home
PREPROCESSING = "squash"
BATCH_ROWS = 256


@dataclass(frozen=True)
class StarterReport:
    """What loading the starter world did, by table."""

    tables: dict[str, Landed]

    @property
    def added(self) -> int:
        """Rows that were not there before."""
        return sum(landed.added for landed in self.tables.values())


def holds_anything(warehouse: Warehouse) -> bool:
    """Whether there are prompts, models or images of any kind."""
    counts = warehouse.table_counts()
    return any(counts[table] for table in ("prompts", "models", "images"))


def is_unfinished(warehouse: Warehouse) -> bool:
    """Whether a load began here and was stopped before its end."""
    return (
        warehouse.value(
            "select count(*) filter (where action = $begun) > 0 "
            "and count(*) filter (where action = $finished) = 0 from audit",
            {"begun": BEGUN, "finished": FINISHED},
        )
        is True
    )


def load_starter(
    warehouse: Warehouse,
    settings: Settings,
    *,
    world: Path = WORLD,
    mix: bool = False,
    on_progress: Progress | None = None,
) -> StarterReport:
    """Load what is missing of the starter world; a run that was killed is finished by the next.

    Raises StarterMixError where the warehouse holds other data and `mix` is false,
    StarterUnmadeError where its pictures were never generated, and StarterDamagedError where a
    shipped file is not what the manifest says.
    """
    show = on_progress or (lambda what, done, total: None)
    entries = roster()
    version_ids = [entry.model_version_id for entry in entries]
    foreign = warehouse.frame("count_foreign_rows", model_version_ids=version_ids)
    found = {table: count for table, count in foreign.row(0, named=True).items() if count}
    if found and not mix:
        raise StarterMixError(found)
    files = check_files(world)
    _copy_weights(world, warehouse.home, files)
    cells = {cell.image_id: cell for entry in entries for cell in cells_of(entry)}
    images = list(_stored_images(world, warehouse.home, cells, settings, show))
    tables = land(
        warehouse,
        BEGUN,
        "starter",
        models=_models(files),
        prompts=_prompts(cells.values()),
        images=images,
    )
    tables |= _land_specifications(warehouse)
    show("features", 0, 1)
    tables |= _land_features(warehouse, world, files)
    show("features", 1, 1)
    score(warehouse)
    tables |= land_people(warehouse)
    with warehouse.transaction() as cursor:
        record(cursor, FINISHED, "starter")
    return StarterReport(tables)


def _models(files: tuple[ShippedFile, ...]) -> list[ModelRecord]:
    """The roster, each model with where its weights lie in the home and their hash."""
    return [
        ModelRecord(
            model_version_id=entry.model_version_id,
            model_name=entry.model_name,
            model_id=entry.model_id,
            version_name=entry.version_name,
            base_model=entry.base_model,
            kind=entry.kind,
            tags=entry.tags,
            trained_words=entry.trained_words,
            downloads=entry.downloads,
            path=(MODELS_FOLDER / entry.path).as_posix(),
            sha256=weights_sha256(files, entry.path),
            licence=entry.licence,
        )
        for entry in roster()
    ]


def _copy_weights(world: Path, home: Path, files: tuple[ShippedFile, ...]) -> None:
    """The models' files into the home, each whole or not at all."""
    data = {PICTURES_FOLDER.name, FEATURES_FOLDER.name}
    for file in files:
        target = home / MODELS_FOLDER / file.path
        known = target.is_file() and file_sha256(target) == file.sha256
        if known or file.path.split("/")[0] in data:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f"{target.name}.tmp")
        shutil.copyfile(world / file.path, unfinished)
        unfinished.replace(target)


def _stored_images(
    world: Path, home: Path, cells: dict[str, Cell], settings: Settings, show: Progress
) -> Iterator[ImageRecord]:
    """Store every shipped picture and describe it."""
    jobs = (
        PictureJob(image_id, f"{image_id}.webp", partial(bytes, picture))
        for image_id, picture in _shipped_pictures(world)
    )
    stored = store_pictures(
        jobs,
        home,
        limit_mpx=settings.picture_limit_mpx,
        thumbnail_px=settings.thumbnail_px,
        workers=settings.workers,
        on_progress=lambda done: show("pictures", done, len(cells)),
    )
    for job, answer in stored:
        cell = cells.get(job.key)
        if isinstance(answer, PictureError) or cell is None:
            raise StarterDamagedError([f"picture {job.key} is not one of the grid"])
        yield ImageRecord(
            image_id=job.key,
            prompt_id=cell.prompt.prompt_id,
            model_version_id=cell.model_version_id,
            source=_source(cell.prompt.tag),
            seed=cell.seed,
            width=answer.width,
            height=answer.height,
            steps=STEPS,
            cfg_scale=GUIDANCE,
            sampler=SAMPLER,
            path=answer.path,
            sha256=answer.sha256,
        )


def _shipped_pictures(world: Path) -> Iterator[tuple[str, bytes]]:
    """Image ids and WebP bytes, file by file."""
    for path in sorted((world / PICTURES_FOLDER.name).glob("*.parquet")):
        for batch in pq.ParquetFile(path).iter_batches(batch_size=BATCH_ROWS):
            yield from zip(
                batch.column("image_id").to_pylist(),
                batch.column("picture").to_pylist(),
                strict=True,
            )


def _prompts(cells: Iterable[Cell]) -> list[PromptRecord]:
    """Every prompt that is asked, once."""
    prompts = {cell.prompt.prompt_id: cell.prompt for cell in cells}
    return [
        PromptRecord(
            prompt_id=prompt.prompt_id,
            prompt=prompt.prompt,
            source=_source(prompt.tag),
            tag=prompt.tag,
            width=SIDE_PX,
            height=SIDE_PX,
            sampler=SAMPLER,
            cfg_scale=GUIDANCE,
            note=prompt.note,
        )
        for prompt in prompts.values()
    ]


def _source(tag: str) -> str:
    return QUERY_SOURCE if tag == QUERY_TAG else SOURCE


def _land_specifications(warehouse: Warehouse) -> dict[str, Landed]:
    """Which prompts are the makers' own."""
    version_ids = {entry.slug: entry.model_version_id for entry in roster()}
    pairs = [
        (version_ids[slug], prompt.prompt_id)
        for slug, prompts in specification_prompts().items()
        for prompt in prompts
    ]
    with warehouse.transaction() as cursor:
        before = cursor.execute("select count(*) from specification_prompts").fetchone()
        cursor.executemany("insert or ignore into specification_prompts values ($1, $2)", pairs)
        after = cursor.execute("select count(*) from specification_prompts").fetchone()
    assert before and after
    added = after[0] - before[0]
    return {"specification_prompts": Landed(added, 0, len(pairs) - added)}


def _land_features(
    warehouse: Warehouse, world: Path, files: tuple[ShippedFile, ...]
) -> dict[str, Landed]:
    """The features that the starter's encoder gave, under the key that it still has."""
    weights = f"{ENCODER_FOLDER.name}/open_clip_model.safetensors"
    sha256 = next(file.sha256 for file in files if file.path == weights)
    folder = world / FEATURES_FOLDER.name
    vectors = pq.read_table(folder / "prompts.parquet")["vector"]
    dimension = len(vectors[0])
    identity = EncoderIdentity(ENCODER_FOLDER.name, sha256, PREPROCESSING, dimension)
    with warehouse.transaction() as cursor:
        register_encoder(
            cursor,
            identity.key,
            name=identity.name,
            dimension=dimension,
            preprocessing=identity.preprocessing,
            weights_sha256=sha256,
        )
        record(cursor, "load starter encoder", identity.key)
    tables: dict[str, Landed] = {}
    for name in ("prompts", "images"):
        tables |= import_features(warehouse, folder / f"{name}.parquet", identity.key).tables
    return tables
