"""The switch for simulated judgments."""

import streamlit as st

from dashboard import formats
from dashboard.state import simulated as state

HELP = (
    "People who never were: their tastes are written down in the project, so that leaderboards "
    "and summaries have something to show on the first day. Off, they count nowhere."
)


def simulated_switch(judgments: int) -> bool:
    """The switch, where there are simulated judgments; returns whether they are shown."""
    if judgments:
        st.toggle(
            f"Count {formats.whole(judgments)} simulated judgments too",
            key=state.SHOWN,
            help=HELP,
            persist_state="session",
        )
    return bool(judgments) and state.shown(st.session_state)
