"""Rows as files that a spreadsheet or a notebook opens."""

import json
from io import BytesIO

import polars as pl

_FORMULA = "^[=+\\-@\t\r\n]"  # what spreadsheets run


def csv_file(rows: pl.DataFrame) -> bytes:
    """CSV in UTF-8 with a mark that spreadsheets know; texts that begin a formula get a quote.

    Lists are written as JSON.
    """
    lists = [name for name, kind in rows.schema.items() if isinstance(kind, pl.List)]
    as_json = [
        pl.Series(
            name,
            [None if cell is None else json.dumps(cell.to_list()) for cell in rows[name]],
            pl.String,
        )
        for name in lists
    ]
    defused = pl.col(pl.String).str.replace(_FORMULA, "'$0")
    flat = rows.with_columns(as_json).with_columns(defused)
    return b"\xef\xbb\xbf" + flat.write_csv().encode()


def parquet_file(rows: pl.DataFrame) -> bytes:
    """Parquet, with texts as they are."""
    buffer = BytesIO()
    rows.write_parquet(buffer)
    return buffer.getvalue()
