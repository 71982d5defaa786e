"""The plain mode of a session: Streamlit's own buttons, small pictures, and letters to sort.

The events are those of the stage; only the way to give them is another.
"""

import time
from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit_sortables import sort_items

from core.sessions.events import (
    OUTCOMES,
    Comment,
    Event,
    Order,
    Outcome,
    Skip,
    Undo,
    Vote,
    step_key,
)
from core.sessions.progress import progress
from core.sessions.replay import LONGEST_COMMENT, State
from dashboard import ranking
from dashboard.components.rank.answers import Taken, take_event
from dashboard.components.rank.scene import (
    can_be_shown,
    far_words,
    pictures_of,
    prompt_of,
    told,
    why_not_shown,
)
from dashboard.media import thumbnail_url
from dashboard.state.rank_stage import PLAIN_SAID, PLAIN_SHOWN

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BEST_FIRST, REJECTED = "Best first", "Rejected"
WORDS: dict[Outcome, str] = {
    "left": "A is better",
    "right": "B is better",
    "tie": "Tie",
    "both_bad": "Both bad",
}


def plain_stage(session_id: str) -> bool:
    """Show the session plainly; returns whether it is over. Raises what `ranking.state` raises."""
    state = ranking.state(session_id)
    _note_shown(state)
    st.progress(progress(state).share, text=far_words(state, progress(state)))
    said = st.session_state.pop(PLAIN_SAID, "")
    if said:
        st.warning(said, icon=":material/info:")
    if state.screen:
        st.text(prompt_of(state))
        judgeable = _pictures(state, state.screen.image_ids)
        if not judgeable:
            st.info("Not all pictures can be shown, so these cannot be judged. Skip them.")
        elif state.session.mode == "battle":
            _votes(state)
        else:
            _order(state, len(state.screen.image_ids))
    with st.container(horizontal=True):
        if state.screen:
            _button(state, "skip", "Skip")
        _button(state, "undo", "Undo", disabled=not state.undoable)
    st.text(" · ".join(f"{part['words']} {part['model']}".strip() for part in told(state)))
    _comment(state)
    return state.is_over


def _pictures(state: State, image_ids: Sequence[str]) -> bool:
    """The pictures by letters; returns whether all can be shown."""
    known = pictures_of(state, tuple(image_ids))
    shown = [known.get(image_id) for image_id in image_ids]
    with st.container(horizontal=True):
        for letter, picture in zip(LETTERS, shown, strict=False):
            with st.container(width=170, gap=None):
                st.text(f"Picture {letter}")
                if picture and picture.sha256 and can_be_shown(picture):
                    st.markdown(f"![Picture {letter}]({thumbnail_url(picture.sha256)})")
                else:
                    st.caption(why_not_shown(picture))
    return all(can_be_shown(picture) for picture in shown)


def _votes(state: State) -> None:
    with st.container(horizontal=True):
        for outcome in OUTCOMES:
            _button(state, outcome, WORDS[outcome])


def _order(state: State, count: int) -> None:
    letters = list(LETTERS[:count])
    lists = [{"header": BEST_FIRST, "items": letters}]
    if state.session.rules.reject_bin:
        lists.append({"header": REJECTED, "items": []})
    st.caption("Drag the letters, or move one by Space, arrow keys and Space.")
    sorted_lists = sort_items(lists, multi_containers=True, key=_key(state, "sort"))
    order = [list(each["items"]) for each in sorted_lists]
    _button(state, "order", "Submit this order", order, type="primary")


def _comment(state: State) -> None:
    key = _key(state, "words")
    with st.form(_key(state, "comment"), border=False):
        st.text_input("Comment", max_chars=LONGEST_COMMENT, key=key)
        st.form_submit_button("Add comment", on_click=_give_comment, args=(state, key))


def _give_comment(state: State, key: str) -> None:
    words = str(st.session_state.get(key, "")).strip()
    if words:
        _give(state, "comment", words)


def _button(state: State, what: str, label: str, told: object = None, **more: Any) -> None:
    key = _key(state, what)
    st.button(label, key=key, on_click=_give, args=(state, what, told), **more)


def _give(state: State, what: str, told: object = None) -> None:
    """Store an answer to what `state` shows; says why, where it cannot be taken."""
    taken = _taken(state, what, told)
    if taken.refused:
        st.session_state[PLAIN_SAID] = taken.reason


def _taken(state: State, what: str, told: object) -> Taken:
    shown = state.screen.image_ids if state.screen else ()
    session_id = state.session.session_id
    common: dict[str, Any] = {
        "step": state.step,
        "idempotency_key": step_key(session_id, state.step),
        "shown_image_ids": shown,
        "response_time_ms": _shown_for_ms(state),
    }
    event: Event
    if what == "skip":
        event = Skip(**common)
    elif what == "undo":
        event = Undo(undoes_judgment_id=str(state.undoable), **common)
    elif what == "comment":
        event = Comment(comment=str(told), **common)
    elif what == "order":
        assert isinstance(told, list)
        lists = [tuple(shown[LETTERS.index(letter)] for letter in letters) for letters in told]
        rejected = lists[1] if len(lists) > 1 else ()
        event = Order(
            ranked_image_ids=lists[0],
            rejected_image_ids=rejected,
            **common,
        )
    else:
        event = Vote(outcome=what, **common)  # type: ignore[arg-type]
    return take_event(state, event)


def _note_shown(state: State) -> None:
    """Remember since when these pictures are shown; comments do not begin it anew."""
    shown = st.session_state.get(PLAIN_SHOWN)
    if shown is None or shown[0] != _place(state):
        st.session_state[PLAIN_SHOWN] = (_place(state), time.monotonic())


def _shown_for_ms(state: State) -> int | None:
    shown = st.session_state.get(PLAIN_SHOWN)
    if shown is None or shown[0] != _place(state):
        return None
    return int(1000 * (time.monotonic() - shown[1]))


def _place(state: State) -> tuple[str, int]:
    return state.session.session_id, len(state.answers)


def _key(state: State, name: str) -> str:
    return f"rank_stage.{name}.{state.session.session_id}.{state.step}"
