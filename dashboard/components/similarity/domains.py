"""APS over all prompts by tag: which domains models answer alike, and which they spread over."""

import numpy as np
import polars as pl
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from core.similarity.diversity import mean_interval
from dashboard import formats, terms
from dashboard.charts import similarity as charts
from dashboard.data import similarity as data
from dashboard.state import similarity as state

NO_TAG = "no tag"
CHART = "similarity.aps_chart"
TABLE = "similarity.aps_table"


def domains(encoder: str, prompts: pl.DataFrame) -> None:
    """The chart, the table of tags and the table of prompts (rows of compared_prompts)."""
    whole = data.survey(encoder, int(prompts["shown"].sum()), int(prompts["featured"].sum()))
    table = _prompts(prompts, whole.prompts)
    measured = table.drop_nulls("aps")
    if measured.is_empty():
        st.info(
            "No prompt has two pictures with features yet, so there is no APS. Import or generate "
            "pictures, then run `python -m warehouse embed`.",
            icon=":material/info:",
        )
        return
    tags = _tags(table)
    st.caption(
        f"APS of {formats.counted(measured.height, 'prompt')} from "
        f"{formats.counted(int(measured['pictures'].sum()), 'picture')}. A dot is a prompt: click "
        "it for its heat map. The tick is the tag's mean, the bar its 95 % interval over the "
        "prompts (Student's t); a tag with one prompt has none.",
        help=terms.APS,
    )
    st.altair_chart(
        charts.aps_by_tag(measured, tags.filter(pl.col("mean").is_not_null())),
        key=CHART,
        on_select=_show_clicked,
        selection_mode=charts.PROMPT,
    )
    st.subheader("Tags", anchor=False)
    st.dataframe(tags, hide_index=True, column_config=_TAG_COLUMNS, key="similarity.tags")
    st.subheader("Prompts, most diverse first", anchor=False)
    st.caption("Mark one to four lines to see their heat maps.")
    st.dataframe(
        table.drop("prompt_id"),
        hide_index=True,
        column_config=_PROMPT_COLUMNS,
        key=TABLE,
        on_select="rerun",
        selection_mode="multi-row",
    )
    _show_button(table["prompt_id"].to_list())


def _prompts(prompts: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """All prompts with their figures, ranked ones first; `prompt_id` as text."""
    joined = prompts.join(figures.drop("models"), on="prompt_id", how="left")
    return (
        joined.with_columns(pl.col("tag").fill_null(NO_TAG), pl.col("pictures").fill_null(0))
        .sort("rank", "prompt_id", nulls_last=True)
        .select(
            pl.col("prompt_id").cast(pl.String),
            "rank",
            "aps",
            "tag",
            "prompt",
            "pictures",
            "pairs",
            (pl.col("shown") - pl.col("pictures")).alias("left_out"),
        )
    )


def _tags(table: pl.DataFrame) -> pl.DataFrame:
    """Mean APS of each tag with its interval over prompts, most diverse tag first."""
    rows = []
    for (tag,), own in table.group_by("tag", maintain_order=True):
        aps = own["aps"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        told = mean_interval(aps)
        known = aps[np.isfinite(aps)]
        least, most = (known.min(), known.max()) if len(known) else (None, None)
        numbers = [None if np.isnan(x) else x for x in (told.mean, told.low, told.high)]
        rows.append((tag, *numbers, least, most, told.count, own.height - told.count,
                     int(own["pictures"].sum())))  # fmt: skip
    floats = dict.fromkeys(("mean", "low", "high", "least", "most"), pl.Float64)
    counts = dict.fromkeys(("prompts", "without", "pictures"), pl.Int64)
    schema = {"tag": pl.String, **floats, **counts}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("mean", "tag", nulls_last=True)


def _show_clicked() -> None:
    """Open the heat map of the prompt whose dot was clicked."""
    marked = st.session_state[CHART]["selection"].get(charts.PROMPT) or []
    if marked:
        _show([int(marked[0]["prompt_id"])])


def _show_button(prompt_ids: list[str]) -> None:
    marked = st.session_state[TABLE]["selection"]["rows"] if TABLE in st.session_state else []
    chosen = [int(prompt_ids[row]) for row in marked if row < len(prompt_ids)]
    many = len(chosen) > state.MOST_PROMPTS
    st.button(
        f"At most {state.MOST_PROMPTS} at once" if many else "Show heat maps",
        icon=":material/grid_on:",
        key="similarity.show_maps",
        disabled=many or not chosen,
        on_click=_show,
        args=(chosen,),
    )


def _show(prompt_ids: list[int]) -> None:
    st.session_state[state.SIMILARITY_VIEW] = "prompts"
    st.session_state[state.SIMILARITY_PROMPTS] = prompt_ids


def _decimal(label: str, help_text: str | None = None) -> ColumnConfig:
    return st.column_config.NumberColumn(label, format="%.3f", help=help_text)


_TAG_COLUMNS: dict[str, ColumnConfig | str] = {
    "tag": "Tag",
    "mean": _decimal("Mean APS", "Mean over the tag's prompts"),
    "low": _decimal("from", "Lower end of the 95 % interval of the mean"),
    "high": _decimal("to", "Upper end of the 95 % interval of the mean"),
    "least": _decimal("Lowest", "APS of its most diverse prompt"),
    "most": _decimal("Highest", "APS of its most homogeneous prompt"),
    "prompts": st.column_config.NumberColumn("Prompts", help="Prompts with an APS"),
    "without": st.column_config.NumberColumn("Without", help="Prompts without an APS"),
    "pictures": "Pictures",
}
_PROMPT_COLUMNS: dict[str, ColumnConfig | str] = {
    "rank": st.column_config.NumberColumn("Rank", help=terms.APS_RANK),
    "aps": _decimal("APS", terms.APS),
    "tag": "Tag",
    "prompt": st.column_config.TextColumn("Prompt", width="large"),
    "pictures": st.column_config.NumberColumn("Pictures", help="Shown pictures with features"),
    "pairs": st.column_config.NumberColumn("Pairs", help="Pairs of different pictures"),
    "left_out": st.column_config.NumberColumn(
        "Left out", help="Shown pictures whose features are missing or damaged"
    ),
}
