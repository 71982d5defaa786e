"""Which judgments are rated and how: the controls, and the address that says so."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

import numpy as np
import polars as pl
import streamlit as st

from dashboard import campaigns, formats, links, profiles, ranking, terms
from dashboard.access import Role
from dashboard.components.notices import show_link_complaints
from dashboard.components.pickers import segments
from dashboard.data import leaderboard as data
from dashboard.data.map import map_models
from dashboard.data.weights import weighed_prompts
from dashboard.state import leaderboard as state
from dashboard.state.leaderboard import Behind, Known, LeaderboardLink
from warehouse.leaderboards import Judged, Slice

ALL = None
ROLES = {role.name.lower(): f"{role.name.lower()}s" for role in Role}
PROMPT_LETTERS = 90

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Choice:
    """What is looked at; numbers of judgments are rows of `judged`."""

    revision: int
    chosen: Slice
    link: LeaderboardLink
    judged: Judged

    @property
    def method(self) -> str:
        """Name of the way of rating."""
        return self.link.method or next(iter(state.METHODS))

    @property
    def view(self) -> str:
        """Name of the view."""
        return self.link.view or next(iter(state.VIEWS))

    @property
    def counted(self) -> pl.DataFrame:
        """The judgments that compare models, in the order in which they were given."""
        comparisons = self.judged.comparisons
        numbers = np.unique(np.concatenate([comparisons.numbers, comparisons.batches]))
        return self.judged.judgments[numbers]

    @property
    def filtered(self) -> bool:
        """Whether only some judgments are asked for."""
        return any(st.session_state.get(key) is not None for key in state.FILTERS)


def adopt_link() -> None:
    """Take over what the address asks for; say what could not be taken."""
    asked = links.asked_values(state.LINK_PARAMETERS, state.LEADERBOARD_LINK)
    if not asked:
        return
    link = state.read_leaderboard_link(asked, _known())
    session = st.session_state
    session[state.LEADERBOARD_VIEW] = link.view or next(iter(state.VIEWS))
    session[state.LEADERBOARD_METHOD] = link.method or next(iter(state.METHODS))
    session[state.LEADERBOARD_TAG] = link.tag
    session[state.LEADERBOARD_PROMPT] = link.prompt_id
    session[state.LEADERBOARD_BASE] = link.base_model
    session[state.LEADERBOARD_ROLE] = link.role
    session[state.LEADERBOARD_CAMPAIGN] = link.campaign
    session[state.LEADERBOARD_SINCE] = link.since
    session[state.LEADERBOARD_UNTIL] = link.until
    session[state.LEADERBOARD_OPENED] = link.behind
    show_link_complaints(link.complaints)


def choice(*, with_simulated: bool) -> Choice:
    """The controls; what they leave open is every judgment of everybody."""
    revision = ranking.judgments_revision()
    everything = data.judged(revision, Slice(with_simulated=with_simulated)).judgments
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        tag, prompt_id = _tag_and_prompt(everything)
        bases = _base_models()
        base_model = _asked("Base model", bases, state.LEADERBOARD_BASE, "All bases", 200)
        role = _asked("Annotators", ROLES, state.LEADERBOARD_ROLE, "Everybody", 160)
        named = {each.campaign_id: each.name for each in campaigns.campaigns()}
        campaign = _asked("Campaign", named, state.LEADERBOARD_CAMPAIGN, "All judgments", 200)
        since = _day("From", state.LEADERBOARD_SINCE)
        until = _day("To", state.LEADERBOARD_UNTIL)
        clearing()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        view = segments(
            "View", state.VIEWS, state.LEADERBOARD_VIEW, on_change=_leave_votes, wrap=True
        )
        if view in state.BY_METHOD:
            segments(
                "Rated by",
                state.METHODS,
                state.LEADERBOARD_METHOD,
                help=terms.RATED_BY,
                wrap=True,
            )
    method = st.session_state.get(state.LEADERBOARD_METHOD) or next(iter(state.METHODS))
    told = LeaderboardLink(
        *(view, method, tag, prompt_id, base_model, role, campaign, since, until),
        st.session_state.get(state.LEADERBOARD_OPENED),
    )
    chosen = slice_of(told, with_simulated=with_simulated)
    return Choice(revision, chosen, told, data.judged(revision, chosen))


def share_link(chosen: Choice) -> None:
    """Write what is shown into the address; what is so at first is left out."""
    told = chosen.link
    first_view, first_method = next(iter(state.VIEWS)), next(iter(state.METHODS))
    link = LeaderboardLink(
        None if told.view == first_view else told.view,
        None if told.method == first_method else told.method,
        *(told.tag, told.prompt_id, told.base_model, told.role, told.campaign),
        *(told.since, told.until, told.behind),
    )
    links.write_values(state.link_parameters(link), state.LEADERBOARD_LINK)


def slice_of(told: LeaderboardLink, *, with_simulated: bool) -> Slice:
    """The judgments that a link asks for; its days are whole ones, in UTC."""
    return Slice(
        tag=told.tag,
        prompt_ids=None if told.prompt_id is None else (told.prompt_id,),
        base_model=told.base_model,
        role=told.role,
        campaign=told.campaign,
        since=None if told.since is None else _midnight(told.since),
        until=None if told.until is None else _midnight(told.until + timedelta(days=1)),
        with_simulated=with_simulated,
    )


def clearing() -> None:
    """A button that takes all filters away, where there are any."""
    if any(st.session_state.get(key) is not None for key in state.FILTERS):
        st.button("Clear filters", icon=":material/filter_alt_off:", on_click=clear_filters)


def clear_filters() -> None:
    """From now on every judgment counts."""
    for key in state.FILTERS:
        st.session_state[key] = None


def _leave_votes() -> None:
    """Whoever chooses a view wants to see it."""
    st.session_state[state.LEADERBOARD_OPENED] = None


def open_votes(behind: Behind | None) -> None:
    """List these judgments, or go back to the view."""
    st.session_state[state.LEADERBOARD_OPENED] = behind
    st.rerun()


def _tag_and_prompt(everything: pl.DataFrame) -> tuple[str | None, int | None]:
    """Tag and prompt; of the prompts those that somebody judged."""
    prompts = weighed_prompts(profiles.scores_revision())
    tags = dict.fromkeys(prompts["tag"].drop_nulls().sort())
    tag = _asked("Tag", {name: name for name in tags}, state.LEADERBOARD_TAG, "All tags", 170)
    judged = dict(everything["prompt_id"].value_counts().iter_rows())
    kept = st.session_state.get(state.LEADERBOARD_PROMPT)
    words: dict[int, str] = {}
    for row in prompts.iter_rows(named=True):
        key, wanted = row["prompt_id"], tag is None or row["tag"] == tag
        if wanted and (key in judged or key == kept):
            words[key] = formats.shortened(row["prompt"], PROMPT_LETTERS)
    return tag, _asked("Prompt", words, state.LEADERBOARD_PROMPT, "All prompts", 300)


def _asked(
    label: str, words: Mapping[Key, str], key: str, everything: str, width_px: int
) -> Key | None:
    """One of `words`, or None for all; not asked where there is one alone and it is not chosen."""
    if st.session_state.get(key) not in words:
        st.session_state[key] = ALL
    if len(words) < 2 and st.session_state[key] is ALL:
        return None
    options: list[Any] = list(words)
    chosen: Key | None = st.selectbox(
        label,
        options,
        format_func=words.__getitem__,
        index=None,
        placeholder=everything,
        key=key,
        persist_state="session",
        width=width_px,
    )
    return chosen


def _day(label: str, key: str) -> date | None:
    st.session_state.setdefault(key, None)
    found = st.date_input(
        label,
        value=None,
        min_value=state.FIRST_DAY,
        max_value=state.LAST_DAY,
        key=key,
        format="YYYY-MM-DD",
        persist_state="session",
        width=170,
        help="In UTC; the day itself counts.",
    )
    return found if isinstance(found, date) else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _base_models() -> dict[str, str]:
    names = map_models()["base_model"].drop_nulls().unique().sort()
    return {name: name for name in names}


def _known() -> Known:
    prompts = weighed_prompts(profiles.scores_revision())
    return Known(
        set(prompts["tag"].drop_nulls()),
        set(prompts["prompt_id"]),
        set(_base_models()),
        set(ROLES),
        {each.campaign_id for each in campaigns.campaigns()},
        set(map_models()["model_version_id"]),
    )
