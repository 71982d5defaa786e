"""Pairs as files: model_a, model_b, winner, the form that public tools for arenas read."""

from pathlib import Path

import numpy as np
import polars as pl

from core.errors import FileFormatError, RowError
from core.leaderboards.comparisons import FIRST, SECOND, TIE, Comparisons, votes_of_places
from core.leaderboards.resampled import played_pairs
from warehouse.exporters.tables import csv_file, parquet_file
from warehouse.leaderboards import Judged

COLUMNS = ("model_a", "model_b", "winner")
A, B, EVEN, BOTH_BAD = "model_a", "model_b", "tie", "both_bad"
WINNERS = {A: FIRST, B: SECOND, EVEN: TIE, BOTH_BAD: None, "tie (bothbad)": None}


def read_pairs(path: Path) -> Comparisons:
    """The comparisons of a CSV or Parquet file, in its order; other columns are left aside.

    Both bad says nothing about which is better and is left out. Raises FileFormatError for a file
    that is none or lacks a column, and RowError for the first row with a winner or a name that
    cannot be; rows of a CSV count from 1, the header.
    """
    rows = _read(path)
    for column in COLUMNS[:2]:
        empty = rows[column].is_null() | (rows[column].str.strip_chars() == "")
        if empty.any():
            raise _fault(path, rows, empty, column, "names no model")
    known = rows["winner"].is_in(list(WINNERS))
    if not known.all():
        raise _fault(path, rows, ~known, "winner", f"is none of {', '.join(list(WINNERS)[:4])}")
    rows = rows.filter(~rows["winner"].is_in([BOTH_BAD, "tie (bothbad)"]))
    names = pl.concat([rows["model_a"], rows["model_b"]])
    models = names.unique(maintain_order=True)
    places = {model: place for place, model in enumerate(models)}
    outcomes = {name: value for name, value in WINNERS.items() if value is not None}
    return votes_of_places(
        tuple(models),
        rows["model_a"].replace_strict(places, return_dtype=pl.Int64).to_numpy(),
        rows["model_b"].replace_strict(places, return_dtype=pl.Int64).to_numpy(),
        rows["winner"].replace_strict(outcomes, return_dtype=pl.Float64).to_numpy(),
    )


def pairs_frame(judged: Judged) -> pl.DataFrame:
    """Judgments as pairs of model_version_id, and where each comes from.

    A vote is one row with its sides as shown; a sorted batch gives a row for each pair that it
    orders, all with its judgment_id, since tools that read pairs know no batches. Both bad stays.
    """
    played, models = played_pairs(judged.comparisons), judged.comparisons.models
    rows = judged.judgments.with_row_index("number")
    places = pl.DataFrame(
        {
            "number": played.judgments.astype("uint32"),
            "model_a": [models[place] for place in played.first],
            "model_b": [models[place] for place in played.second],
            "winner": [_word(outcome) for outcome in played.outcomes],
        },
        schema_overrides={"model_a": pl.Int64, "model_b": pl.Int64, "winner": pl.String},
    )
    bad = judged.both_bad.with_columns(pl.lit(BOTH_BAD).alias("winner"))
    told = rows.select("number", "judgment_id", "person_id", "prompt_id", "created_at", "simulated")
    pairs = pl.concat([places, bad]).sort("number", maintain_order=True)
    return pairs.join(told, on="number", maintain_order="left").drop("number")


def write_pairs(path: Path, judged: Judged) -> None:
    """`pairs_frame` as CSV, or as Parquet where the name says so."""
    rows = pairs_frame(judged)
    as_file = parquet_file if path.suffix.lower() == ".parquet" else csv_file
    path.write_bytes(as_file(rows))


def _word(outcome: float) -> str:
    return EVEN if outcome == TIE else A if outcome == FIRST else B


def _read(path: Path) -> pl.DataFrame:
    try:
        if path.suffix.lower() == ".parquet":
            rows = pl.read_parquet(path)
        else:
            rows = pl.read_csv(path, infer_schema=False, encoding="utf8")
    except FileNotFoundError as error:
        raise FileFormatError(path.name, "there is no such file.") from error
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else "it cannot be read"
        raise FileFormatError(path.name, f"is no CSV or Parquet file: {reason}") from error
    missing = [column for column in COLUMNS if column not in rows.columns]
    if missing:
        raise FileFormatError(
            path.name, f"lacks the column {missing[0]}; it needs {', '.join(COLUMNS)}."
        )
    return rows.select(pl.col(COLUMNS).cast(pl.String))


def _fault(path: Path, rows: pl.DataFrame, bad: pl.Series, column: str, reason: str) -> RowError:
    place = int(np.flatnonzero(bad.to_numpy())[0])
    return RowError(path.name, place + 2, column, rows[column][place], reason)
