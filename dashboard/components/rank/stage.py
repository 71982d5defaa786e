"""The stage of Rank: everything while a session runs.

A vote reruns one fragment, which stores it and sends the next pictures; the scripts of the stage
come once, beside it.
"""

import streamlit as st

from core.errors import GemboardError
from dashboard import navigation, rank_address, ranking
from dashboard.components.assets import script, style
from dashboard.components.notices import show_error
from dashboard.components.rank.answers import take_answers
from dashboard.components.rank.plain import plain_stage
from dashboard.components.rank.scene import scene
from dashboard.resources import settings
from dashboard.state.rank_stage import PLAIN, STAGE, STAGE_SCRIPTS

PLAIN_HELP = (
    "Buttons and small pictures instead of dragging and keys: for slow links, screen readers "
    "and other assistive technology. Answers are the same."
)

_mount = st.components.v2.component(
    "gemboard_rank_stage", html='<div class="root"></div>', js=script("rank/mount")
)
_scripts = st.components.v2.component(
    "gemboard_rank_scripts",
    html="<div></div>",
    js=script(
        "elements", "rank/vendor/sortable", "rank/stage_frame", "rank/battle", "rank/tray",
        "rank/stage",
    ),
)  # fmt: skip


def stage(session_id: str) -> None:
    """Show a session of the person at the screen and take its answers; errors are shown here."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Sessions", icon=":material/arrow_back:", type="tertiary", on_click=_leave)
        st.space("stretch")
        plain = st.toggle("Plain mode", key=PLAIN, persist_state="session", help=PLAIN_HELP)
    _running(session_id, plain)
    if not plain:
        _scripts(
            key=STAGE_SCRIPTS,
            data={"css": style("elements", "rank/stage")},
            on_woken_change=lambda: None,
        )


@st.fragment
def _running(session_id: str, plain: bool) -> None:
    try:
        if plain:
            is_over = plain_stage(session_id)
        else:
            sent = (st.session_state.get(STAGE) or {}).get("answers")
            taken = take_answers(ranking.state(session_id), sent)
            told = {"refused": taken.refused, "said": taken.reason}
            small_px = {"small_px": settings().thumbnail_px}
            mounted = _mount(
                key=STAGE,
                data=scene(taken.state) | told | small_px,
                on_answers_change=lambda: None,
            )
            # A fresh server session, as after a restart, learns what was sent only by mounting.
            if take_answers(taken.state, mounted.answers).state is not taken.state:
                st.rerun()
            is_over = taken.state.is_over
    except GemboardError as error:
        show_error(error)
        return
    if is_over:
        _end()


def _end() -> None:
    """Where to go when all is judged."""
    with st.container(border=True):
        st.subheader("All judged, thank you", anchor=False)
        st.write("Each answer is stored. The last one can still be undone, and comments added.")
        with st.container(horizontal=True, vertical_alignment="center"):
            summary = navigation.entry("summary")
            if summary:
                st.page_link(summary.page(), label="Your summary", icon=summary.icon)
            if st.button("Another session", icon=":material/replay:"):
                _leave()
                st.rerun(scope="app")


def _leave() -> None:
    rank_address.leave()
