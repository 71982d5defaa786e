"""Features computed elsewhere: Parquet with `image_id` or `prompt_id`, and `vector`."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.errors import EncoderError, FileFormatError
from warehouse.database import Warehouse, query_text
from warehouse.encoder_registry import register_encoder
from warehouse.importers.report import ImportReport, Landed
from warehouse.landing import record


def import_features(warehouse: Warehouse, path: Path, encoder: str) -> ImportReport:
    """Import the features in `path` under the name `encoder`, all or nothing.

    A row whose image or prompt is unknown, or whose vector has another length than the others,
    refuses the file. Vectors that are there already are kept. The first encoder ever brought or
    computed becomes the scoring one.
    """
    if not encoder.strip():
        raise EncoderError("An encoder needs a name.")
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise FileFormatError(path.name, f"is no readable Parquet file: {error}") from error
    kind = "image" if "image_id" in table.column_names else "prompt"
    key = f"{kind}_id"
    if key not in table.column_names or "vector" not in table.column_names:
        raise FileFormatError(path.name, "needs a column vector, and image_id or prompt_id.")
    table = _checked(table, key, path.name)
    with warehouse.transaction() as cursor:
        cursor.register("incoming_features", table)
        checks = cursor.execute(query_text(f"check_incoming_{kind}_features")).fetchone()
        assert checks is not None
        dimension, shortest, unknown, broken = checks
        if unknown is not None:
            raise FileFormatError(path.name, f"{key} {unknown} is not in the warehouse.")
        if broken:
            raise FileFormatError(path.name, f"{broken} vectors hold nulls or are not finite.")
        if dimension is None:
            return ImportReport({f"{kind}_features": Landed()})
        stored = cursor.execute(
            "select dimension from encoders where encoder = $encoder", {"encoder": encoder}
        ).fetchone()
        if dimension == 0 or shortest != dimension or (stored and stored[0] != dimension):
            lengths = sorted({shortest, dimension, *(stored or ())})
            raise FileFormatError(path.name, f"vectors differ in length: {lengths}.")
        register_encoder(cursor, encoder, name=encoder, dimension=dimension)
        added = cursor.execute(query_text(f"land_{kind}_features"), {"encoder": encoder}).fetchall()
        counts = Landed(len(added), 0, table.num_rows - len(added))
        if added:
            record(cursor, "import features", path.name, after={"encoder": encoder, **vars(counts)})
    return ImportReport({f"{kind}_features": counts})


def _checked(table: pa.Table, key: str, name: str) -> pa.Table:
    """The two columns in the warehouse's types, every key once; else FileFormatError."""
    kinds = {
        key: pa.string() if key == "image_id" else pa.int64(),
        "vector": pa.list_(pa.float32()),
    }
    try:
        table = table.select(list(kinds)).cast(pa.schema(list(kinds.items())))
    except (pa.ArrowException, ValueError) as error:
        raise FileFormatError(name, f"column {key} or vector has another type: {error}") from error
    blank = table[key].null_count
    if blank:
        raise FileFormatError(name, f"has {blank} rows without {key}.")
    counts = table.group_by(key).aggregate([(key, "count")])
    twice = counts.filter(pc.greater(counts[f"{key}_count"], 1))[key]
    if len(twice):
        raise FileFormatError(name, f"{key} {twice[0]} stands twice.")
    return table
