"""What pictures are wanted: a prompt or a tag, filters, and the address that says so."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from dashboard import links, terms
from dashboard.components.notices import literal, show_link_complaints
from dashboard.state import recommendation as state
from warehouse.recommendation_knowledge import Knowledge
from warehouse.recommendation_questions import Question

MOST_PILLS = 14  # tags; more of them are a list to choose from
ANY = ""  # not None: a picker that may hold nothing offers to be cleared
ANY_WORDS = {state.BASE_MODEL: "Any base model", state.LICENCE: "Any licence"}


def question(known: Knowledge) -> Question:
    """The controls; what is asked by them or by the address stands in the address."""
    _adopt_link(known)
    asked = state.question(st.session_state)
    st.session_state[state.PROMPT] = asked.prompt
    prompt, base_model, licence = st.columns([6, 2, 2], vertical_alignment="bottom")
    prompt.text_input(
        "What should the picture show?",
        key=state.PROMPT,
        type="search",
        placeholder="a red fox in the snow",
        max_chars=state.LONGEST_PROMPT,
        on_change=_take_prompt,
        help=terms.WHICH_MODEL,
    )
    with base_model:
        _filter("Base model", state.BASE_MODEL, known.options("base_model"), asked.base_model)
    with licence:
        _filter("Licence", state.LICENCE, known.options("licence"), asked.licence)
    _tags(known.options("tag"), asked)
    links.write_values(state.link_parameters(asked), state.LINK)
    return asked


def _adopt_link(known: Knowledge) -> None:
    asked = links.asked_values(state.PARAMETERS, state.LINK)
    if not asked:
        return
    options = {parameter: known.options(column) for parameter, column in state.FIELDS.items()}
    st.session_state[state.ASKED], complaints = state.read_link(asked, options)
    show_link_complaints(complaints)


def _tags(tags: Sequence[str], asked: Question) -> None:
    if not tags:
        return
    st.session_state[state.TAG] = asked.tag
    if len(tags) <= MOST_PILLS:
        st.pills("Or a tag", tags, key=state.TAG, format_func=literal, on_change=_take_tag)
        return
    st.session_state[state.TAG] = asked.tag or ANY
    st.selectbox(
        "Or a tag",
        [ANY, *tags],
        key=state.TAG,
        format_func=lambda tag: tag or "No tag",
        on_change=_take_tag,
        width=260,
    )


def _filter(label: str, key: str, options: Sequence[str], chosen: str | None) -> None:
    st.session_state[key] = chosen or ANY
    st.selectbox(
        label,
        [ANY, *options],
        key=key,
        format_func=lambda option: option or ANY_WORDS[key],
        on_change=_take_filters,
    )


def _take_prompt() -> None:
    prompt = " ".join(st.session_state[state.PROMPT].split())
    _keep(replace(state.question(st.session_state), prompt=prompt, tag=None))


def _take_tag() -> None:
    tag = st.session_state[state.TAG] or None
    _keep(replace(state.question(st.session_state), prompt="", tag=tag))


def _take_filters() -> None:
    asked = state.question(st.session_state)
    _keep(
        replace(
            asked,
            base_model=st.session_state[state.BASE_MODEL] or None,
            licence=st.session_state[state.LICENCE] or None,
        )
    )


def _keep(asked: Question) -> None:
    st.session_state[state.ASKED] = asked
