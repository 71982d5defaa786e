"""One's own checkpoints and LoRAs as models: checked, hashed, brought into the home, a row each."""

import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import duckdb

from core.errors import PictureError, shortened
from core.generation.devices import WrongWeightsError
from core.generation.request import NAME_LIMIT
from core.generation.weights_files import WeightsDescription, describe_weights
from core.generation.weights_hash import CHUNK_BYTES, check_weights
from warehouse.database import Warehouse, query_text
from warehouse.generation.bases import ChosenBase, checkpoint_base, lora_base
from warehouse.generation.model_details import ModelDetails, ModelDetailsError, text_of
from warehouse.generation.own_files import (
    OWN_FOLDER,
    SPARE_BYTES,
    BringError,
    bring,
    counted,
    files_to_bring,
    fit_name,
    hashed,
)
from warehouse.importers.folder import OWN_MODEL_IDS_FROM
from warehouse.importers.hub import model_folder
from warehouse.importers.report import Progress
from warehouse.landing import COMMAND_LINE, record, stage
from warehouse.pictures import contained_entry
from warehouse.records import ModelRecord, model_frame
from warehouse.selections import written


@dataclass(frozen=True)
class AddedModel:
    """What became of an addition."""

    model_version_id: int
    model_name: str
    version_name: str
    kind: str
    base_model: str
    path: str  # below the home
    sha256: str
    bytes: int
    is_new: bool  # False: it was here already


def add_model(
    warehouse: Warehouse,
    path: Path,
    details: ModelDetails | None = None,
    *,
    person_id: str = COMMAND_LINE,
    on_progress: Progress | None = None,
    name: str | None = None,
) -> AddedModel:
    """Add the file or folder at `path`; the same weights again change nothing.

    A row that a hub's roster brought with the same hash gets the weights. `name` is the model's
    where the details have none; else the file's. Raises UnfitWeightsError, WrongWeightsError,
    BringError and ModelDetailsError.
    """
    details = details or ModelDetails()
    show = on_progress or (lambda what, done, total: None)
    path = path.expanduser().absolute()
    found = describe_weights(path)
    kind = _kind(details, found)
    title = details.name or text_of("name", name or path.stem, NAME_LIMIT) or "Own model"
    base = None if found.is_lora else checkpoint_base(found, details.base, title)
    files = files_to_bring(path)
    total = sum(file.bytes for file in files)
    files, sha256 = hashed(files, counted(show, "hashing", total))
    rows = warehouse.frame("models_of_weights", sha256=sha256).rows(named=True)
    for row in rows:
        if _is_here(warehouse, row["path"], sha256):
            return _added(row, total, is_new=False)
    listed = rows[0] if rows else None  # of a hub's roster, or with its file gone or damaged
    if base is None:
        asked = details.base or (listed["base_model"] if listed else None)
        base = lora_base(warehouse, found, asked, title)
    place = bring(files, warehouse.home, sha256, counted(show, "bringing", total))
    told = ModelRecord(
        model_version_id=listed["model_version_id"] if listed else 0,
        model_name=details.name or (listed["model_name"] if listed else title),
        version_name=details.version,
        base_model=base.base_model,
        kind=kind,
        tags=details.tags,
        trained_words=details.trained_words,
        downloads=0 if details.downloads is None and not listed else details.downloads,
        path=place,
        sha256=sha256,
        licence=details.licence,
    )
    version_id = _land(warehouse, told, base, person_id)
    (row,) = (
        row
        for row in warehouse.frame("models_of_weights", sha256=sha256).iter_rows(named=True)
        if row["model_version_id"] == version_id
    )
    return _added(row, total, is_new=True)


def add_from_hub(
    warehouse: Warehouse,
    hub_id: str,
    details: ModelDetails | None = None,
    *,
    person_id: str = COMMAND_LINE,
    on_progress: Progress | None = None,
) -> AddedModel:
    """Fetch `OWNER/NAME` from the Hugging Face hub and add it.

    Raises FileFormatError where it cannot be fetched, and what `add_model` raises.
    """
    return add_model(
        warehouse,
        model_folder(hub_id),
        details,
        person_id=person_id,
        on_progress=on_progress,
        name=hub_id.rpartition("/")[2],
    )


def add_uploaded(
    warehouse: Warehouse,
    file: BinaryIO,
    name: str,
    details: ModelDetails | None = None,
    *,
    person_id: str,
    on_progress: Progress | None = None,
) -> AddedModel:
    """Add one uploaded safetensors file called `name`; it is on disk before anything reads it."""
    folder = warehouse.home / OWN_FOLDER / f".upload.{uuid.uuid4().hex}.tmp"
    given = Path(name.replace("\\", "/"))
    try:
        folder.mkdir(parents=True)
        upload = folder / Path(fit_name(given)).with_suffix(given.suffix.lower())
        with upload.open("xb") as copy:
            while chunk := file.read(CHUNK_BYTES):
                if shutil.disk_usage(folder).free < SPARE_BYTES:
                    raise BringError(
                        f"The disk at {warehouse.home} is full: make room, and add it again."
                    )
                copy.write(chunk)
        return add_model(
            warehouse,
            upload,
            details,
            person_id=person_id,
            on_progress=on_progress,
            name=given.stem,
        )
    except OSError as error:
        raise BringError(
            f"{shortened(given.name)} cannot be written to {warehouse.home} ({error.strerror})."
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _kind(details: ModelDetails, found: WeightsDescription) -> str:
    kind = details.kind or ("lora" if found.is_lora else "checkpoint")
    if kind == ("checkpoint" if found.is_lora else "lora"):
        raise ModelDetailsError(
            f"These weights are a {found.layout}, not a {kind}: leave --kind out, or say merge."
        )
    return kind


def _is_here(warehouse: Warehouse, path: str | None, sha256: str) -> bool:
    if path is None:
        return False
    try:
        check_weights(contained_entry(warehouse.home, path), sha256)
    except (PictureError, WrongWeightsError):
        return False
    return True


def _land(warehouse: Warehouse, told: ModelRecord, base: ChosenBase, person_id: str) -> int:
    def work(cursor: duckdb.DuckDBPyConnection) -> int:
        added = told
        if not told.model_version_id:
            lowest = {"lowest": OWN_MODEL_IDS_FROM}
            found = cursor.execute(query_text("next_own_model_id"), lowest).fetchone()
            assert found
            added = replace(told, model_version_id=found[0])
        stage(cursor, "incoming_models", model_frame([added]))
        cursor.execute(query_text("merge_models"))
        if base.checkpoint_version_id is not None:
            cursor.execute(
                query_text("add_model_part"),
                {
                    "model_version_id": added.model_version_id,
                    "part_version_id": base.checkpoint_version_id,
                    "scale": None,
                },
            )
        record(
            cursor,
            "add model",
            str(added.model_version_id),
            person_id=person_id,
            after={
                "model_name": added.model_name,
                "base_model": added.base_model,
                "path": added.path,
                "sha256": added.sha256,
            },
        )
        return added.model_version_id

    return written(warehouse, work)


def _added(row: Mapping[str, Any], size: int, *, is_new: bool) -> AddedModel:
    return AddedModel(
        model_version_id=row["model_version_id"],
        model_name=row["model_name"],
        version_name=row["version_name"] or "",
        kind=row["kind"],
        base_model=row["base_model"] or "",
        path=row["path"],
        sha256=row["sha256"],
        bytes=size,
        is_new=is_new,
    )
