"""Sessions of the person at the screen: those to go on with, and those of the past."""

from collections.abc import Mapping, Sequence
from math import ceil

import streamlit as st

from core.sessions.progress import Progress
from dashboard import formats, navigation, rank_address
from dashboard.components.rank.beginning import end
from dashboard.state.campaigns import MODES
from warehouse.ranking import MOST_LISTED, StoredSession

PROMPTS_NAMED = 2
MOST_WORDS = 70  # of a prompt
MINUTE_S = 60
FIRST_SHOWN = 4  # of the open sessions; the others fold away


def open_sessions(sessions: Sequence[StoredSession], texts: Mapping[int, str]) -> None:
    """What can be gone on with, the one touched last first."""
    if not sessions:
        return
    st.subheader("Go on", anchor=False)
    for place, session in enumerate(sessions[:FIRST_SHOWN]):
        _open(session, texts, is_first=place == 0)
    others = sessions[FIRST_SHOWN:]
    if others:
        with st.expander(f"{formats.counted(len(others), 'more open session')}"):
            for session in others:
                _open(session, texts)


def past_sessions(sessions: Sequence[StoredSession]) -> None:
    """What is over, in a quiet list."""
    if not sessions:
        return
    with st.expander(f"Past sessions ({len(sessions)})"):
        for session in sessions:
            _past(session)
        if len(sessions) >= MOST_LISTED:
            st.caption(f"The last {MOST_LISTED}; Summary counts all.")


def progress_words(far: Progress) -> str:
    """How far a session is, and how long it takes still at the person's own pace."""
    left = (
        formats.whole(far.most_left)
        if far.fewest_left == far.most_left
        else f"{far.fewest_left} to {far.most_left}"
    )
    words = f"{formats.counted(far.answered, 'answer')} given, {left} left"
    seconds = far.most_seconds_left
    if seconds is None:
        return words
    return f"{words}, {formats.counted(max(1, ceil(seconds / MINUTE_S)), 'minute')} at most"


def _open(session: StoredSession, texts: Mapping[int, str], *, is_first: bool = False) -> None:
    assert session.progress
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.text(_title(session), width="stretch")
            st.button(
                "Go on",
                type="primary" if is_first else "secondary",
                icon=":material/resume:",
                key=f"rank.resume.{session.session_id}",
                on_click=rank_address.open_session,
                args=(session.session_id,),
            )
            st.button(
                "End",
                type="tertiary",
                key=f"rank.end.{session.session_id}",
                help="Your answers stay; it only leaves this list. Past sessions can be opened "
                "again.",
                on_click=end,
                args=(session.session_id,),
            )
        st.progress(session.progress.share, progress_words(session.progress))
        st.text(_prompts(session, texts))


def _past(session: StoredSession) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        how = "finished" if session.is_over else "ended early" if session.ended else "not by Rank"
        given = session.progress.answered if session.progress else None
        parts = (
            _title(session),
            None if given is None else formats.counted(given, "answer"),
            how,
        )
        st.text("  ·  ".join(filter(None, parts)), width="stretch")
        if session.ended and session.progress and not session.is_over:
            st.button(
                "Open again",
                type="tertiary",
                key=f"rank.reopen.{session.session_id}",
                on_click=rank_address.open_session,
                args=(session.session_id,),
            )
        summary = navigation.entry("summary")
        if summary:
            st.page_link(
                summary.page(),
                label="Summary",
                icon=summary.icon,
                query_params={"session": session.session_id},
            )


def _title(session: StoredSession) -> str:
    """Mode, campaign and time; a campaign's name is a stranger's text."""
    parts = (MODES[session.mode], session.campaign_name, formats.moment(session.last_at))
    return "  ·  ".join(filter(None, parts))


def _prompts(session: StoredSession, texts: Mapping[int, str]) -> str:
    """The first prompts of a session in words, and how many there are."""
    named = [
        f"“{formats.shortened(texts.get(prompt_id, f'prompt {prompt_id}'), MOST_WORDS)}”"
        for prompt_id in session.prompt_ids[:PROMPTS_NAMED]
    ]
    more = len(session.prompt_ids) - len(named)
    if more:
        named.append(f"and {more} more")
    return f"{formats.counted(len(session.prompt_ids), 'prompt')}: {', '.join(named)}"
