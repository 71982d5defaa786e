"""Reads of Generate: how pictures that are here were made."""

from warehouse.database import Warehouse


def picture_recipe(warehouse: Warehouse, image_id: str) -> str | None:
    """The recipe, as JSON, of a picture that was made here and is not hidden; else None."""
    rows = warehouse.frame("picture_recipe", image_id=image_id)
    return None if rows.is_empty() else str(rows["recipe"][0])
