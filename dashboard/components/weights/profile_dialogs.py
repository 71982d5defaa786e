"""Putting a profile into force, after a look at what that changes."""

import streamlit as st

from core.drafts.standings import movement
from core.errors import GemboardError
from dashboard import profiles
from dashboard.components.notices import literal, show_error
from dashboard.components.weights import draft as drafts
from dashboard.components.weights.difference_table import difference_table
from dashboard.components.weights.models import ModelNames
from dashboard.components.weights.ranking import figure, ranked, top_words
from dashboard.components.weights.save_form import MOST_NOTE
from dashboard.data import weights as data
from dashboard.state import weights as state
from warehouse.profiles import WeightProfile


def told() -> None:
    """Say once what was just done."""
    words = st.session_state.pop(state.WEIGHTS_TOLD, None)
    if words:
        st.toast(words, icon=":material/check_circle:")


@st.dialog("Change the profile in force", width="large", icon=":material/bolt:")
def activate_dialog(chosen: WeightProfile, in_force: WeightProfile, *, back: bool = False) -> None:
    """Show what changes from `in_force` to `chosen`, and do it; `back` rolls back to it.

    Where somebody else was faster, that is said and nothing changes.
    """
    st.markdown(
        f"**{literal(chosen.name)}** would take the place of **{literal(in_force.name)}** on every "
        "page, for everybody."
    )
    difference_table(in_force, chosen, key="weights.dialog_differences")
    _changes(in_force, chosen)
    note = st.text_input(
        "Note",
        key="weights.activation_note",
        max_chars=MOST_NOTE,
        placeholder="Why now? May stay empty.",
    )
    label = "Roll back" if back else "Put into force"
    if st.button(label, type="primary", key="weights.activate_now"):
        try:
            if back:
                profiles.roll_back(expected=in_force.name, note=note)
            else:
                profiles.activate(chosen.name, expected=in_force.name, note=note)
        except GemboardError as error:
            show_error(error)
            st.caption("Nothing was changed, and your draft is kept. Close this to look again.")
            return
        draft = st.session_state.get(state.WEIGHTS_DRAFT)
        if draft is not None and draft.equals(drafts.profile_draft(chosen)):
            drafts.keep(None)
        st.session_state[state.WEIGHTS_TOLD] = f"**{literal(chosen.name)}** is in force."
        st.rerun()


def _changes(in_force: WeightProfile, chosen: WeightProfile) -> None:
    """What becomes of the first models."""
    before, after = (ranked(drafts.profile_draft(one)) for one in (in_force, chosen))
    weighed = data.weighed_grid(profiles.scores_revision(), str(chosen.normalisation))
    names = ModelNames.read(weighed.model_ids)
    moved = movement(before, after)
    top = min(state.DEFAULT_TOP, len(names.ids))
    if not moved.models:
        st.caption("No model has a score under both, so there is no ranking to compare.")
        return
    st.caption(
        f"Kendall’s tau {figure(moved.tau)}, rank-biased overlap {figure(moved.overlap)} over "
        f"{moved.models} models. The first {top}:"
    )
    st.text(top_words(before.order, after.order, top, names))
