"""The canvas of the map that was chosen, with its colours and labels."""

import zlib
from typing import Any

import polars as pl

from dashboard import formats, profiles
from dashboard.components.map.colours import palette
from dashboard.components.map.controls import Choice
from dashboard.components.map.picture_map import DrawnMap, picture_map
from dashboard.data import map as data


def map_view(
    choice: Choice,
    kept: dict[str, Any],
    points: pl.DataFrame,
    models: pl.DataFrame,
    prompts: pl.DataFrame,
) -> str | None:
    """Show rows of map_points; returns the id just opened, if any."""
    on_map = _in_order(points, "model_version_id", models)
    asked = _in_order(points, "prompt_id", prompts)
    token = f"{kept['projection_id']}-{kept['placed_later']}-{_fingerprint(points):08x}"
    drawn = DrawnMap(
        name="all pictures"
        if choice.prompt is None
        else formats.shortened(choice.prompt["prompt"], 200),
        token=token,
        points=points,
        models=on_map,
        prompts=asked,
        labels=data.map_labels(
            profiles.scores_revision(), choice.encoder, kept["projection_id"], kept["placed_later"]
        ),
        colour=palette(choice.colour, points, on_map, asked, choice.models),
    )
    return picture_map(drawn)


def _in_order(points: pl.DataFrame, key: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of those that the points name, in the order of `rows`; unknown ones last, all null."""
    named = points.select(pl.col(key).unique()).join(
        rows.with_row_index("place"), on=key, how="left", nulls_equal=True
    )
    return named.sort("place", key, nulls_last=True).drop("place")


def _fingerprint(points: pl.DataFrame) -> int:
    """Another one whenever order, scores or pictures change."""
    return zlib.crc32(points.hash_rows(seed=0).to_numpy().tobytes())
