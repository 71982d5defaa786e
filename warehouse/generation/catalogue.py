"""Which models can make pictures on this machine, from what, and how they are best asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.errors import GemboardError, PictureError, shortened
from core.generation.families import family_of_base
from core.generation.request import NAME_LIMIT, Lora, RequestError, Weights
from core.generation.weights_files import INDEX, UnfitWeightsError, describe_weights
from warehouse.database import Warehouse
from warehouse.pictures import contained_entry

Row = Mapping[str, Any]  # of generation_models.sql

_SIDES_PX = {"SD 1": 512, "SD 2": 768, "SDXL": 1024}


@dataclass(frozen=True)
class BaseSettings:
    """How pictures of one base are asked for where nobody says otherwise."""

    width: int = 512  # px
    height: int = 512  # px
    steps: int = 30  # GEMRec, section 3.1: Euler a, 30 steps, CFG 7
    cfg_scale: float = 7.0
    sampler: str = "Euler a"
    guidance_rescale: float = 0.0


@dataclass(frozen=True)
class UsableModel:
    """A model version whose pictures can be made here, or why they cannot."""

    model_version_id: int
    model_name: str
    version_name: str
    kind: str  # checkpoint, lora or merge
    base_model: str
    downloads: int | None
    checkpoint: Weights | None  # what is loaded; None: see problem
    loras: tuple[Lora, ...]  # what is laid over it: of a LoRA, itself
    places: Mapping[str, Path]  # SHA-256 of all these -> where they lie, absolute
    problem: str = ""  # one sentence with the way out; empty: usable


def usable_models(warehouse: Warehouse) -> tuple[UsableModel, ...]:
    """Every model version, the usable ones first, by downloads."""
    roster = _Roster(warehouse)
    models = [roster.usable(row) for row in roster.rows.values()]
    return tuple(sorted(models, key=lambda model: bool(model.problem)))


def places_of(warehouse: Warehouse, hashes: set[str]) -> dict[str, Path]:
    """Where weights lie, by their hash; those that are not here are left out."""
    rows = warehouse.frame("weights_places", hashes=sorted(hashes))
    places: dict[str, Path] = {}
    for sha256, path in rows.iter_rows():
        place = _place(warehouse.home, path)
        if place is not None:
            places.setdefault(sha256, place)
    return places


def base_settings(warehouse: Warehouse, base_model: str) -> BaseSettings:
    """What pictures of this base are best asked with."""
    stored = warehouse.frame("base_settings", base_model=base_model)
    if not stored.is_empty():
        return BaseSettings(**stored.row(0, named=True))
    side_px = _SIDES_PX.get(family_of_base(base_model) or "own", BaseSettings.width)
    return BaseSettings(width=side_px, height=side_px)


class _Roster:
    """The models as one question needs them: rows by id, checkpoints by base."""

    def __init__(self, warehouse: Warehouse) -> None:
        rows = warehouse.frame("generation_models").iter_rows(named=True)
        self.rows: dict[int, Row] = {row["model_version_id"]: row for row in rows}
        self._home = warehouse.home
        self._places: dict[str, Path | None] = {}
        self._checkpoints: dict[str, Row] = {}  # of each base, that with most downloads
        for row in self.rows.values():
            if row["base_model"] and self._is_checkpoint(row):
                self._checkpoints.setdefault(row["base_model"].lower(), row)

    def usable(self, row: Row) -> UsableModel:
        """How the model's pictures are made, or why they cannot be."""
        try:
            checkpoint, loras = self._made_of(row)
            weights = self._weights(checkpoint)
            laid_over = tuple(self._lora(part, scale) for part, scale in loras)
        except (_UnusableError, RequestError) as error:
            return self._told(row, None, (), {}, str(error))
        places = {
            part["sha256"]: self._place(part) for part in (checkpoint, *(lora for lora, _ in loras))
        }
        return self._told(
            row,
            weights,
            laid_over,
            {sha256: place for sha256, place in places.items() if place is not None},
            "",
        )

    def _made_of(self, row: Row) -> tuple[Row, list[tuple[Row, float]]]:
        """Its checkpoint's row, and those of its LoRAs with their scales."""
        parts = [(self.rows.get(each["part_version_id"]), each["scale"]) for each in row["parts"]]
        if any(part is None for part, _ in parts):
            raise _UnusableError(f"A part of {_quoted(row)} is not in the warehouse: add it again.")
        bases = [part for part, scale in parts if part is not None and scale is None]
        loras = [(part, scale) for part, scale in parts if part is not None and scale is not None]
        if loras:
            return bases[0] if bases else self._base_of(row), loras
        if self._is_lora(row):
            return bases[0] if bases else self._base_of(row), [(row, 1.0)]
        return row, []

    def _base_of(self, row: Row) -> Row:
        found = self._checkpoints.get((row["base_model"] or "").lower())
        if found is None:
            base = shortened(row["base_model"]) if row["base_model"] else "a base that nobody named"
            raise _UnusableError(
                f"{_quoted(row)} is a LoRA for {base}, and no checkpoint of it is here: add one "
                "with `python -m warehouse add model`."
            )
        return found

    def _is_checkpoint(self, row: Row) -> bool:
        return bool(
            not row["parts"]
            and row["kind"] != "lora"
            and self._place(row) is not None
            and not self._is_lora(row)
        )

    def _is_lora(self, row: Row) -> bool:
        """Whether it lies over a checkpoint; of a merge, its file tells."""
        if row["kind"] != "merge":
            return bool(row["kind"] == "lora")
        place = self._place(row)
        if place is None:
            return False
        if place.is_dir():
            return not (place / INDEX).is_file()
        stat = place.stat()
        return _file_is_lora(place, stat.st_size, stat.st_mtime_ns)

    def _weights(self, row: Row) -> Weights:
        self._checked(row)
        return Weights(_name(row), row["sha256"])

    def _lora(self, row: Row, scale: float) -> Lora:
        self._checked(row)
        return Lora(_name(row), row["sha256"], scale)

    def _checked(self, row: Row) -> None:
        if row["path"] is None:
            raise _UnusableError(
                f"The weights of {_quoted(row)} are not here: add their file with "
                "`python -m warehouse add model`."
            )
        if self._place(row) is None:
            raise _UnusableError(
                f"The weights of {_quoted(row)} are not at {shortened(row['path'])} in the home: "
                "put them back, or add them anew."
            )
        if row["sha256"] is None:
            raise _UnusableError(
                f"The weights of {_quoted(row)} have no hash, so nothing tells whether they are "
                "right: add them anew with `python -m warehouse add model`."
            )

    def _place(self, row: Row) -> Path | None:
        path = row["path"]
        if path is None:
            return None
        if path not in self._places:
            self._places[path] = _place(self._home, path)
        return self._places[path]

    def _told(
        self,
        row: Row,
        checkpoint: Weights | None,
        loras: tuple[Lora, ...],
        places: Mapping[str, Path],
        problem: str,
    ) -> UsableModel:
        return UsableModel(
            row["model_version_id"],
            row["model_name"],
            row["version_name"] or "",
            row["kind"],
            row["base_model"] or "",
            row["downloads"],
            checkpoint,
            loras,
            places,
            problem,
        )


class _UnusableError(GemboardError):
    """Why no picture of a model can be made."""


@lru_cache(maxsize=1_000)
def _file_is_lora(path: Path, size: int, mtime_ns: int) -> bool:
    """What the header of a file tells; size and time only tell the cache of changes."""
    try:
        return describe_weights(path).is_lora
    except UnfitWeightsError:
        return False


def _place(home: Path, path: str) -> Path | None:
    """Where weights lie, inside the home and nowhere else; None where they do not."""
    try:
        return contained_entry(home, path)
    except PictureError:
        return None


def _name(row: Row) -> str:
    """The model's name as a recipe carries it."""
    name = " ".join(f"{row['model_name']} {row['version_name'] or ''}".split())
    readable = "".join(letter for letter in name if letter.isprintable())[:NAME_LIMIT].strip()
    return readable or str(row["model_version_id"])


def _quoted(row: Row) -> str:
    return shortened(row["model_name"])
