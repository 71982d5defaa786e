"""A heat map as a CSV file: a line and a column for each model, in the order shown."""

import re

import polars as pl
import streamlit as st

from dashboard.components.similarity.heat_map import HeatMap


def matrix_csv(told: HeatMap) -> str:
    """The similarities of `told`, to seven decimals; empty where there is none."""
    columns = {
        "model_version_id": [int(entry.id) for entry in told.axis],
        "model": [entry.name for entry in told.axis],
        "about": [entry.detail for entry in told.axis],
    }
    values = {entry.id: told.values[:, place] for place, entry in enumerate(told.axis)}
    frame = pl.DataFrame(columns | values).with_columns(pl.col(list(values)).fill_nan(None))
    return frame.write_csv(float_precision=7)


def matrix_button(told: HeatMap, encoder: str) -> None:
    """Download the map as it is ordered now; the file's name says whose features they are."""
    name = re.sub(r"[^\w.-]+", "-", f"similarity-{told.name}-{encoder}")
    st.download_button(
        "CSV",
        lambda: matrix_csv(told),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        key=f"similarity.csv.{told.name}",
        on_click="ignore",
        help="All similarities of this map as a table.",
    )
