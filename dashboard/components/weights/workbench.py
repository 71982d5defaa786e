"""The page's live part: sliders beside what they change, drawn anew without the rest."""

import streamlit as st

from core.errors import GemboardError
from dashboard import profiles
from dashboard.components.notices import literal, show_error
from dashboard.components.pickers import segments
from dashboard.components.weights import draft as drafts
from dashboard.components.weights.agreement import agreement
from dashboard.components.weights.draft_panel import draft_panel
from dashboard.components.weights.learning import learning
from dashboard.components.weights.models import ModelNames
from dashboard.components.weights.profile_dialogs import told
from dashboard.components.weights.profile_list import profile_list
from dashboard.components.weights.ranking import ranking
from dashboard.components.weights.save_form import save_button
from dashboard.data import weights as data
from dashboard.state import weights as state
from dashboard.state.weights import Draft
from warehouse.profiles import WeightProfile


@st.fragment
def workbench() -> None:
    """The draft and one view of it. Errors of ours are shown here: a fragment runs by itself."""
    try:
        active = profiles.active_profile()
        drafts.take_moves(drafts.metric_labels(), active)
        draft = drafts.current(active)
        _status(draft, active)
        weighed = data.weighed_grid(profiles.scores_revision(), draft.normalisation)
        names = ModelNames.read(weighed.model_ids)
        left, right = st.columns([2, 3.4], gap="large")
        with left:
            draft_panel(draft, active, weighed, names)
        with right:
            view = segments(
                "View", state.VIEWS, state.WEIGHTS_VIEW, label_visibility="collapsed", wrap=True
            )
            if view == "agreement":
                settled = drafts.settled(active)
                agreement(settled, active, moving=draft != settled)
            elif view == "learn":
                learning(drafts.settled(active), active)
            elif view == "profiles":
                profile_list(active)
            else:
                ranking(draft, active, weighed, names)
        drafts.share_link(view)
    except GemboardError as error:
        show_error(error)


def _status(draft: Draft, active: WeightProfile) -> None:
    """Which profile is in force, how the draft stands to it, and saving."""
    told()
    same = draft.equals(drafts.profile_draft(active))
    words = "The draft is the same." if same else "The draft differs; nobody else sees it."
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"In force: **{literal(active.name)}**. {words}", width="stretch")
        save_button(draft, disabled=same)
