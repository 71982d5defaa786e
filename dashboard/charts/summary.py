"""Chart of Summary: how often one person would prefer each model, with intervals."""

import altair as alt
import polars as pl

from dashboard.charts.weights import AMBER, EMERALD, SLATE

ROW_PX, AXIS_PX = 32, 70


def standings(rows: pl.DataFrame, *, with_others: bool) -> alt.LayerChart:
    """A dot with its interval for each of `rows`; a tick where others' judgments put it, if any.

    Rows have line, model, chance, lower, upper, by_others, among_top, judgments, pairs,
    preferred, tied. `line` tells apart models of the same name. A hollow dot: not judged by the
    person. The rule at one half is the average model.
    """
    line = alt.Y(
        "line:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelLimit=170, labelFlush=False, ticks=False, domain=False),
    )
    facts = [
        alt.Tooltip("model:N", title="model"),
        alt.Tooltip("chance:Q", title="preferred to an average model", format=".0%"),
        alt.Tooltip("lower:Q", title="95 % interval from", format=".0%"),
        alt.Tooltip("upper:Q", title="to", format=".0%"),
        alt.Tooltip("by_others:Q", title="by everybody else", format=".0%"),
        alt.Tooltip("among_top:Q", title="among the top three", format=".0%"),
        alt.Tooltip("judgments:Q", title="judgments"),
        alt.Tooltip("pairs:Q", title="pairs"),
        alt.Tooltip("preferred:Q", title="preferred in"),
        alt.Tooltip("tied:Q", title="tied in"),
    ]
    chance = alt.X(
        "chance:Q",
        title="preferred to an average model",
        axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
        scale=alt.Scale(domain=[0, 1]),
    )
    base = alt.Chart(rows)
    average = alt.Chart(pl.DataFrame({"at": [0.5]})).mark_rule(color=SLATE, strokeDash=[4, 3])
    spans = base.mark_rule(color=EMERALD, strokeWidth=2).encode(
        x=alt.X("lower:Q"), x2="upper:Q", y=line, tooltip=facts
    )
    others = base.mark_tick(color=AMBER, thickness=2, size=14).encode(
        x="by_others:Q", y=line, tooltip=facts
    )
    judged, unjudged = alt.datum.pairs > 0, alt.datum.pairs == 0
    dots = (
        base.transform_filter(judged)
        .mark_circle(size=90, color=EMERALD, opacity=1)
        .encode(x=chance, y=line, tooltip=facts)
    )
    hollow = (
        base.transform_filter(unjudged)
        .mark_point(size=70, color=EMERALD, opacity=1)
        .encode(x=chance, y=line, tooltip=facts)
    )
    layers = [average.encode(x="at:Q"), spans, *([others] if with_others else []), dots, hollow]
    chart: alt.LayerChart = alt.LayerChart(layer=layers).properties(
        height=AXIS_PX + ROW_PX * rows.height
    )
    return chart
