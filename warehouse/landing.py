"""How rows land: staged as a relation of one cursor, merged by plain SQL, in one transaction."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import polars as pl

from warehouse import records
from warehouse.database import Warehouse, query_text
from warehouse.importers.report import Landed
from warehouse.records import ImageRecord, ModelRecord, PromptRecord

COMMAND_LINE = "command line"  # who did it, where nobody is signed in


def stage(cursor: duckdb.DuckDBPyConnection, name: str, rows: pl.DataFrame) -> None:
    """Make `rows` readable as relation `name` for this cursor alone."""
    cursor.register(name, rows.to_arrow())


def land(
    warehouse: Warehouse,
    action: str,
    subject: str,
    *,
    models: Sequence[ModelRecord] = (),
    prompts: Sequence[PromptRecord] = (),
    images: Sequence[ImageRecord] = (),
) -> dict[str, Landed]:
    """Merge all rows in one transaction, with an audit entry when anything changed.

    Rows must have passed the checks of `importers.conflicts`; returns counts by table.
    """
    staged = {
        "models": records.model_frame(models),
        "prompts": records.prompt_frame(prompts),
        "images": records.image_frame(images),
        "image_metrics": records.metric_frame(images),
    }
    relations = {"image_metrics": "incoming_metrics"}
    landed = {}
    with warehouse.transaction() as cursor:
        for table, rows in staged.items():
            if not rows.height:
                continue
            stage(cursor, relations.get(table, f"incoming_{table}"), rows)
            actions = Counter(
                row[0] for row in cursor.execute(query_text(f"merge_{table}")).fetchall()
            )
            added, changed = actions["INSERT"], actions["UPDATE"]
            landed[table] = Landed(added, changed, rows.height - added - changed)
        if any(counts.added or counts.changed for counts in landed.values()):
            counts = {table: vars(count) for table, count in landed.items()}
            record(cursor, action, subject, after=counts)
    return landed


def record(
    cursor: duckdb.DuckDBPyConnection,
    action: str,
    subject: str,
    *,
    person_id: str = COMMAND_LINE,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write one entry of the audit log, inside the caller's transaction."""
    cursor.execute(
        "insert into audit (person_id, action, subject, before, after) "
        "values ($person_id, $action, $subject, $before, $after)",
        {
            "person_id": person_id,
            "action": action,
            "subject": subject,
            "before": None if before is None else json.dumps(before),
            "after": None if after is None else json.dumps(after),
        },
    )
