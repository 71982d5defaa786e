"""Charts of Similarity: how diverse the prompts of each tag are."""

import altair as alt
import polars as pl

EMERALD = "#2b8576"  # reads on the light and on the dark ground
AMBER = "#c07a2c"
ROW_PX, AXIS_PX = 30, 48
PROMPT = "prompt"  # the selection, and the field it names


def aps_by_tag(prompts: pl.DataFrame, tags: pl.DataFrame) -> alt.LayerChart:
    """A dot for each prompt's APS, and each tag's mean with its interval, most diverse tag first.

    `prompts` has prompt_id (as text), tag, prompt, aps, rank and pictures; `tags` has tag, prompts,
    mean, low and high. A click on a dot selects its prompt_id.
    """
    order = tags.sort("mean")["tag"].to_list()
    tag = alt.Y("tag:N", sort=order, title=None, axis=alt.Axis(labelLimit=160))
    aps = alt.X(
        "aps:Q",
        title="APS: more diverse ← → more alike",
        scale=alt.Scale(zero=False),
        axis=alt.Axis(tickCount=8),
    )
    chosen = alt.selection_point(name=PROMPT, fields=["prompt_id"], on="click", empty=False)
    dots = (
        alt.Chart(prompts)
        .mark_circle(size=70, color=EMERALD, cursor="pointer")
        .encode(
            x=aps,
            y=tag,
            opacity=alt.condition(chosen, alt.value(1.0), alt.value(0.75)),
            tooltip=[
                alt.Tooltip("prompt:N", title="prompt"),
                alt.Tooltip("aps:Q", title="APS", format=".3f"),
                alt.Tooltip("rank:Q", title="rank, most diverse first"),
                alt.Tooltip("pictures:Q", title="pictures"),
            ],
        )
        .add_params(chosen)
    )
    facts = [
        alt.Tooltip("tag:N", title="tag"),
        alt.Tooltip("mean:Q", title="mean APS", format=".3f"),
        alt.Tooltip("low:Q", title="95 % interval from", format=".3f"),
        alt.Tooltip("high:Q", title="to", format=".3f"),
        alt.Tooltip("prompts:Q", title="prompts"),
    ]
    base = alt.Chart(tags)
    spans = base.mark_rule(color=AMBER, strokeWidth=2, yOffset=9).encode(
        x="low:Q", x2="high:Q", y=tag, tooltip=facts
    )
    means = base.mark_tick(color=AMBER, thickness=3, height=12, yOffset=9).encode(
        x="mean:Q", y=tag, tooltip=facts
    )
    height = AXIS_PX + ROW_PX * max(1, tags.height)
    chart: alt.LayerChart = (spans + means + dots).properties(height=height)
    return chart
