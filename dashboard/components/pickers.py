"""Pickers that several pages share: one of a few, and the encoder."""

from collections.abc import Collection
from typing import Any

import polars as pl
import streamlit as st


def segments(label: str, options: dict[str, str], key: str, **more: Any) -> str:
    """One of a few `options` (value to words), the first one at first; kept under `key`."""
    first = next(iter(options))
    chosen = st.segmented_control(
        label,
        list(options),
        format_func=options.__getitem__,
        default=None if key in st.session_state else first,
        required=True,
        key=key,
        persist_state="session",
        **more,
    )
    return str(chosen or first)


def encoder_picker(encoders: pl.DataFrame, key: str, **more: Any) -> str:
    """The encoder (rows of feature_encoders) whose features are shown; asks if several."""
    names = encoders["encoder"].to_list()
    if len(names) == 1:
        return str(names[0])
    if st.session_state.get(key) not in names:
        st.session_state[key] = names[0]
    return str(
        st.selectbox(
            "Encoder",
            names,
            key=key,
            persist_state="session",
            width=320,
            help="Whose features are compared. The first one is what scores are computed from.",
            **more,
        )
    )


def widest_prompt(rows: Collection[dict[str, Any]]) -> int:
    """The prompt to begin with: shown by the most models, of several the one with the first id.

    Rows tell prompt_id, models and how many pictures the page can use (featured, else images); a
    prompt without such pictures comes last.
    """
    best = max(
        rows,
        key=lambda row: (
            bool(row.get("featured", row.get("images"))),
            row["models"],
            -row["prompt_id"],
        ),
    )
    return int(best["prompt_id"])
