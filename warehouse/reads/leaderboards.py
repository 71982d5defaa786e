"""Reads of leaderboards: judgments of a slice, and whose pictures were judged."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from warehouse.database import Warehouse


def rated_judgments(
    warehouse: Warehouse,
    *,
    with_simulated: bool,
    tag: str | None = None,
    prompt_ids: Sequence[int] | None = None,
    role: str | None = None,
    person_id: str | None = None,
    campaign: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> pl.DataFrame:
    """Votes and orders in force of a slice, oldest first."""
    return warehouse.frame(
        "rated_judgments",
        with_simulated=with_simulated,
        tag=tag,
        prompt_ids=None if prompt_ids is None else list(prompt_ids),
        role=role,
        person_id=person_id,
        campaign=campaign,
        since=since,
        until=until,
    )


def judged_models(warehouse: Warehouse) -> pl.DataFrame:
    """image_id, model_version_id and base_model of all pictures that were judged."""
    return warehouse.frame("judged_models")


def model_names(warehouse: Warehouse) -> pl.DataFrame:
    """model_version_id and the name of every model with its version."""
    return warehouse.frame("model_names")
