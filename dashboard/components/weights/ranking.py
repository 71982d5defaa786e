"""What the draft changes: the order of the models."""

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.drafts.standings import Movement, Standings, movement, ranks, standings
from dashboard import formats, profiles, terms
from dashboard.components.pickers import segments
from dashboard.components.weights import draft as drafts
from dashboard.components.weights.models import ModelNames
from dashboard.components.weights.moves import move, place_words
from dashboard.components.weights.prompt_pictures import prompt_pictures
from dashboard.components.weights.rank_flow import FlowModel, rank_flow
from dashboard.data import weights as data
from dashboard.state import weights as state
from dashboard.state.weights import Draft
from warehouse.profiles import WeightProfile
from warehouse.weight_grid import WeighedGrid

Ints = npt.NDArray[np.int64]


def ranking(draft: Draft, active: WeightProfile, weighed: WeighedGrid, names: ModelNames) -> None:
    """The bump chart, how much moved, and the pictures of one prompt before and after.

    `weighed` is the grid under the draft's normalisation.
    """
    if not draft.weighed:
        st.info("All weights are 0, so every score is 0. Move a slider.", icon=":material/tune:")
        return
    in_force = drafts.profile_draft(active)
    same = in_force.normalisation == draft.normalisation
    before = ranked(in_force, weighed if same else None)
    after = ranked(draft, weighed)
    if not len(after.order):
        st.info(
            "No picture has all metrics that the draft weighs, so nothing is ranked. The notes "
            "beneath the sliders say what is missing.",
            icon=":material/info:",
        )
        return
    titles = (f"In force: {active.name}", "Draft")
    with st.container(horizontal=True, gap="large", vertical_alignment="top"):
        _figures(movement(before, after))
        top = _top(len(names.ids))
    _counted(before, after)
    changes = top_words(before.order, after.order, top, names)
    rank_flow(_flow(before, after, top, names), titles, top, changes, key="weights.flow")
    prompt_pictures(before, after, titles, names)


def ranked(draft: Draft, weighed: WeighedGrid | None = None) -> Standings:
    """Every picture and model under `draft`; `weighed` is the grid where it is at hand."""
    weighed = weighed or data.weighed_grid(profiles.scores_revision(), draft.normalisation)
    known = {name: w for name, w in draft.lambdas if name in weighed.grid.metrics}
    return standings(weighed.grid, known, weighed.models, len(weighed.model_ids))


def top_words(before: Ints, after: Ints, top: int, names: ModelNames) -> str:
    """Who entered and who left the first `top`, by name."""
    old, new = ranks(before, len(names.ids)), ranks(after, len(names.ids))
    entered = [m for m in after[:top] if not 0 < old[m] <= top]
    left = [m for m in before[:top] if not 0 < new[m] <= top]
    if not entered and not left:
        return f"The same models are among the first {top}."
    one = ", ".join(f"{names.title(m)} ({place_words('from', old[m])})" for m in entered)
    other = ", ".join(f"{names.title(m)} ({place_words('to', new[m])})" for m in left)
    parts = (f"In: {one}." if one else "", f"Out: {other}." if other else "")
    return " ".join(filter(None, parts))


def _top(models: int) -> int:
    """How many models to show."""
    options = {str(top): str(top) for top in state.TOPS if top < models} or {"5": "5"}
    kept = str(st.session_state.get(state.WEIGHTS_TOP, state.DEFAULT_TOP))
    st.session_state[f"{state.WEIGHTS_TOP}.picked"] = kept if kept in options else max(
        options, key=int
    )  # fmt: skip
    chosen = segments(
        "Models shown",
        options,
        f"{state.WEIGHTS_TOP}.picked",
        on_change=_keep_top,
        help=terms.MODEL_RANKING,
    )
    return min(int(chosen), models)


def _keep_top() -> None:
    chosen = st.session_state.get(f"{state.WEIGHTS_TOP}.picked")
    if chosen:
        st.session_state[state.WEIGHTS_TOP] = int(chosen)


def _figures(moved: Movement) -> None:
    """Kendall's tau and rank-biased overlap."""
    st.metric("Kendall’s tau", figure(moved.tau), help=terms.TAU, width="content")
    st.metric("Rank-biased overlap", figure(moved.overlap), help=terms.OVERLAP, width="content")


def _counted(before: Standings, after: Standings) -> None:
    """How much the rankings rest on, and what one of them leaves out."""
    scored = [int(np.isfinite(one.scores).sum()) for one in (before, after)]
    words = f"{formats.counted(len(after.order), 'model')} by the mean GRE-Score of "
    words += f"{formats.counted(scored[1], 'picture')}."
    if scored[0] != scored[1]:
        words += f" The profile in force scores {formats.whole(scored[0])} of them."
    st.caption(words)


def figure(number: float) -> str:
    """A correlation or a mean with three decimals."""
    return formats.decimal(number) if np.isfinite(number) else "–"


def _flow(before: Standings, after: Standings, top: int, names: ModelNames) -> list[FlowModel]:
    count = len(names.ids)
    old, new = ranks(before.order, count), ranks(after.order, count)
    shown = dict.fromkeys([*before.order[:top].tolist(), *after.order[:top].tolist()])
    return [_model(model, old, new, before, after, top, names) for model in shown]


def _model(
    model: int,
    old: Ints,
    new: Ints,
    before: Standings,
    after: Standings,
    top: int,
    names: ModelNames,
) -> FlowModel:
    was, now = int(old[model]), int(new[model])
    kind, moved = move(was, now, top)
    means = [figure(standing.means[model]) for standing in (before, after)]
    firsts = [int(standing.firsts[model]) for standing in (before, after)]
    words = (
        f"{names.title(model)}: rank {was or 'none'} → {now or 'none'}, mean GRE-Score "
        f"{means[0]} → {means[1]}, best picture of {firsts[0]} → "
        f"{formats.counted(firsts[1], 'prompt')}"
    )
    return FlowModel(
        str(names.ids[model]),
        names.names[model],
        names.versions[model],
        was,
        now,
        kind,
        moved,
        words,
    )
