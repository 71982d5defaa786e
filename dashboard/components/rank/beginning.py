"""Beginning a session from the lobby, once however often Start is clicked."""

import uuid
from collections.abc import Sequence

import streamlit as st

from core.errors import GemboardError
from dashboard import campaigns, rank_address, ranking
from dashboard.state import rank as state
from warehouse.ranking_start import CHOOSE


def start_button(
    label: str,
    what: str,
    prompt_ids: Sequence[int] | None = None,
    *,
    campaign: str | None = None,
    disabled: bool = False,
) -> None:
    """A button that begins a session; without prompts they are chosen. `what` tells buttons apart.

    The session's id is made before it is clicked and is part of the button: a second click on the
    same button, however late it comes, asks for the same session.
    """
    session_id = st.session_state.setdefault(state.RANK_NEXT, str(uuid.uuid4()))
    st.button(
        label,
        type="primary",
        icon=":material/play_arrow:",
        key=f"rank.start.{what}.{session_id}",
        disabled=disabled,
        on_click=begin,
        args=(session_id, None if prompt_ids is None else tuple(prompt_ids), campaign),
    )


def begin(session_id: str, prompt_ids: tuple[int, ...] | None, campaign: str | None) -> None:
    """Begin the session of this id, or find it begun, and show it; the lobby says an error."""
    try:
        session = ranking.begin(
            CHOOSE if prompt_ids is None else prompt_ids, campaign=campaign, session_id=session_id
        )
    except GemboardError as error:
        st.session_state[state.RANK_ERROR] = error
        return
    if st.session_state.get(state.RANK_NEXT) == session_id:
        del st.session_state[state.RANK_NEXT]
    campaigns.changed()
    rank_address.open_session(session.session_id)


def end(session_id: str) -> None:
    """End a session before all is judged."""
    try:
        ranking.finish(session_id)
    except GemboardError as error:
        st.session_state[state.RANK_ERROR] = error
    campaigns.changed()
