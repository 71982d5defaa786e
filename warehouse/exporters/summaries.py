"""One person's judgments and ratings as rows to take away."""

import polars as pl

from warehouse.database import Warehouse
from warehouse.reads import summary as reads
from warehouse.summaries import Asked, Summary


def judgment_rows(warehouse: Warehouse, asked: Asked) -> pl.DataFrame:
    """Every event of the person's sessions that is asked for, undone ones marked, oldest first."""
    return reads.judgment_export(
        warehouse,
        person_id=asked.person_id,
        session_id=asked.session_id,
        tag=asked.tag,
        with_simulated=asked.with_simulated,
    )


def rating_rows(told: Summary, asked: Asked) -> pl.DataFrame:
    """The ranked models of a summary, with what it is of; tag "" stands for prompts without one."""
    of = {"person_id": asked.person_id, "session_id": asked.session_id, "tag": asked.tag}
    return told.models.drop("sha256").with_columns(
        *(pl.lit(value, dtype=pl.String).alias(name) for name, value in of.items()),
        pl.lit(asked.with_simulated).alias("with_simulated"),
    )
