"""A model with LoRAs laid over it is a model of its own: judgments on it stay its own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import duckdb

from core.errors import NotFoundError, shortened
from core.generation.request import NAME_LIMIT, RequestError
from warehouse.database import Warehouse, query_text
from warehouse.generation.catalogue import UsableModel, usable_models
from warehouse.importers.folder import OWN_MODEL_IDS_FROM
from warehouse.landing import record, stage
from warehouse.records import ModelRecord, model_frame
from warehouse.selections import written

Parts = Mapping[int, float | None]  # version ids with their scales; the checkpoint has none
Rows = Mapping[int, Mapping[str, Any]]  # of generation_models.sql, by version id


def combined_model(
    warehouse: Warehouse,
    checkpoint_version_id: int,
    loras: Sequence[tuple[int, float]],
    person_id: str,
) -> int:
    """Version id of a model with LoRAs at these scales, found or added; kind merge.

    The model may bring LoRAs itself. LoRAs of scale 0 change nothing and are left out. Raises
    NotFoundError, and RequestError where one cannot be used, or is named twice.
    """

    def work(cursor: duckdb.DuckDBPyConnection) -> int:
        models = {model.model_version_id: model for model in usable_models(warehouse)}
        rows = {
            row["model_version_id"]: row
            for row in warehouse.frame("generation_models").iter_rows(named=True)
        }
        model = _usable(models, checkpoint_version_id)
        extra = [(_usable(models, lora_id), scale) for lora_id, scale in loras if scale]
        parts = _parts(models, rows, model, extra)
        for each in models.values():
            if not each.problem and _own_parts(models, rows, each) == parts:
                return each.model_version_id
        return _add(cursor, rows, model, extra, parts, person_id)

    return written(warehouse, work)


def _usable(models: Mapping[int, UsableModel], version_id: int) -> UsableModel:
    if version_id not in models:
        raise NotFoundError("model", version_id)
    if problem := models[version_id].problem:
        raise RequestError(problem)
    return models[version_id]


def _parts(
    models: Mapping[int, UsableModel],
    rows: Rows,
    model: UsableModel,
    extra: Sequence[tuple[UsableModel, float]],
) -> Parts:
    """The checkpoint, then every LoRA; combined models are taken apart."""
    parts = _own_parts(models, rows, model)
    for lora, scale in extra:
        name, version_id = lora.model_name, lora.model_version_id
        if not lora.loras or _is_combined(rows, lora):
            raise RequestError(f"{shortened(name)} is no LoRA: it cannot be laid over a model.")
        if version_id in parts:
            raise RequestError(f"{shortened(name)} is named twice: name it once, with one scale.")
        parts[version_id] = replace(lora.loras[0], scale=scale).scale
    return parts


def _own_parts(
    models: Mapping[int, UsableModel], rows: Rows, model: UsableModel
) -> dict[int, float | None]:
    if _is_combined(rows, model):
        return _stored_parts(rows, model)
    if not model.loras:
        return {model.model_version_id: None}
    checkpoint = next(
        each.model_version_id
        for each in models.values()
        if each.checkpoint == model.checkpoint and not each.loras
    )
    return {checkpoint: None, model.model_version_id: 1.0}


def _stored_parts(rows: Rows, model: UsableModel) -> dict[int, float | None]:
    stored = rows[model.model_version_id]["parts"]
    return {each["part_version_id"]: each["scale"] for each in stored}


def _is_combined(rows: Rows, model: UsableModel) -> bool:
    return any(scale is not None for scale in _stored_parts(rows, model).values())


def _add(
    cursor: duckdb.DuckDBPyConnection,
    rows: Rows,
    model: UsableModel,
    extra: Sequence[tuple[UsableModel, float]],
    parts: Parts,
    person_id: str,
) -> int:
    scaled = [f"{lora.model_name} {scale:g}" for lora, scale in extra]
    made_of = [rows[part] for part in parts]
    found = cursor.execute(
        query_text("next_own_model_id"), {"lowest": OWN_MODEL_IDS_FROM}
    ).fetchone()
    assert found
    added = ModelRecord(
        model_version_id=found[0],
        model_name=" + ".join([model.model_name, *scaled])[:NAME_LIMIT],
        base_model=model.base_model or None,
        kind="merge",
        downloads=0,  # no hub has it; without a count its pictures would have no GRE-Score
        tags=tuple(dict.fromkeys(tag for row in made_of for tag in row["tags"])),
        trained_words=tuple(
            dict.fromkeys(word for row in made_of for word in row["trained_words"])
        ),
    )
    stage(cursor, "incoming_models", model_frame([added]))
    cursor.execute(query_text("merge_models"))
    for part, scale in parts.items():
        cursor.execute(
            query_text("add_model_part"),
            {
                "model_version_id": added.model_version_id,
                "part_version_id": part,
                "scale": scale,
            },
        )
    record(
        cursor,
        "combine model",
        str(added.model_version_id),
        person_id=person_id,
        after={"model_name": added.model_name, "parts": {str(k): v for k, v in parts.items()}},
    )
    return added.model_version_id
