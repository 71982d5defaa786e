"""How often the draft, the profile in force and single metrics order pictures as people did."""

import math
from collections.abc import Iterable

import polars as pl
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from core.weights.agreement import Agreement, Ceiling
from dashboard import formats, profiles, terms
from dashboard.charts import weights as charts
from dashboard.components.pickers import segments
from dashboard.components.weights import draft as drafts
from dashboard.components.weights.judgments import counted_judgments, no_judgments
from dashboard.data import weights as data
from dashboard.state import weights as state
from dashboard.state.weights import Draft
from warehouse.profiles import WeightProfile

MOST_GROUPS = 40


def agreement(draft: Draft, active: WeightProfile, *, moving: bool) -> None:
    """The shares as dots with intervals and as a table; `moving` while a slider is held."""
    with_simulated = counted_judgments()
    revision = profiles.scores_revision()
    judged = data.judged_rows(revision, with_simulated)
    if not judged.pairs:
        no_judgments()
        return
    if moving:
        st.caption("Let go of the slider to see the agreement of the draft.")
    rivals = _rivals(draft, active)
    split = segments("Judgments", state.SPLITS, state.WEIGHTS_SPLIT, wrap=True)
    if split == "all":
        _together(rivals, with_simulated)
        _ceiling(judged.ceiling)
    else:
        _by_group(rivals[:2], with_simulated, split)
    st.caption(_counted(judged.pairs, len(judged.person_ids)), help=terms.AGREEMENT)


def _rivals(draft: Draft, active: WeightProfile) -> list[tuple[str, str, Draft]]:
    """Name, kind and weights of all that is compared; metrics that no picture has are left out."""
    labels = drafts.metric_labels()
    spreads = data.spreads(profiles.scores_revision(), draft.normalisation)
    single = [
        (f"{labels[name]} alone", "metric", Draft(((name, 1.0),), draft.normalisation))
        for name in labels
        if spreads[name].known
    ]
    in_force = (f"In force: {active.name}", "in force", drafts.profile_draft(active))
    return [("Draft", "draft", draft), in_force, *single]


def _together(rivals: list[tuple[str, str, Draft]], with_simulated: bool) -> None:
    revision = profiles.scores_revision()
    rows = _frame(
        (name, name, kind, data.agreement(revision, d.weighed, d.normalisation, with_simulated))
        for name, kind, d in rivals
    )
    shown = rows.filter(pl.col("share").is_not_null())
    top = data.judged_rows(revision, with_simulated).ceiling.share
    if not shown.is_empty():
        st.altair_chart(
            charts.agreement(shown, None if math.isnan(top) else top), key="weights.agreement"
        )
    st.dataframe(
        rows.drop("group", "kind", "lower", "upper"),
        hide_index=True,
        column_config={**_COLUMNS, "what": "Weights"},
        key="weights.agreement_table",
    )


def _by_group(rivals: list[tuple[str, str, Draft]], with_simulated: bool, split: str) -> None:
    revision = profiles.scores_revision()
    rows = _frame(
        (group, name, kind, found)
        for name, kind, d in rivals
        for group, found in data.agreement_split(
            revision, d.weighed, d.normalisation, with_simulated, split
        ).items()
    ).sort("group", maintain_order=True)
    shown = rows.filter(pl.col("share").is_not_null())
    if shown["group"].n_unique() <= MOST_GROUPS and not shown.is_empty():
        st.altair_chart(charts.agreement_by_group(shown), key="weights.agreement_groups")
    st.dataframe(
        rows.drop("kind", "lower", "upper"),
        hide_index=True,
        column_config={
            **_COLUMNS,
            "what": "Weights",
            "group": "Tag" if split == "tag" else "Annotator",
        },
        key="weights.groups_table",
    )


def _frame(found: Iterable[tuple[str, str, str, Agreement]]) -> pl.DataFrame:
    """Rows of shares; null where nothing could be counted."""
    rows = [
        {
            "group": group,
            "what": name,
            "kind": kind,
            "share": _known(told.share),
            "lower": _known(told.lower),
            "upper": _known(told.upper),
            "interval": interval(told),
            "pairs": told.pairs,
            "ties": told.ties,
            "unscored": told.unscored,
            "resampled": told.resampled,
        }
        for group, name, kind, told in found
    ]
    floats = dict.fromkeys(("share", "lower", "upper"), pl.Float64)
    return pl.DataFrame(rows, schema_overrides=floats)


def interval(told: Agreement) -> str:
    """The interval of a share in words."""
    return "–" if math.isnan(told.lower) else f"{told.lower:.1%} to {told.upper:.1%}"


def _known(share: float) -> float | None:
    return None if math.isnan(share) else share


def _ceiling(ceiling: Ceiling) -> None:
    if not ceiling.comparisons:
        st.caption(
            "No two people judged the same pair of pictures, so how often people agree with one "
            "another is not known here.",
            help=terms.CEILING,
        )
        return
    limit = (
        "no score can be expected to do better."
        if ceiling.share > 0.5
        else "they do not share a taste there, so there is no order for a score to find."
    )
    st.caption(
        f"Two people agree on {ceiling.share:.1%} of "
        f"{formats.counted(ceiling.comparisons, 'comparison')} over "
        f"{formats.counted(ceiling.pairs, 'pair')} of pictures that several judged: {limit}",
        help=terms.CEILING,
    )


def _counted(pairs: int, people: int) -> str:
    who = "1 person" if people == 1 else f"{people} people"
    return (
        f"{formats.counted(pairs, 'pair')} by {who}. Ties of people are left out; where the score "
        "ties, half a pair counts."
    )


_COLUMNS: dict[str, ColumnConfig | str] = {
    "share": st.column_config.NumberColumn(
        "As people", format="percent", help="Share of the pairs that the score orders as people did"
    ),
    "interval": st.column_config.TextColumn("95 % interval", help="Bootstrap, percentile"),
    "pairs": st.column_config.NumberColumn("Pairs", help="Pairs that count"),
    "ties": st.column_config.NumberColumn("Ties", help="Pairs that people found equal: left out"),
    "unscored": st.column_config.NumberColumn(
        "Unscored", help="Pairs with a picture that has no score: left out"
    ),
    "resampled": st.column_config.TextColumn(
        "Interval over", help="What the bootstrap draws anew: people where there are enough"
    ),
}
