"""Adding one's own models on the screen; the role is checked here."""

from pathlib import Path
from typing import BinaryIO

from core.errors import NotAllowedError, NotFoundError, shortened
from dashboard import freshness, generation
from dashboard.access import current_person
from dashboard.resources import warehouse
from warehouse.generation import adding
from warehouse.generation.adding import AddedModel
from warehouse.generation.model_details import ModelDetails
from warehouse.importers.hub import is_hub_id
from warehouse.importers.report import Progress


def may_add() -> bool:
    """Whether the person at the screen may add models."""
    return current_person().may(generation.ADDS_MODELS)


def add_upload(
    file: BinaryIO, name: str, details: ModelDetails, on_progress: Progress
) -> AddedModel:
    """Add a file that was uploaded. Raises NotAllowedError and what `add_uploaded` raises."""
    person_id = _allowed()
    added = adding.add_uploaded(
        warehouse(), file, name, details, person_id=person_id, on_progress=on_progress
    )
    freshness.pictures_changed()
    return added


def add_named(place: str, details: ModelDetails, on_progress: Progress) -> AddedModel:
    """Add a hub id, or else what lies at a path of this machine.

    Raises NotAllowedError, NotFoundError and what `add_model` and `add_from_hub` raise.
    """
    person_id = _allowed()
    path = _path(place)
    if is_hub_id(place) and not path.exists():
        added = adding.add_from_hub(
            warehouse(), place, details, person_id=person_id, on_progress=on_progress
        )
    else:
        added = adding.add_model(
            warehouse(), path, details, person_id=person_id, on_progress=on_progress
        )
    freshness.pictures_changed()
    return added


def _path(place: str) -> Path:
    try:
        path = Path(place).expanduser()
        path.exists()
    except (OSError, RuntimeError, ValueError) as error:  # a name too long, no such person's home
        raise NotFoundError("file or folder", shortened(place)) from error
    return path


def _allowed() -> str:
    if not may_add():
        raise NotAllowedError("add models", generation.ADDS_MODELS.name.lower())
    return current_person().person_id
