"""The dataset card of Home: counts, marks, sources and the weights in force."""

from collections.abc import Mapping

import polars as pl
import streamlit as st

from dashboard import formats, terms
from dashboard.components.fact_list import Fact, fact_list

COUNTS = (
    ("prompts", "Prompts"),
    ("models", "Models"),
    ("images", "Images"),
    ("pictures", "With a picture"),
    ("scored_images", "With a GRE-Score"),
    ("judgments", "Judgments"),
)


def counts_row(counts: Mapping[str, int], *, with_simulated: bool) -> None:
    """The main counts in one row; simulated judgments only where they are asked for."""
    left_out = 0 if with_simulated else counts["simulated_judgments"]
    with st.container(border=True), st.grid(6, min_column_width=120):
        for name, label in COUNTS:
            help_text = terms.GRE_SCORE if name == "scored_images" else None
            count = counts[name] - (left_out if name == "judgments" else 0)
            st.metric(label, formats.whole(count), help=help_text)


def marks(counts: Mapping[str, int]) -> None:
    """What of the data is synthetic, hidden or not there."""
    synthetic, simulated = counts["simulated_images"], counts["simulated_judgments"]
    missing = counts["images"] - counts["pictures"]
    with st.container(horizontal=True, gap="xsmall"):
        if synthetic:
            text = f"synthetic pictures: {_share(synthetic, counts['images'])}"
            st.badge(text, icon=":material/experiment:", color="orange")
        if simulated:
            text = f"simulated judgments: {_share(simulated, counts['judgments'])}"
            st.badge(text, icon=":material/experiment:", color="orange")
        if counts["hidden_images"]:
            text = f"hidden as NSFW: {formats.whole(counts['hidden_images'])}"
            st.badge(text, icon=":material/visibility_off:", color="gray")
        if missing:
            text = f"metadata only: {formats.whole(missing)}"
            st.badge(text, icon=":material/hide_image:", color="gray")


def coverage_words(counts: Mapping[str, int]) -> str:
    """The coverage of the grid in one sentence."""
    cells = counts["prompts"] * counts["models"]
    share = counts["cells"] / cells if cells else 0.0
    return (
        f"{_share(counts['cells'], cells)} cells of the prompt × model grid hold an image "
        f"({share:.1%}). Models run from most to least downloaded, prompts by tag; "
        "point at a cell for its names."
    )


def sources(rows: pl.DataFrame) -> None:
    """Images by source, synthetic ones marked."""
    if rows.is_empty():
        st.caption("No images yet.")
        return
    most = int(rows["images"].sum())
    fact_list(
        [
            Fact(
                source if not simulated or "synthetic" in source else f"{source} (synthetic)",
                formats.whole(images),
                share=images / most,
            )
            for source, simulated, images in rows.iter_rows()
        ],
        key="home.sources",
    )


def profile(rows: pl.DataFrame) -> None:
    """The active weight profile with its lambdas."""
    if rows.is_empty():
        st.caption("No weight profile is active, so nothing has a GRE-Score.")
        return
    most = max(1.0, max(abs(value) for value in rows["lambda"]))
    first = rows.row(0, named=True)
    facts = [
        Fact(
            f"λ {row['label']}",
            formats.plain_number(row["lambda"]),
            help=terms.METRIC_HELP.get(row["metric"], row["description"]),
            share=max(0.0, row["lambda"] / most),
        )
        for row in rows.rows(named=True)
    ]
    facts += [Fact("Profile", first["name"]), Fact("Author", first["author"])]
    fact_list(facts, key="home.profile")


def _share(part: int, whole: int) -> str:
    return f"{formats.whole(part)} of {formats.whole(whole)}"
