"""Charts of Weights: shares of pairs ordered as people did, and fitted weights, with intervals."""

from typing import Literal

import altair as alt
import polars as pl

EMERALD = "#2b8576"  # reads on the light and on the dark ground
AMBER = "#c07a2c"
SLATE = "#7f8c88"
ROW_PX, AXIS_PX = 30, 84


def agreement(rows: pl.DataFrame, ceiling: float | None) -> alt.LayerChart:
    """A dot with its interval for each of `rows`: what, share, lower, upper, pairs, kind.

    Kind is draft, in force or metric. The rule at one half is chance; the dashed one, where given,
    is how often two people agree.
    """
    what = alt.Y("what:N", sort=None, title=None, axis=alt.Axis(labelLimit=220))
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=["draft", "in force", "metric"], range=[EMERALD, AMBER, SLATE]),
        legend=None,
    )
    return _dots(rows, what, colour, None, rows.height, ceiling)


def agreement_by_group(rows: pl.DataFrame) -> alt.LayerChart:
    """Two dots for each group of `rows`: group, what, share, lower, upper, pairs, kind."""
    groups = rows["group"].n_unique()
    group = alt.Y("group:N", sort=None, title=None, axis=alt.Axis(labelLimit=220))
    colour = alt.Color(
        "kind:N",
        title=None,
        scale=alt.Scale(domain=["draft", "in force"], range=[EMERALD, AMBER]),
        legend=alt.Legend(orient="top"),
    )
    beside = alt.YOffset("kind:N", sort=["draft", "in force"])
    return _dots(rows, group, colour, beside, groups, None)


def weights(rows: pl.DataFrame) -> alt.LayerChart:
    """Fitted weights of `rows`: metric, weight, lower, upper; 0 is where a metric says nothing."""
    metric = alt.Y("metric:N", sort=None, title=None, axis=alt.Axis(labelLimit=160))
    facts = [
        alt.Tooltip("metric:N", title="metric"),
        alt.Tooltip("weight:Q", title="log odds for 1 of q", format=".3f"),
        alt.Tooltip("lower:Q", title="95 % interval from", format=".3f"),
        alt.Tooltip("upper:Q", title="to", format=".3f"),
    ]
    base = alt.Chart(rows)
    spans = base.mark_rule(color=EMERALD, strokeWidth=2).encode(
        x="lower:Q", x2="upper:Q", y=metric, tooltip=facts
    )
    dots = base.mark_circle(size=90, color=EMERALD, opacity=1).encode(
        x=alt.X("weight:Q", title="log odds of being preferred, for a difference of 1 in q"),
        y=metric,
        tooltip=facts,
    )
    zero = alt.Chart(pl.DataFrame({"at": [0.0]})).mark_rule(color=SLATE).encode(x="at:Q")
    chart: alt.LayerChart = (zero + spans + dots).properties(height=AXIS_PX + ROW_PX * rows.height)
    return chart


def _dots(
    rows: pl.DataFrame,
    across: alt.Y,
    colour: alt.Color,
    beside: alt.YOffset | None,
    groups: int,
    ceiling: float | None,
) -> alt.LayerChart:
    offset = {} if beside is None else {"yOffset": beside}
    facts = [
        alt.Tooltip("what:N", title="weights"),
        alt.Tooltip("share:Q", title="ordered as people did", format=".1%"),
        alt.Tooltip("lower:Q", title="95 % interval from", format=".1%"),
        alt.Tooltip("upper:Q", title="to", format=".1%"),
        alt.Tooltip("pairs:Q", title="pairs"),
    ]
    known = [0.5, *rows["lower"], *rows["upper"], *([] if ceiling is None else [ceiling])]
    share = alt.X(
        "share:Q",
        title="share of pairs ordered as people did",
        axis=alt.Axis(format=".0%", tickCount=6),
        scale=alt.Scale(domain=[max(0, min(known) - 0.04), max(known) + 0.1], nice=False),
    )
    base = alt.Chart(rows)
    chance = _rule(0.5, "chance", "right", -4)
    people = [] if ceiling is None else _rule(ceiling, "two people", "left", 4)
    spans = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("lower:Q"), x2="upper:Q", y=across, color=colour, tooltip=facts, **offset
    )
    dots = base.mark_circle(size=90, opacity=1).encode(
        x=share, y=across, color=colour, tooltip=facts, **offset
    )
    per_group = ROW_PX if beside is None else 1.3 * ROW_PX
    layers = [*chance, *people, spans, dots]
    chart: alt.LayerChart = alt.LayerChart(layer=layers).properties(
        height=int(AXIS_PX + per_group * max(1, groups))
    )
    return chart


def _rule(at: float, means: str, align: Literal["left", "right"], away_px: int) -> list[alt.Chart]:
    """A dashed line with its name above."""
    base = alt.Chart(pl.DataFrame({"at": [at], "means": [means]}))
    line = base.mark_rule(color=SLATE, strokeDash=[4, 3]).encode(
        x="at:Q", tooltip=[alt.Tooltip("means:N", title=" "), alt.Tooltip("at:Q", format=".1%")]
    )
    name = base.mark_text(align=align, dx=away_px, color=SLATE).encode(
        x="at:Q", y=alt.value(-8), text="means:N"
    )
    return [line, name]
