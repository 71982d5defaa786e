"""What the form comes to, and asking for it."""

from collections.abc import Sequence

import streamlit as st

from core.errors import GemboardError
from dashboard import formats, generation, generation_models
from dashboard.components.generate.field_errors import field_error
from dashboard.components.notices import show_error
from dashboard.generation_models import Roster
from dashboard.state import generate as state
from warehouse.generation.job_views import Estimate
from warehouse.generation.orders import Order

KEEP_HELP = (
    "Each picture enters the warehouse as it is finished: it is scored, placed on kept maps, and "
    "can be voted on. Off: you choose afterwards which ones to keep."
)
FORCE_HELP = (
    "A picture that was asked for before is shown from the warehouse. On: it is made anew all the "
    "same; on the same device it comes out the same."
)


def toggles() -> tuple[bool, bool]:
    """Whether pictures are kept, and whether those that are here are made again."""
    if st.session_state.get(state.KEEP) is None:
        st.session_state[state.KEEP] = True
    with st.container(gap="xsmall"):
        keep = st.toggle(
            "Keep every picture", key=state.KEEP, persist_state="session", help=KEEP_HELP
        )
        force = st.toggle(
            "Make again what is here", key=state.FORCE, persist_state="session", help=FORCE_HELP
        )
    return keep, force


def ask_box(order: Order | None, known: Roster, missing: Sequence[str]) -> None:
    """What it costs, and the one button; it can always be clicked and then says what is missing."""
    told = None
    if order is not None:
        try:
            told = generation.estimate(order)
        except GemboardError as error:
            field_error(error)
    if told is not None:
        _cost(told)
    asked = st.button(
        _label(order, told),
        type="primary",
        icon=":material/auto_awesome:",
        key="generate.ask",
        width="stretch",
    )
    if not asked:
        return
    if order is None:
        words = f"Still missing: {' and '.join(missing)}." if missing else "See what is red above."
        st.caption(f":red[{words}]")
        return
    try:
        combined = generation_models.combined(order, known)
        st.session_state[state.ASKED] = generation.ask(combined)
    except GemboardError as error:
        show_error(error)
        return
    st.caption("Asked for: pictures appear beside this form, on a narrow screen below it.")


def cost_words(told: Estimate) -> str:
    """What an order costs, in a line."""
    parts = []
    if told.pictures:
        guess = "about" if told.measured else "by a guess"
        parts = [
            formats.counted(told.pictures, "picture"),
            formats.counted(told.loads, "model load"),
            f"{guess} {duration(told.seconds)}",
        ]
    if told.here:
        parts.append(f"{formats.whole(told.here)} here already")
    if told.ahead_s >= 1:
        parts.append(f"others come first: {duration(told.ahead_s)}")
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """A time to wait, rounded as one thinks of it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"


def _cost(told: Estimate) -> None:
    st.caption(cost_words(told))


def _label(order: Order | None, told: Estimate | None) -> str:
    if order is None:
        return "Make pictures"
    if told is not None and not told.pictures:
        return f"Show {formats.counted(told.here, 'picture')}"
    return f"Make {formats.counted(len(order.pictures), 'picture')}"
