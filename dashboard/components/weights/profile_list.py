"""Saved profiles: which there are, putting one into force, comparing two, and what was before."""

import polars as pl
import streamlit as st

from dashboard import formats, profiles
from dashboard.access import current_person
from dashboard.components.notices import literal
from dashboard.components.weights import draft as drafts
from dashboard.components.weights.difference_table import difference_table
from dashboard.components.weights.draft_panel import weight_words
from dashboard.components.weights.profile_dialogs import activate_dialog
from dashboard.state import weights as state
from warehouse.profiles import WeightProfile

ONLY_MAINTAINERS = "Maintainers put profiles into force and roll back."


def profile_list(active: WeightProfile) -> None:
    """The profiles, and what can be done with them."""
    saved = {profile.name: profile for profile in profiles.weight_profiles()}
    _table(saved)
    _actions(saved, active)
    if len(saved) > 1:
        st.subheader("Compare two", anchor=False)
        _comparison(saved, active)
    st.subheader("In force until now", anchor=False)
    _history()


def _table(saved: dict[str, WeightProfile]) -> None:
    st.dataframe(
        pl.DataFrame(
            [
                {
                    "Name": profile.name,
                    "In force": profile.active,
                    "Weights": weight_words(profile.lambdas.items()),
                    "Normalisation": state.NORMALISATIONS[str(profile.normalisation)],
                    "Note": profile.note or "",
                    "Author": _named(profile.author, profile.author),
                    "Saved": formats.moment(profile.created_at),
                }
                for profile in saved.values()
            ]
        ),
        hide_index=True,
        key="weights.profiles",
    )


def _actions(saved: dict[str, WeightProfile], active: WeightProfile) -> None:
    """Choose a profile; start from it or put it into force."""
    if st.session_state.get(state.WEIGHTS_CHOSEN) not in saved:
        st.session_state[state.WEIGHTS_CHOSEN] = next(iter(saved))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = st.selectbox(
            "Profile", list(saved), key=state.WEIGHTS_CHOSEN, persist_state="session", width=280
        )
        chosen = saved[name]
        st.button(
            "Start from it",
            key="weights.use_profile",
            on_click=drafts.keep,
            args=(None if chosen.active else drafts.profile_draft(chosen),),
        )
        allowed = profiles.may_activate()
        if st.button(
            "Put into force",
            icon=":material/bolt:",
            key="weights.activate",
            disabled=chosen.active or not allowed,
            help=None if allowed else ONLY_MAINTAINERS,
        ):
            activate_dialog(chosen, active)
        _roll_back(saved, active, allowed=allowed)


def _roll_back(saved: dict[str, WeightProfile], active: WeightProfile, *, allowed: bool) -> None:
    past = profiles.history()
    previous = saved.get(past[0].previous or "") if past else None
    if (
        st.button(
            "Roll back",
            icon=":material/history:",
            key="weights.roll_back",
            disabled=previous is None or not allowed,
            help=ONLY_MAINTAINERS
            if not allowed
            else "Nothing was in force before."
            if previous is None
            else f"Back to {literal(previous.name)}.",
        )
        and previous
    ):
        activate_dialog(previous, active, back=True)


def _comparison(saved: dict[str, WeightProfile], active: WeightProfile) -> None:
    others = [name for name in saved if name != active.name]
    for key, first in ((state.WEIGHTS_ONE, active.name), (state.WEIGHTS_OTHER, others[-1])):
        if st.session_state.get(key) not in saved:
            st.session_state[key] = first
    with st.container(horizontal=True, gap="small"):
        one = st.selectbox("From", list(saved), key=state.WEIGHTS_ONE, persist_state="session")
        other = st.selectbox("To", list(saved), key=state.WEIGHTS_OTHER, persist_state="session")
    difference_table(saved[one], saved[other], key="weights.differences")


def _history() -> None:
    st.dataframe(
        pl.DataFrame(
            [
                {
                    "When": formats.moment(past.activated_at),
                    "Profile": past.profile,
                    "Before it": past.previous or "",
                    "By": _named(past.person_id, past.person_name),
                    "Note": past.note or "",
                }
                for past in profiles.history()
            ],
            schema=dict.fromkeys(("When", "Profile", "Before it", "By", "Note"), pl.String),
        ),
        hide_index=True,
        key="weights.history",
    )


def _named(person_id: str, name: str) -> str:
    """Name of a person: whoever is at the screen may be in no table yet."""
    person = current_person()
    return person.name if person_id == person.person_id else name
