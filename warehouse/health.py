"""What may be wrong with a warehouse: dangling rows, files, features, outdated scores."""

from dataclasses import dataclass

from core.errors import PictureError
from warehouse.database import Warehouse
from warehouse.importers.report import Progress
from warehouse.pictures import (
    contained_path,
    file_sha256,
    thumbnail_is_whole,
    thumbnail_path,
)
from warehouse.scoring import scores_current

EXAMPLES = 5
_REMEDIES = {
    "features": "Remove those rows and run `python -m warehouse embed`.",
    "dangling": "Import what is missing, or restore a backup.",
    "files": "Import the pictures again, or restore a backup.",
    "thumbnails": "Import the pictures again: thumbnails are made anew.",
    "scores": "Run `python -m warehouse score`.",
    "profile": "Activate one weight profile.",
}


@dataclass(frozen=True)
class Problem:
    """One kind of thing that is wrong."""

    check: str
    count: int
    examples: tuple[str, ...]
    remedy: str


def find_problems(
    warehouse: Warehouse, *, read_files: bool = True, on_progress: Progress | None = None
) -> list[Problem]:
    """Everything that is wrong; files are read and hashed unless `read_files` is off."""
    problems = []
    for query, remedy in (("find_dangling", "dangling"), ("find_bad_features", "features")):
        problems += [
            Problem(problem, found, tuple(examples), _REMEDIES[remedy])
            for problem, found, examples in warehouse.frame(query).iter_rows()
        ]
    problems += _file_problems(warehouse, read_files, on_progress)
    active = warehouse.value("select count(*) from weight_profiles where active")
    if active != 1:
        problems.append(Problem("active weight profiles", int(active), (), _REMEDIES["profile"]))
    if not scores_current(warehouse):
        unscored = warehouse.value("select count(*) from images")
        problems.append(Problem("scores out of date", int(unscored), (), _REMEDIES["scores"]))
    return problems


def _file_problems(
    warehouse: Warehouse, read_files: bool, on_progress: Progress | None
) -> list[Problem]:
    images = warehouse.select(
        "select image_id, path, sha256 from images where path is not null order by image_id"
    )
    found: dict[str, list[str]] = {
        "missing picture files": [],
        "altered picture files": [],
        "missing or damaged thumbnails": [],
    }
    for done, (image_id, path, sha256) in enumerate(images.iter_rows(), start=1):
        try:
            file = contained_path(warehouse.home, path)
        except PictureError:
            found["missing picture files"].append(f"{image_id}: {path}")
            continue
        if file.stem != sha256 or (read_files and file_sha256(file) != sha256):
            found["altered picture files"].append(f"{image_id}: {path}")
        elif not thumbnail_is_whole(thumbnail_path(warehouse.home, sha256)):
            found["missing or damaged thumbnails"].append(f"{image_id}: {path}")
        if on_progress:
            on_progress("files", done, images.height)
    return [
        Problem(
            check,
            len(examples),
            tuple(examples[:EXAMPLES]),
            _REMEDIES["thumbnails" if "thumbnails" in check else "files"],
        )
        for check, examples in found.items()
        if examples
    ]
