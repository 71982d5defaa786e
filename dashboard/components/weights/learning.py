"""Weights learnt from people's judgments, beside those that nobody fitted."""

import numpy as np
import polars as pl
import streamlit as st

from core.errors import ScoreError
from core.gre import DEFAULT_LAMBDAS
from core.weights.normalisation import Normalisation
from dashboard import formats, profiles, terms
from dashboard.charts import weights as charts
from dashboard.components.notices import literal, show_error
from dashboard.components.pickers import segments
from dashboard.components.weights import draft as drafts
from dashboard.components.weights.agreement import interval
from dashboard.components.weights.judgments import counted_judgments, no_judgments
from dashboard.data import weights as data
from dashboard.state import weights as state
from dashboard.state.weights import Draft, Fitted, draft_of
from warehouse.draft_judgments import Learnt
from warehouse.profiles import WeightProfile

PAPER = "GEMRec’s default (1.0, 0.8, 0.2)"


def learning(draft: Draft, active: WeightProfile) -> None:
    """Fit the metrics of the draft to the judgments; show the fit that was asked for last."""
    with_simulated = counted_judgments()
    if not data.judged_rows(profiles.scores_revision(), with_simulated).pairs:
        no_judgments()
        return
    labels = drafts.metric_labels()
    spreads = data.spreads(profiles.scores_revision(), draft.normalisation)
    metrics = tuple(name for name, _ in draft.lambdas if name in labels and spreads[name].known)
    asked = Fitted(metrics, draft.normalisation, with_simulated)
    named = ", ".join(literal(labels[name]) for name in metrics)
    st.markdown(
        f"Fits {named} under {state.NORMALISATIONS[draft.normalisation]}: the metrics and the "
        "normalisation of the draft.",
        help=terms.LEARNING,
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sign = segments("Weights", state.SIGNS, state.WEIGHTS_SIGN, help=terms.SIGNS)
        if st.button(
            "Fit to the judgments",
            icon=":material/model_training:",
            key="weights.fit",
            disabled=not metrics,
        ):
            st.session_state[state.WEIGHTS_FITTED] = asked
    if st.session_state.get(state.WEIGHTS_FITTED) != asked:
        st.caption("Nothing is fitted for these metrics and judgments yet.")
        return
    try:
        found = data.learnt(
            profiles.scores_revision(),
            metrics,
            draft.normalisation,
            with_simulated,
            sign == "non-negative",
            _rivals(active),
        )
    except ScoreError as error:
        show_error(error)
        return
    _show(found, draft, labels)


def _rivals(active: WeightProfile) -> tuple[tuple[str, data.Weights, str], ...]:
    paper = draft_of(DEFAULT_LAMBDAS, Normalisation.MIN_MAX)
    in_force = drafts.profile_draft(active)
    return (
        (PAPER, paper.weighed, paper.normalisation),
        (f"In force: {active.name}", in_force.weighed, in_force.normalisation),
    )


def _show(found: Learnt, draft: Draft, labels: dict[str, str]) -> None:
    """Weights, held-out agreement, warnings, and the way into the sliders."""
    fit = found.fit
    for warning in fit.warnings:
        st.warning(literal(warning), icon=":material/warning:")
    free = found.free
    bounded = bool(np.any(fit.weights != free.weights))
    names = [labels.get(name, name) for name in fit.metrics]
    drawn = {"metric": names, "weight": free.weights, "lower": free.lower, "upper": free.upper}
    st.altair_chart(charts.weights(pl.DataFrame(drawn)), key="weights.fit_chart")
    lambdas = _lambdas(found)
    spans = [f"{low:.2f} to {high:.2f}" for low, high in zip(free.lower, free.upper, strict=True)]
    st.dataframe(
        {
            "Metric": names,
            **({"Weight": [f"{lambdas[name]:.3f}" for name in fit.metrics]} if lambdas else {}),
            "Log odds": [f"{weight:.2f}" for weight in fit.weights],
            **({"With any sign": [f"{weight:.2f}" for weight in free.weights]} if bounded else {}),
            "95 % interval": spans,
        },
        hide_index=True,
        column_config=_COLUMNS,
        key="weights.fit_table",
    )
    _basis(found, bounded=bounded)
    _held_out(found)
    if lambdas:
        if float(np.min(fit.weights)) < 0:
            st.caption("A profile takes weights from 0 up: those below become 0 in the draft.")
        st.button(
            "Use as draft",
            icon=":material/tune:",
            type="primary",
            key="weights.use_fit",
            on_click=drafts.keep,
            args=(draft_of(lambdas, draft.normalisation),),
        )


def _lambdas(found: Learnt) -> dict[str, float]:
    """The fit as weights of a profile; empty, and said, where no metric helps."""
    try:
        return found.fit.as_lambdas()
    except ScoreError:
        st.info(
            "No metric orders these pictures as people do, so there are no weights from 0 up that "
            "would. Add other metrics to the draft, or look at the fit with any sign.",
            icon=":material/info:",
        )
        return {}


def _basis(found: Learnt, *, bounded: bool) -> None:
    """How many judgments it is, and what the intervals allow for."""
    fit = found.free
    who = "1 person" if fit.people == 1 else f"{fit.people} people"
    allow = (
        "The intervals allow for people’s tastes differing."
        if fit.clustered
        else "The intervals take pairs as independent: too few people for more."
    )
    sign = " They and the chart are of the fit with any sign." if bounded else ""
    st.caption(f"{formats.counted(fit.pairs, 'pair')} by {who}. {allow}{sign}")


def _held_out(found: Learnt) -> None:
    """The fit on prompts that it never saw, beside weights that were not fitted."""
    st.subheader("On prompts that the fit never saw", anchor=False)
    shares = [("This fit, held out", found.held_out, "–", found.held_out_pairs)]
    shares += [(name, t.share, interval(t), t.pairs) for name, t in found.rivals.items()]
    st.dataframe(
        {
            "Weights": [name for name, *_ in shares],
            "As people": ["–" if np.isnan(share) else f"{share:.1%}" for _, share, *_ in shares],
            "95 % interval": [words for *_, words, _ in shares],
            "Pairs": [pairs for *_, pairs in shares],
        },
        hide_index=True,
        key="weights.held_out",
    )
    if np.isnan(found.held_out):
        st.caption("All judgments are of one prompt, so no prompt can be held out.")


_COLUMNS = {
    "Weight": st.column_config.TextColumn(
        help="Scaled so that the largest is 1: that changes no order"
    ),
    "Log odds": st.column_config.TextColumn(help="Of being preferred, for a difference of 1 in q"),
    "With any sign": st.column_config.TextColumn(help="The same without the bound at 0"),
}
