"""The lobby of Rank: go on, take part in a campaign, begin a session, look back."""

import streamlit as st

from core.errors import GemboardError
from dashboard import ranking
from dashboard.components.notices import show_empty_warehouse, show_error
from dashboard.components.rank.lobby_campaigns import open_campaigns
from dashboard.components.rank.lobby_sessions import open_sessions, past_sessions
from dashboard.components.rank.lobby_start import start_box
from dashboard.components.rank.prompt_picker import rankable_prompts
from dashboard.state import rank as state


def lobby(campaign_id: str | None = None) -> None:
    """Everything before a session; a campaign that a link names comes first."""
    st.title("Rank", anchor=False)
    st.caption(
        "Say which pictures are better, prompt by prompt. Names of models stay hidden until you "
        "have answered, every answer is kept at once, and you can leave and go on any day."
    )
    error = st.session_state.pop(state.RANK_ERROR, None)
    if isinstance(error, GemboardError):
        show_error(error)
    prompts = rankable_prompts()
    if prompts.is_empty():
        show_empty_warehouse("pictures to rank")
        return
    if not ranking.may_rank():
        _only_looking()
        return
    sessions = ranking.sessions()
    texts = dict(zip(prompts["prompt_id"], prompts["prompt"], strict=True))
    going = [session for session in sessions if session.is_open]
    under_way = {session.campaign for session in going}
    if campaign_id:
        open_campaigns(under_way, campaign_id)
    open_sessions(going, texts)
    if not campaign_id:
        open_campaigns(under_way)
    start_box(prompts)
    past_sessions([session for session in sessions if not session.is_open])


def _only_looking() -> None:
    with st.container(border=True):
        st.subheader("You can look, not rank", anchor=False)
        st.write(
            "Ranking takes the role annotator, and yours is viewer. Ask a maintainer for it. Until "
            "then Explore shows the pictures."
        )
