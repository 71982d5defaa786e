"""Specifications of the models here, from the tables, kept on disk until a picture changes."""

import hashlib
import os
import re
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import polars as pl

from core.identification.specification import (
    SpecificationError,
    SpecificationSet,
    Vectors,
    specification_set,
)
from warehouse.database import Warehouse
from warehouse.reads import identification as reads
from warehouse.starter.pictures import QUERY_SOURCE

PromptSet = Literal["default", "own", "both"]
PROMPT_SETS: tuple[PromptSet, ...] = get_args(PromptSet)
FOLDER = "identification"
_PARTS = ("model_ids", "prompt_ids", "texts", "features", "centre", "models", "prompts")


class NoSpecificationsError(SpecificationError):
    """Nothing here tells models apart; says what is missing."""


@dataclass(frozen=True)
class Specifications:
    """What is known of the models, by one encoder."""

    encoder: str
    prompt_set: PromptSet
    fingerprint: str
    known: SpecificationSet
    image_ids: tuple[str, ...]  # (n,) of the rows of `known`


def specifications(
    warehouse: Warehouse, encoder: str, prompt_set: PromptSet = "both"
) -> Specifications:
    """Specifications by the features of `encoder`.

    `default` are prompts asked of several models, `own` the prompts of a model's own makers (the
    default ones for models without), `both` all of these. Pictures of queries that are kept apart
    count nowhere. Raises NoSpecificationsError where there is nothing to tell apart.
    """
    fingerprint = specification_fingerprint(warehouse, encoder, prompt_set)
    path = _cache_path(warehouse.home, encoder, prompt_set)
    found = _cached(path, fingerprint)
    if found is None:
        found = _from_tables(warehouse, encoder, prompt_set)
        _keep(path, fingerprint, *found)
    return Specifications(encoder, prompt_set, fingerprint, *found)


def specification_fingerprint(warehouse: Warehouse, encoder: str, prompt_set: PromptSet) -> str:
    """Changes when a picture, its features or a prompt's features do."""
    row = reads.specification_fingerprint(
        warehouse, encoder=encoder, prompt_set=prompt_set, kept_apart=QUERY_SOURCE
    ).row(0)
    return hashlib.sha256(repr((encoder, prompt_set, row)).encode()).hexdigest()


def stacked(frame: pl.DataFrame) -> Vectors:
    """(n, dim) float32 of a column `vector`."""
    if frame.is_empty():
        return np.zeros((0, 0), np.float32)
    flat = frame["vector"].explode().to_numpy().astype(np.float32)
    return np.asarray(flat.reshape(frame.height, -1))


def _from_tables(
    warehouse: Warehouse, encoder: str, prompt_set: PromptSet
) -> tuple[SpecificationSet, tuple[str, ...]]:
    pictures = reads.specification_pictures(
        warehouse, encoder=encoder, prompt_set=prompt_set, kept_apart=QUERY_SOURCE
    )
    texts = reads.specification_texts(warehouse, encoder=encoder, kept_apart=QUERY_SOURCE)
    text_vectors = stacked(texts)
    whole = np.isfinite(text_vectors).all(axis=1)
    worded = texts["prompt_id"].to_numpy()[whole]
    # Damaged features are named by `check`; here they would stop everybody.
    pictures = pictures.filter(pl.col("prompt_id").is_in(worded.tolist()))
    vectors = stacked(pictures)
    fit = np.isfinite(vectors).all(axis=1) if len(vectors) else np.zeros(0, bool)
    pictures, vectors = pictures.filter(pl.Series(fit, dtype=pl.Boolean)), vectors[fit]
    models, prompts = pictures["model_version_id"], pictures["prompt_id"]
    if pictures.is_empty():
        raise NoSpecificationsError(
            "No model has pictures with features to know it by: `python -m warehouse embed` "
            "computes features, Generate makes pictures."
        )
    if models.n_unique() < 2:
        raise NoSpecificationsError(
            "Only one model here has pictures to know it by, so there is nothing to tell apart."
        )
    if prompts.n_unique() < 2:
        raise NoSpecificationsError(
            "All pictures that models are known by are of one prompt: two prompts are the least."
        )
    known = specification_set(
        vectors, models.to_numpy(), prompts.to_numpy(), worded, text_vectors[whole]
    )
    return known, tuple(pictures["image_id"])  # both sorted by model, then prompt, then image


def _cache_path(home: Path, encoder: str, prompt_set: PromptSet) -> Path:
    name = re.sub(r"[^A-Za-z0-9.-]+", "_", encoder)[:60]
    digest = hashlib.sha256(encoder.encode()).hexdigest()[:12]
    return home / FOLDER / f"{name}-{digest}-{prompt_set}.npz"


def _cached(path: Path, fingerprint: str) -> tuple[SpecificationSet, tuple[str, ...]] | None:
    """What was kept, or None where it is not there, out of date or damaged."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            if str(kept["fingerprint"]) != fingerprint:
                return None
            parts: dict[str, npt.NDArray[Any]] = {name: kept[name] for name in _PARTS}
            image_ids = tuple(kept["image_ids"].tolist())
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return SpecificationSet(**parts), image_ids


def _keep(
    path: Path, fingerprint: str, known: SpecificationSet, image_ids: tuple[str, ...]
) -> None:
    """Whole or not at all: written beside, then moved. A full disk costs time, not the answer."""
    parts = {name: getattr(known, name) for name in _PARTS}
    beside: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            beside = Path(file.name)
            np.savez(file, fingerprint=fingerprint, image_ids=np.array(image_ids), **parts)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        if beside is not None:
            beside.unlink(missing_ok=True)
