"""Which encoders have features here, and which of them is scored."""

import duckdb

from core.errors import NotFoundError
from warehouse.database import Warehouse, query_text
from warehouse.landing import record


def scoring_encoder(warehouse: Warehouse) -> str | None:
    """Key of the encoder whose features are scored, if any."""
    value = warehouse.value("select value from warehouse_settings where name = 'scoring_encoder'")
    return None if value is None else str(value)


def set_scoring_encoder(warehouse: Warehouse, key: str) -> None:
    """Take the features of encoder `key` for scores from now on; `score` computes them anew.

    Raises NotFoundError where no features of it are known.
    """
    if not warehouse.value("select count(*) from encoders where encoder = $key", {"key": key}):
        raise NotFoundError("encoder", key)
    before = scoring_encoder(warehouse)
    if before == key:
        return
    with warehouse.transaction() as cursor:
        cursor.execute(
            "insert or replace into warehouse_settings (name, value, changed_at) "
            "values ('scoring_encoder', $key, now())",
            {"key": key},
        )
        record(
            cursor, "set scoring encoder", key, before={"encoder": before}, after={"encoder": key}
        )


def register_encoder(
    cursor: duckdb.DuckDBPyConnection,
    key: str,
    *,
    name: str,
    dimension: int,
    preprocessing: str = "unknown",
    weights_sha256: str | None = None,
) -> None:
    """Note an encoder inside the caller's transaction; the first one becomes the scoring one."""
    cursor.execute(
        query_text("register_encoder"),
        {
            "encoder": key,
            "name": name,
            "weights_sha256": weights_sha256,
            "preprocessing": preprocessing,
            "dimension": dimension,
        },
    )
    cursor.execute(
        "insert into warehouse_settings (name, value) select 'scoring_encoder', $encoder "
        "where 'scoring_encoder' not in (select name from warehouse_settings)",
        {"encoder": key},
    )
