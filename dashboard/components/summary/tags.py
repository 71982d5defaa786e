"""The same summary tag by tag."""

import polars as pl
import streamlit as st

from dashboard.components.summary.choice import NO_TAG
from warehouse.summaries import Summary


def tags(by_tag: dict[str, Summary]) -> None:
    """A line for each tag: the favourite there, how sure, and agreement with the GRE-Score."""
    st.dataframe(
        pl.DataFrame([_line(tag, told) for tag, told in by_tag.items()], schema=_SCHEMA),
        hide_index=True,
        key="summary.tags",
        column_config={
            "Chance": st.column_config.NumberColumn(
                format="%.0f%%", help="Chance of the favourite against an average model of the tag"
            ),
            "Best": st.column_config.NumberColumn(
                format="%.0f%%", help="Probability that it is the best of those judged"
            ),
        },
    )


def _line(tag: str, told: Summary) -> dict[str, object]:
    line: dict[str, object] = {
        "Tag": tag or NO_TAG,
        "Judgments": told.judgments,
        "Models": told.models.height,
    }
    first = told.favourite
    if first:
        line |= {
            "Favourite": f"{first['model_name']} {first['version_name']}".strip(),
            "Chance": 100 * first["chance"],
            "95 % interval": f"{first['lower']:.0%} to {first['upper']:.0%}",
            "Best": 100 * first["first"],
        }
    return line


_SCHEMA = {
    "Tag": pl.String,
    "Favourite": pl.String,
    "Chance": pl.Float64,
    "95 % interval": pl.String,
    "Best": pl.Float64,
    "Models": pl.Int64,
    "Judgments": pl.Int64,
}
