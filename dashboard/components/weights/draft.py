"""The draft at the screen: it follows the profile in force until somebody moves a slider."""

from collections.abc import Collection

import streamlit as st

from dashboard import links, profiles
from dashboard.components.notices import show_link_complaints
from dashboard.components.weights.weight_sliders import reported
from dashboard.data import weights as data
from dashboard.state import weights as state
from dashboard.state.weights import Draft, draft_of
from warehouse.profiles import WeightProfile


def profile_draft(profile: WeightProfile) -> Draft:
    """The weights of a profile as a draft."""
    return draft_of(profile.lambdas, profile.normalisation)


def current(active: WeightProfile) -> Draft:
    """The draft of this session, or the profile in force."""
    kept = st.session_state.get(state.WEIGHTS_DRAFT)
    return kept if isinstance(kept, Draft) else profile_draft(active)


def settled(active: WeightProfile) -> Draft:
    """The draft when a slider was let go of last: what takes long waits for that."""
    kept = st.session_state.get(state.WEIGHTS_SETTLED)
    return kept if isinstance(kept, Draft) else profile_draft(active)


def keep(draft: Draft | None, *, moving: bool = False) -> None:
    """Change the draft; None lets it follow the profile in force again."""
    st.session_state[state.WEIGHTS_DRAFT] = draft
    if not moving:
        st.session_state[state.WEIGHTS_SETTLED] = draft


def take_moves(metrics: Collection[str], active: WeightProfile) -> None:
    """Bring what was dragged into the draft, each move once.

    By every run, not by a callback: Streamlit gives a callback up where the next move comes while
    it runs.
    """
    report = reported()
    if report is None or report[1] <= st.session_state.get(state.WEIGHTS_TAKEN, 0):
        return
    weights, step, let_go = report
    st.session_state[state.WEIGHTS_TAKEN] = step
    known = tuple((name, weight) for name, weight in weights.items() if name in metrics)
    if known:
        keep(Draft(known, current(active).normalisation), moving=not let_go)


def adopt_link(metrics: Collection[str], prompt_ids: Collection[int]) -> None:
    """Take what the address asks for, once; say what could not be taken."""
    session = st.session_state
    asked = links.asked_values(state.link_names(list(st.query_params)), state.WEIGHTS_LINK)
    if not asked:
        return
    link = state.read_weights_link(asked, metrics, prompt_ids)
    if link.draft is not None:
        keep(link.draft)
    for key, value in (
        (state.WEIGHTS_VIEW, link.view),
        (state.WEIGHTS_TOP, link.top),
        (state.WEIGHTS_PROMPT, link.prompt_id),
    ):
        if value is not None:
            session[key] = value
    show_link_complaints(link.complaints)


def share_link(view: str) -> None:
    """Write the draft and the view into the address, once no slider is held."""
    session = st.session_state
    draft = session.get(state.WEIGHTS_DRAFT)
    if draft != session.get(state.WEIGHTS_SETTLED):
        return
    ranking = view == "ranking"
    link = state.WeightsLink(
        draft if isinstance(draft, Draft) else None,
        view,
        session.get(state.WEIGHTS_TOP) if ranking else None,
        session.get(state.WEIGHTS_PROMPT) if ranking else None,
    )
    links.write_values(state.link_parameters(link), state.WEIGHTS_LINK)


def metric_labels() -> dict[str, str]:
    """Names on screen of the registered metrics."""
    rows = data.weighable_metrics(profiles.scores_revision())
    return dict(zip(rows["metric"], rows["label"], strict=True))
