"""The starter's grid: pictures stored in the home, prompts, and which are the makers' own."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq

from core.errors import PictureError
from core.settings import Settings
from core.starter.cells import GUIDANCE, SAMPLER, SIDE_PX, STEPS, Cell
from core.starter.manifest import PICTURES_FOLDER, StarterDamagedError
from core.starter.prompts import QUERY_TAG, specification_prompts
from core.starter.roster import roster
from warehouse.database import Warehouse
from warehouse.importers.report import Landed, Progress
from warehouse.pictures import PictureJob, store_pictures
from warehouse.records import ImageRecord, PromptRecord

SOURCE, QUERY_SOURCE = "starter", "starter queries"
BATCH_ROWS = 256


def stored_images(
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


def starter_prompts(cells: Iterable[Cell]) -> list[PromptRecord]:
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


def land_specifications(warehouse: Warehouse) -> dict[str, Landed]:
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
