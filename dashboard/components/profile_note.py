"""Which weight profile the scores of a page are of."""

import streamlit as st

from core.errors import NotFoundError
from dashboard import profiles
from dashboard.components.notices import literal


def profile_words() -> str:
    """The profile in force, in words without any markup."""
    try:
        return f"GRE-Score by the profile {profiles.active_profile().name}"
    except NotFoundError:
        return "No weight profile is in force, so nothing has a GRE-Score"


def profile_note() -> None:
    """Name the profile in force."""
    st.caption(f"{literal(profile_words())}.")
