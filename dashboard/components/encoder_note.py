"""Whose features a page compares, and what to do where there are none."""

import polars as pl
import streamlit as st

from dashboard import formats
from dashboard.components.notices import literal, show_empty_warehouse
from dashboard.data import similarity as data

EMBED_COMMAND = ".venv/bin/python -m warehouse embed"


def encoders_and_prompts() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of feature_encoders and compared_prompts; where there are none, the page ends here."""
    encoders = data.feature_encoders()
    prompts = data.compared_prompts("".join(encoders["encoder"].head(1)))
    if prompts.is_empty():
        show_empty_warehouse("prompts")
        st.stop()
    if encoders.is_empty():
        show_no_features()
        st.stop()
    return encoders, prompts


def encoder_note(encoders: pl.DataFrame, encoder: str) -> None:
    """Name the encoder (rows of feature_encoders) that all figures come from."""
    row = encoders.row(by_predicate=pl.col("encoder") == encoder, named=True)
    scored = ", the encoder that scores come from" if row["scores"] else ""
    st.caption(
        f"Features: {literal(encoder)}{scored}; {formats.whole(row['dimension'])} numbers for each "
        f"of {formats.whole(row['images'])} pictures."
    )


def show_no_features() -> None:
    """Why nothing can be compared yet, and the command that changes it."""
    with st.container(border=True):
        st.subheader("No features yet", anchor=False)
        st.write(
            "Pictures are compared by the features that an image encoder gives them, and no "
            "picture here has any. Stop the dashboard, compute them, then start it again:"
        )
        st.code(EMBED_COMMAND, language=None, wrap_lines=True)
        st.write(
            "Features computed elsewhere come in by `python -m warehouse import features FILE "
            "--encoder NAME`."
        )
