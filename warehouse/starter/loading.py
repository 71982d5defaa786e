"""Loads the starter world that ships with the project: models, pictures, features, judgments."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from core.encoders import EncoderIdentity
from core.errors import StarterMixError
from core.settings import Settings
from core.starter.cells import cells_of
from core.starter.manifest import ENCODER_FOLDER, FEATURES_FOLDER, WORLD, ShippedFile, check_files
from core.starter.roster import roster
from warehouse.database import Warehouse
from warehouse.encoder_registry import register_encoder
from warehouse.importers.features import import_features
from warehouse.importers.report import Landed, Progress
from warehouse.landing import land, record
from warehouse.scoring import score
from warehouse.starter.people import land_people
from warehouse.starter.pictures import land_specifications, starter_prompts, stored_images
from warehouse.starter.weights import copy_weights, put_settings, starter_models

BEGUN, FINISHED = "load starter world", "finish starter world"  # in the audit log
PREPROCESSING = "squash"


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
    copy_weights(world, warehouse.home, files)
    cells = {cell.image_id: cell for entry in entries for cell in cells_of(entry)}
    images = list(stored_images(world, warehouse.home, cells, settings, show))
    tables = land(
        warehouse,
        BEGUN,
        "starter",
        models=starter_models(files),
        prompts=starter_prompts(cells.values()),
        images=images,
    )
    put_settings(warehouse)
    tables |= land_specifications(warehouse)
    show("features", 0, 1)
    tables |= _land_features(warehouse, world, files)
    show("features", 1, 1)
    score(warehouse)
    tables |= land_people(warehouse)
    with warehouse.transaction() as cursor:
        record(cursor, FINISHED, "starter")
    return StarterReport(tables)


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
