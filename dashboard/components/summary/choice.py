"""Whose summary is shown, and of which judgments: the controls, and the address that says so."""

from dataclasses import dataclass

import polars as pl
import streamlit as st

from core.errors import NotFoundError
from dashboard import formats, links, summaries
from dashboard.access import current_person
from dashboard.components.notices import show_link_complaints
from dashboard.state import summary as state
from dashboard.state.summary import SummaryLink
from warehouse.summaries import Asked, Summary

NOBODY = (
    "names a person without judgments (simulated ones are seen with the switch for simulated "
    "judgments)"
)
ALL = ""  # not None: a picker that may hold nothing offers to be cleared
TAG = "tag "
NO_TAG = "no tag"
MODES = {"sort": "Drag and sort", "battle": "Battle"}


@dataclass(frozen=True)
class Choice:
    """What is looked at, by whom."""

    asked: Asked
    name: str  # of the person
    sessions: pl.DataFrame

    @property
    def is_own(self) -> bool:
        """Whether the person at the screen looks at their own judgments."""
        return self.asked.person_id == current_person().person_id


def adopt_link(*, with_simulated: bool) -> None:
    """Take over what the address asks for; the server refuses what is not for this person.

    Raises NotAllowedError for another person, OthersSessionError for another person's session.
    """
    link = state.read_summary_link(links.asked_values(state.LINK_PARAMETERS, state.SUMMARY_LINK))
    complaints = list(link.complaints)
    person_id = link.person_id
    if person_id:
        summaries.check_person(person_id)
    if link.session_id:
        try:
            person_id = summaries.owner(link.session_id)
            st.session_state[state.SUMMARY_SESSION] = link.session_id
        except NotFoundError:
            complaints.append("names a session that is not in this warehouse")
    if person_id and person_id != current_person().person_id:
        known = summaries.people(with_simulated=with_simulated)["person_id"]
        if person_id not in known.to_list():
            complaints.append(NOBODY)
    if person_id:
        st.session_state[state.SUMMARY_PERSON] = person_id
    if link.tag is not None:
        st.session_state[state.SUMMARY_TAG] = TAG + link.tag
    if link.among:
        st.session_state[state.SUMMARY_AMONG] = link.among
    show_link_complaints(complaints)


def choice(*, with_simulated: bool) -> Choice:
    """The controls; what they leave open is everything that the person at the screen judged."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        person_id, name = _person(with_simulated=with_simulated)
        sessions = summaries.sessions(person_id, with_simulated=with_simulated)
        session_id = _session(sessions)
        tag = _tag(Asked(person_id, session_id, None, with_simulated))
    return Choice(Asked(person_id, session_id, tag, with_simulated), name, sessions)


def share_link(chosen: Choice, among: str) -> None:
    """Write what is shown into the address."""
    asked = chosen.asked
    link = SummaryLink(
        None if chosen.is_own else asked.person_id,
        asked.session_id,
        asked.tag,
        None if among == next(iter(state.AMONG)) else among,
    )
    links.write_values(state.link_parameters(link), state.SUMMARY_LINK)


def mark_simulated(told: Summary) -> None:
    """Say how many of the judgments are simulated, if any."""
    if told.simulated:
        st.badge(
            f"simulated: {formats.whole(told.simulated)} of "
            f"{formats.counted(told.judgments, 'judgment')}",
            icon=":material/experiment:",
            color="orange",
        )


def tag_words(tag: str | None) -> str:
    """A tag as the screen names it."""
    return "All tags" if tag is None else tag or NO_TAG


def _person(*, with_simulated: bool) -> tuple[str, str]:
    """Id and name of whose summary it is; only maintainers are asked."""
    own = current_person()
    if not summaries.may_see_others():
        return own.person_id, own.name
    rows = summaries.people(with_simulated=with_simulated)
    names = {own.person_id: f"{own.name} (you)"}
    for key, name, shared in rows.select(
        "person_id", "name", pl.col("name").is_duplicated().alias("shared").alias("shared")
    ).iter_rows():
        names.setdefault(key, f"{name} ({key})" if shared else name)
    person_id = _picked("Person", names, state.SUMMARY_PERSON, 280)
    return person_id, own.name if person_id == own.person_id else names[person_id]


def _session(sessions: pl.DataFrame) -> str | None:
    """The session, None for all of them; not asked where there are none."""
    words = {ALL: "All sessions"}
    for row in sessions.iter_rows(named=True):
        judged = formats.counted(row["judgments"], "judgment")
        words[row["session_id"]] = (
            f"{formats.moment(row['created_at'])} · {MODES[row['mode']]} · {judged}"
        )
    return _picked("Session", words, state.SUMMARY_SESSION, 360) or None


def _tag(asked: Asked) -> str | None:
    """The tag, None for all of them; not asked where nothing was judged."""
    words = {ALL: tag_words(None)}
    words |= {TAG + tag: tag_words(tag) for tag in summaries.by_tag(asked)}
    chosen = _picked("Tag", words, state.SUMMARY_TAG, 200)
    return chosen.removeprefix(TAG) if chosen else None


def _picked(label: str, words: dict[str, str], key: str, width_px: int) -> str:
    """One of `words`, the first at first; what was chosen before may be gone, or another's."""
    first = next(iter(words))
    if st.session_state.get(key) not in words:
        st.session_state[key] = first
    if len(words) == 1:
        return first
    return str(
        st.selectbox(
            label,
            list(words),
            format_func=words.__getitem__,
            key=key,
            persist_state="session",
            width=width_px,
        )
    )
