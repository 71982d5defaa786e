"""Pickers of Explore: tag, prompt, order and page, kept through page changes and shared links."""

from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from dashboard import formats, terms
from dashboard.state import explore as state

ALL_TAGS = "All tags"
LONG_PROMPT = 1_000  # characters; longer ones scroll, so that the pictures stay near
LONG_PROMPT_PX = 160


@dataclass(frozen=True)
class Choice:
    """What the person looks at."""

    prompt: dict[str, Any]  # a row of prompt_choices
    sort: str
    page_size: int


def adopt_link(prompts: pl.DataFrame) -> None:
    """Take what the address asks for, once; say what could not be taken."""
    session = st.session_state
    params = {k: v for k, v in st.query_params.to_dict().items() if k in state.LINK_PARAMETERS}
    if not params or params == session.get(state.EXPLORE_LINK):
        return
    link = state.read_explore_link(params, prompts["prompt_id"].to_list())
    session[state.EXPLORE_LINK] = params
    if link.prompt_id is not None:
        session[state.EXPLORE_PROMPT] = link.prompt_id
        session[state.EXPLORE_TAG] = ALL_TAGS
    if link.sort is not None:
        session[state.EXPLORE_SORT] = link.sort
    _go_to_page(link.page or 1)
    if link.complaints:
        st.warning(
            f"The link {' and '.join(link.complaints)}; showing what comes closest.",
            icon=":material/link_off:",
        )


def share_link(prompt_id: int, sort: str, page: int) -> None:
    """Write the choice into the address, so that it can be shared."""
    params = {"prompt": str(prompt_id), "sort": sort, "page": str(page)}
    st.session_state[state.EXPLORE_LINK] = params
    if st.query_params.to_dict() != params:
        st.query_params.from_dict(params)


def explore_filters(prompts: pl.DataFrame) -> Choice:
    """Show the pickers for `prompts` (rows of prompt_choices) and return the choice."""
    tag_column, prompt_column = st.columns([1, 3])
    with tag_column:
        tag = _tag_picker(prompts)
    shown = prompts if tag == ALL_TAGS else prompts.filter(pl.col("tag") == tag)
    rows = {row["prompt_id"]: row for row in shown.rows(named=True)}
    if st.session_state.get(state.EXPLORE_PROMPT) not in rows:
        st.session_state[state.EXPLORE_PROMPT] = next(iter(rows))
    with prompt_column:
        prompt_id = st.selectbox(
            "Prompt",
            list(rows),
            format_func=lambda key: formats.shortened(rows[key]["prompt"], 500),
            filter_mode="contains",
            key=state.EXPLORE_PROMPT,
            on_change=_first_page,
            persist_state="session",
            help="Type to search in the words of the prompts.",
        )
    sort = st.segmented_control(
        "Order",
        list(state.SORTS),
        format_func=state.SORTS.__getitem__,
        default=None if state.EXPLORE_SORT in st.session_state else "gre",
        required=True,
        key=state.EXPLORE_SORT,
        on_change=_first_page,
        persist_state="session",
        wrap=True,
        help=terms.SORT_HELP,
    )
    page_size = st.session_state.get(state.EXPLORE_PAGE_SIZE, state.PAGE_SIZES[0])
    return Choice(rows[prompt_id], sort or "gre", page_size)


def prompt_card(prompt: dict[str, Any]) -> None:
    """The prompt in its full words, as text."""
    long = len(prompt["prompt"]) > LONG_PROMPT
    with st.container(border=True, gap="xsmall"):
        with st.container(border=False, height=LONG_PROMPT_PX if long else "content"):
            st.text(prompt["prompt"])
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if prompt["tag"]:
                st.text(prompt["tag"], width="content")
            st.caption(_about(prompt), width="content")
            if prompt["negative_prompt"]:
                with st.popover("Negative prompt", type="tertiary"):
                    st.text(prompt["negative_prompt"])


def current_page(total: int, page_size: int) -> int:
    """The page in force, within what there is."""
    page = st.session_state.get(state.EXPLORE_PAGE, 1)
    page = min(max(1, page), state.pages(total, page_size))
    st.session_state[state.EXPLORE_PAGE] = page
    return int(page)


def page_picker(total: int, page_size: int) -> None:
    """Page numbers and page size under the gallery, where all does not fit on the smallest page."""
    if total <= state.PAGE_SIZES[0]:
        return
    number = st.session_state.get(state.EXPLORE_PAGER, 0)
    key = f"{state.EXPLORE_PAGER}.{number}"  # a new widget wherever the page was set by other means
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.pagination(
            state.pages(total, page_size),
            default=current_page(total, page_size),
            max_visible_pages=9,
            key=key,
            on_change=_turn_page,
            args=(key,),
        )
        st.space("stretch")
        st.selectbox(
            "Per page",
            state.PAGE_SIZES,
            key=state.EXPLORE_PAGE_SIZE,
            on_change=_first_page,
            persist_state="session",
            width=110,
        )


def _tag_picker(prompts: pl.DataFrame) -> str:
    tags = [ALL_TAGS, *prompts["tag"].drop_nulls().unique().sort().to_list()]
    if st.session_state.get(state.EXPLORE_TAG, ALL_TAGS) not in tags:
        st.session_state[state.EXPLORE_TAG] = ALL_TAGS
    return str(
        st.selectbox(
            "Tag", tags, key=state.EXPLORE_TAG, on_change=_first_page, persist_state="session"
        )
    )


def _first_page() -> None:
    _go_to_page(1)


def _go_to_page(page: int) -> None:
    st.session_state[state.EXPLORE_PAGE] = page
    st.session_state[state.EXPLORE_PAGER] = st.session_state.get(state.EXPLORE_PAGER, 0) + 1


def _turn_page(key: str) -> None:
    st.session_state[state.EXPLORE_PAGE] = st.session_state[key]


def _about(prompt: dict[str, Any]) -> str:
    """Size and counts; nothing that a stranger wrote, since a caption is markdown."""
    parts = [
        f"{prompt['width']} × {prompt['height']} px"
        if prompt["width"] and prompt["height"]
        else None,
        f"{formats.whole(prompt['visible'])} pictures",
        f"{formats.whole(prompt['hidden'])} hidden as NSFW" if prompt["hidden"] else None,
    ]
    return "  ·  ".join(part for part in parts if part)
