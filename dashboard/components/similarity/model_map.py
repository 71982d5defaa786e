"""Which models make the same pictures: the mean over prompts, and pairs above a threshold."""

import numpy as np
import polars as pl
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from core.similarity.cosine import MeanSimilarity, similar_pairs
from core.similarity.model_order import descending, leaf_order
from dashboard import formats, profiles, terms
from dashboard.components.pictures.gallery import model_title
from dashboard.components.pictures.pair_dialog import open_pair
from dashboard.components.similarity import maps
from dashboard.components.similarity.controls import Choice, threshold_picker
from dashboard.components.similarity.heat_map import HeatMap, heat_map
from dashboard.components.similarity.matrix_export import matrix_button
from dashboard.data import similarity as data
from dashboard.state import similarity as state

PAIRS = "similarity.pairs"
MOST_PAIRS = 500  # lines of the table


def model_map(choice: Choice, prompts: pl.DataFrame) -> None:
    """The map of means (over rows of compared_prompts) and the near-duplicates beside it."""
    whole = data.survey(choice.encoder, int(prompts["shown"].sum()), int(prompts["featured"].sum()))
    used = len(whole.models.models)
    compared = whole.prompts.filter(pl.col("models") > 1).height
    if used < 2 or not compared:
        st.info(
            "No prompt has pictures with features of two models yet, so there is nothing to "
            "compare. Import or generate pictures of more models, then run "
            "`python -m warehouse embed`.",
            icon=":material/info:",
        )
        return
    st.caption(
        f"Mean over the prompts where both models have pictures, of "
        f"{formats.counted(compared, 'prompt')} and {formats.counted(used, 'model')}.",
        help=terms.MODEL_SIMILARITY,
    )
    left, right = st.columns(2, gap="large")
    with left:
        clicked = _map(choice, whole.models)
    with right:
        marked = _pairs(whole.models, choice)
    if clicked or marked:
        open_pair(choice.encoder, clicked or marked or (0, 0), prompts.rows(named=True))


def _map(choice: Choice, mean: MeanSimilarity) -> tuple[int, int] | None:
    rows = data.compared_models(choice.encoder)
    if choice.order == "similarity":
        order = leaf_order(mean.mean)
    else:
        known = (
            maps.known_downloads(rows)
            if choice.order == "downloads"
            else data.model_gre(profiles.scores_revision())
        )
        scores = np.array([known.get(int(model), np.nan) for model in mean.models])
        order = descending(scores, mean.models)
    block = np.ix_(order, order)
    values, behind = mean.mean[block], mean.prompts[block]
    told = HeatMap(
        name="mean",
        label=f"Mean similarities of {len(order)} models over all prompts",
        axis=maps.axis(mean.models[order], rows),
        values=values,
        behind=behind,
        words=maps.MEAN_WORDS,
        scale=maps.scale_of([values], [behind], choice.scale),
        scale_words=maps.scale_words([values], choice.scale),
        ends=maps.ENDS[choice.order],
    )
    clicked = heat_map(told, key="similarity.map.mean")
    matrix_button(told, choice.encoder)
    return clicked


def _pairs(mean: MeanSimilarity, choice: Choice) -> tuple[int, int] | None:
    """The pairs above the threshold; returns the one just marked."""
    threshold = choice.threshold
    first, second = similar_pairs(mean, threshold)
    st.subheader("Near-duplicates", anchor=False)
    threshold_picker()
    if not len(first):
        _nearest(mean)
        return None
    shown = min(len(first), MOST_PAIRS)
    more = f", the first {formats.whole(shown)} below" if shown < len(first) else ""
    pairs = formats.counted(len(first), "pair")
    st.caption(f"{pairs} of models{more}. Mark a line to see their pictures.")
    first, second = first[:shown], second[:shown]
    rows = data.compared_models(choice.encoder).rows(named=True)
    names = {row["model_version_id"]: row for row in rows}
    table = pl.DataFrame(
        {
            "mean": mean.mean[first, second],
            "first": [_name(names, int(model)) for model in mean.models[first]],
            "second": [_name(names, int(model)) for model in mean.models[second]],
            "lowest": mean.lowest[first, second],
            "deviation": mean.deviation[first, second],
            "prompts": mean.prompts[first, second],
        }
    ).with_columns(pl.col("deviation").fill_nan(None))
    key = f"{PAIRS}.{threshold:.2f}"  # marks of other lines mean other pairs
    event = st.dataframe(
        table,
        hide_index=True,
        column_config=_COLUMNS,
        height=min(560, 38 + 35 * table.height),
        key=key,
        on_select="rerun",
        selection_mode="single-row",
    )
    lines = event["selection"]["rows"]
    marked = (threshold, lines[0]) if lines and lines[0] < shown else None
    fresh = marked is not None and marked != st.session_state.get(state.SIMILARITY_MARKED)
    st.session_state[state.SIMILARITY_MARKED] = marked
    if marked is None or not fresh:
        return None
    return int(mean.models[first[marked[1]]]), int(mean.models[second[marked[1]]])


def _nearest(mean: MeanSimilarity) -> None:
    """How near the nearest two are, where no pair reaches the threshold."""
    first, second = similar_pairs(mean, -1.0)
    value = mean.mean[first[0], second[0]]
    st.info(
        f"No two models are that alike: the nearest have {value:.3f}. Lower the threshold to see "
        "them.",
        icon=":material/info:",
    )


def _name(names: dict[int, dict[str, object]], model: int) -> str:
    row = names.get(model, {"model_name": None, "version_name": None})
    title = model_title({**row, "model_version_id": model})
    return f"{title} · {row['version_name']}" if row["version_name"] else title


_COLUMNS: dict[str, ColumnConfig | str] = {
    "mean": st.column_config.NumberColumn("Mean", format="%.3f", help=terms.MODEL_SIMILARITY),
    "first": st.column_config.TextColumn("Model", width=150),
    "second": st.column_config.TextColumn("and", width=150),
    "lowest": st.column_config.NumberColumn(
        "Lowest", format="%.3f", help="In the prompt where the two are least alike"
    ),
    "deviation": st.column_config.NumberColumn(
        "SD", format="%.3f", help="Standard deviation over the prompts"
    ),
    "prompts": st.column_config.NumberColumn(
        "Prompts", help="Prompts where both have pictures with features"
    ),
}
