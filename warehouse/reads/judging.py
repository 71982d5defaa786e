"""Reads of judgments: what people preferred, and the metrics of what they saw."""

from collections.abc import Sequence

import polars as pl

from warehouse.database import Warehouse


def judgments_in_force(warehouse: Warehouse, *, with_simulated: bool) -> pl.DataFrame:
    """Votes and orders that nobody took back, oldest first."""
    return warehouse.frame("judgments_in_force", with_simulated=with_simulated)


def judged_qualities(warehouse: Warehouse, image_ids: Sequence[str]) -> pl.DataFrame:
    """image_id, metric and q of the pictures."""
    return warehouse.frame("judged_qualities", image_ids=list(image_ids))
