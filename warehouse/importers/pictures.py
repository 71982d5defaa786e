"""Pictures of an import: read in parallel, stored by content, their rows refused where unfit."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from core.errors import PictureError
from core.settings import Settings
from warehouse.importers.report import Progress, Rejects
from warehouse.importers.rows import Row
from warehouse.pictures import PictureJob, read_contained, store_pictures
from warehouse.records import ImageRecord

Rows = list[tuple[Row, ImageRecord]]


def folder_jobs(
    rows: Rows, folder: Path, column: str, settings: Settings
) -> Iterable[PictureJob[int]]:
    """A job for each row whose cell in `column` names a file inside `folder`."""
    for index, (row, _) in enumerate(rows):
        name = row.cells.get(column, "").strip()
        if name:
            read = partial(read_contained, folder, name, settings.picture_limit_mpx)
            yield PictureJob(index, name, read)


def take_pictures(
    rows: Rows,
    jobs: Iterable[PictureJob[int]],
    column: str,
    home: Path,
    settings: Settings,
    rejects: Rejects,
    on_progress: Progress | None = None,
) -> Rows:
    """Store the picture of each job (its key is the index of its row) and fill in path and hash.

    Rows without a job are kept as they are, without a picture; rows whose picture is unfit are
    refused at `column`.
    """
    taken: dict[int, tuple[Row, ImageRecord]] = dict(enumerate(rows))
    answers = store_pictures(
        jobs,
        home,
        limit_mpx=settings.picture_limit_mpx,
        thumbnail_px=settings.thumbnail_px,
        workers=settings.workers,
        on_progress=lambda done: on_progress("pictures", done, len(rows)) if on_progress else None,
    )
    for job, answer in answers:
        row, image = taken[job.key]
        if isinstance(answer, PictureError):
            rejects.add(row, row.error(column, str(answer)))
            del taken[job.key]
        else:
            taken[job.key] = (
                row,
                replace(
                    image,
                    path=answer.path,
                    sha256=answer.sha256,
                    width=answer.width,
                    height=answer.height,
                ),
            )
    return list(taken.values())
