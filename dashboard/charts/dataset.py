"""Charts of the dataset card: coverage of the grid, tags, base models, downloads."""

import altair as alt
import polars as pl

EMERALD = "#2b8576"  # reads on the light and on the dark ground
ROW_PX, AXIS_PX, LEGEND_PX = 24, 40, 66


def coverage(cells: pl.DataFrame) -> alt.Chart:
    """The prompt x model grid: filled cells coloured, missing ones faint (rows of grid_coverage).

    Names travel as one-byte codes: 18,000 cells are 195 kB.
    """
    alt.data_transformers.disable_max_rows()
    light = cells.with_columns(
        pl.col(name).cast(pl.Enum(cells[name].unique())) for name in ("prompt", "model")
    )
    rows = int(cells["prompt_place"].n_unique())
    bare = alt.Axis(labels=False, ticks=False)
    whole_pixels = alt.Scale(round=True, padding=0)  # else the gaps make a pattern of their own
    chart: alt.Chart = (
        alt.Chart(light)
        .mark_rect()
        .encode(
            x=alt.X("model_place:O", title="models", axis=bare, scale=whole_pixels),
            y=alt.Y("prompt_place:O", title="prompts", axis=bare, scale=whole_pixels),
            color=alt.condition("datum.images > 0", alt.value(EMERALD), alt.value("#8a8f8d")),
            opacity=alt.condition(
                "datum.images > 0",
                alt.Opacity(
                    "images:Q",
                    legend=None,
                    scale=alt.Scale(type="sqrt", domainMin=0, range=[0.45, 1]),
                ),
                alt.value(0.16),
            ),
            tooltip=[
                alt.Tooltip("prompt:N", title="prompt"),
                alt.Tooltip("model:N", title="model"),
                alt.Tooltip("images:Q", title="images"),
                alt.Tooltip("percent_filled:Q", title="% of cells filled"),
            ],
        )
        .properties(height=max(120, min(360, rows * 4)))
    )
    return chart


def prompts_by_tag(tags: pl.DataFrame) -> alt.Chart:
    """Prompts of each tag as bars (rows of prompts_by_tag)."""
    chart: alt.Chart = (
        alt.Chart(tags)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=alt.X("prompts:Q", title=None, axis=alt.Axis(tickMinStep=1)),
            y=alt.Y("tag:N", sort="-x", title=None, axis=alt.Axis(labelLimit=160)),
            tooltip=["tag:N", "prompts:Q", "images:Q"],
        )
        .properties(height=_bars_height(tags["tag"]))
    )
    return chart


def models_by_base(bases: pl.DataFrame) -> alt.Chart:
    """Models of each base model as bars, stacked by kind (rows of models_by_base)."""
    kinds = bases["kind"].n_unique() > 1
    chart: alt.Chart = (
        alt.Chart(bases)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=alt.X("models:Q", title=None, axis=alt.Axis(tickMinStep=1)),
            y=alt.Y("base_model:N", sort="-x", title=None, axis=alt.Axis(labelLimit=160)),
            color=alt.Color(
                "kind:N",
                title=None,
                sort=["checkpoint", "lora", "merge"],
                legend=alt.Legend(orient="bottom") if kinds else None,
            ),
            tooltip=["base_model:N", "kind:N", "models:Q"],
        )
        .properties(height=_bars_height(bases["base_model"]) + LEGEND_PX * kinds)
    )
    return chart


def downloads(bins: pl.DataFrame) -> alt.Chart:
    """Models by downloads on a logarithmic axis (rows of downloads_histogram)."""
    chart: alt.Chart = (
        alt.Chart(bins)
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X(
                "lower_downloads:Q",
                title="downloads",
                scale=alt.Scale(type="log", nice=False),
                axis=alt.Axis(format="~s", tickCount=6, grid=False),
            ),
            x2="upper_downloads:Q",
            y=alt.Y("models:Q", title="models", axis=alt.Axis(tickMinStep=1)),
            y2=alt.datum(0),
            tooltip=[
                alt.Tooltip("lower_downloads:Q", title="from", format=",.0f"),
                alt.Tooltip("upper_downloads:Q", title="to below", format=",.0f"),
                alt.Tooltip("models:Q", title="models"),
            ],
        )
        .properties(height=200)
    )
    return chart


def _bars_height(categories: pl.Series) -> int:
    return AXIS_PX + ROW_PX * max(1, categories.n_unique())
