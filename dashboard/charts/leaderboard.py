"""Charts of Leaderboard: ratings and the agreement with the final order, as judgments came in."""

import altair as alt
import polars as pl

from dashboard.charts.weights import EMERALD

RATINGS_PX, TAU_PX = 520, 300


def ratings_over_time(rows: pl.DataFrame) -> alt.LayerChart:
    """A line for each model of `rows`: judgments, line, model, rating; `line` tells apart names."""
    judgments = alt.X("judgments:Q", title="judgments so far", axis=alt.Axis(tickMinStep=1))
    order = rows["line"].unique(maintain_order=True).to_list()
    base = alt.Chart(rows).encode(
        x=judgments,
        y=alt.Y("rating:Q", title="rating", scale=alt.Scale(zero=False)),
        color=alt.Color(
            "line:N",
            sort=order,
            title=None,
            legend=alt.Legend(orient="bottom", columns=2, labelLimit=260, symbolType="stroke"),
        ),
        tooltip=[
            alt.Tooltip("model:N", title="model"),
            alt.Tooltip("judgments:Q", title="after judgments", format=","),
            alt.Tooltip("rating:Q", title="rating", format=",.0f"),
        ],
    )
    chart: alt.LayerChart = (
        base.mark_line(strokeWidth=2) + base.mark_circle(size=45, opacity=1)
    ).properties(height=RATINGS_PX)
    return chart


def tau_over_time(rows: pl.DataFrame) -> alt.LayerChart:
    """Kendall's tau with the final order for each of `rows`: judgments, tau, models."""
    base = alt.Chart(rows).encode(
        x=alt.X("judgments:Q", title="judgments so far", axis=alt.Axis(tickMinStep=1)),
        y=alt.Y("tau:Q", title="tau"),
        tooltip=[
            alt.Tooltip("judgments:Q", title="after judgments", format=","),
            alt.Tooltip("tau:Q", title="tau", format=".2f"),
            alt.Tooltip("models:Q", title="models rated"),
        ],
    )
    chart: alt.LayerChart = (
        base.mark_line(color=EMERALD, strokeWidth=2)
        + base.mark_circle(color=EMERALD, size=60, opacity=1)
    ).properties(height=TAU_PX)
    return chart
