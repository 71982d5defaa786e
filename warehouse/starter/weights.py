"""The starter's models: their weights in the home, their rows, how their pictures are asked for."""

import shutil
from dataclasses import asdict
from pathlib import Path

from core.starter.cells import GUIDANCE, RESCALE, SAMPLER, SIDE_PX, STEPS
from core.starter.manifest import FEATURES_FOLDER, PICTURES_FOLDER, ShippedFile, weights_sha256
from core.starter.roster import BASE_MODEL, roster
from warehouse.database import Warehouse, query_text
from warehouse.generation.catalogue import BaseSettings
from warehouse.pictures import file_sha256
from warehouse.records import ModelRecord

MODELS_FOLDER = Path("models") / "starter"  # below the home
SETTINGS = BaseSettings(SIDE_PX, SIDE_PX, STEPS, GUIDANCE, SAMPLER, RESCALE)


def starter_models(files: tuple[ShippedFile, ...]) -> list[ModelRecord]:
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


def copy_weights(world: Path, home: Path, files: tuple[ShippedFile, ...]) -> None:
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


def put_settings(warehouse: Warehouse) -> None:
    """How pictures of the starter's base are asked for, unless somebody said otherwise."""
    with warehouse.transaction() as cursor:
        cursor.execute(
            query_text("put_base_settings"), {"base_model": BASE_MODEL, **asdict(SETTINGS)}
        )
