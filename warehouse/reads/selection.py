"""Reads of the selection basket."""

import polars as pl

from warehouse.database import Warehouse


def basket(warehouse: Warehouse, *, person_id: str) -> pl.DataFrame:
    """The pictures in a person's basket that are not hidden, in the order of picking."""
    return warehouse.frame("basket", person_id=person_id)


def last_gesture(warehouse: Warehouse, *, person_id: str) -> pl.DataFrame:
    """The last gesture that an undo would take back; no row when there is none."""
    return warehouse.frame("last_gesture", person_id=person_id)
