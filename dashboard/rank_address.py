"""Which session or campaign Rank shows: the address says so, and is told of it.

`rank?session=ID` is a session, `rank?campaign=ID` the lobby at a campaign, `rank` the lobby, and
`rank?start=picks` the lobby ready to begin with the selection, also from within a session.
"""

import streamlit as st

from dashboard import links
from dashboard.components.notices import show_link_complaints
from dashboard.state import rank as state
from dashboard.state.rank import RankLink

OLD_ADDRESS_S = 3.0  # so long a run may come from a browser that did not hear of the new address


def shown() -> RankLink:
    """What is open; says what a link could not get."""
    asked = links.asked_values(state.PARAMETERS, state.RANK_LINK)
    if asked:
        link = state.read_rank_link(asked)
        show_link_complaints(link.complaints)
        if link.way:
            st.session_state[state.RANK_WAY] = link.way
        _show(link)
    elif not any(name in st.query_params for name in state.PARAMETERS) and not links.just_written(
        state.RANK_LINK, OLD_ADDRESS_S
    ):
        _show(RankLink())
    found: RankLink = st.session_state.get(state.RANK_SHOWN, RankLink())
    links.write_values(state.link_parameters(found), state.RANK_LINK)
    return found


def open_session(session_id: str) -> None:
    """Show a session from the next run on."""
    _show(RankLink(session_id))
    links.write_values({"session": session_id}, state.RANK_LINK)


def leave() -> None:
    """Show the lobby from the next run on."""
    _show(RankLink())
    links.write_values({}, state.RANK_LINK)


def _show(link: RankLink) -> None:
    st.session_state[state.RANK_SHOWN] = link
