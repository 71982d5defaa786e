"""Explore without pictures: what is missing and what to do; and the one prompt in full words."""

from typing import Any

import polars as pl
import streamlit as st

from core.picture_filters import PictureFilters
from dashboard import formats
from dashboard.state import explore as state

LONG_PROMPT = 1_000  # characters; longer ones scroll, so that the pictures stay near
LONG_PROMPT_PX = 160


def one_prompt(filters: PictureFilters, prompts: pl.DataFrame) -> dict[str, Any] | None:
    """The row of prompt_choices where exactly one prompt is chosen."""
    if len(filters.prompt_ids) != 1:
        return None
    rows = prompts.filter(pl.col("prompt_id") == filters.prompt_ids[0])
    return rows.row(0, named=True) if rows.height else None


def prompt_card(prompt: dict[str, Any]) -> None:
    """The prompt in its full words, as text."""
    long = len(prompt["prompt"]) > LONG_PROMPT
    with st.container(border=True, gap="xsmall"):
        with st.container(border=False, height=LONG_PROMPT_PX if long else "content"):
            st.text(prompt["prompt"])
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.text(prompt["tag"] or "(no tag)", width="content")
            st.caption(_about(prompt), width="content")
            if prompt["negative_prompt"]:
                with st.popover("Negative prompt", type="tertiary"):
                    st.text(prompt["negative_prompt"])


def nothing_matches(view: state.ExploreView, prompt: dict[str, Any] | None, images: int) -> None:
    """Why there is no picture to show, and the way out."""
    if not images:
        st.info(
            "There are no pictures yet, only prompts and models. Stop the dashboard and bring "
            "them in: `python -m warehouse import gemrec ... --images DIR`.",
            icon=":material/hide_image:",
        )
        return
    only_prompt = PictureFilters(prompt_ids=view.filters.prompt_ids)
    if prompt and view.filters == only_prompt and not prompt["visible"]:
        st.info(_no_picture_of(prompt), icon=":material/hide_image:")
    else:
        st.info(
            "No picture fits all of these filters. Take one back: each option says how many "
            "pictures it would leave.",
            icon=":material/filter_alt_off:",
        )
    st.button("Clear all filters", on_click=_clear)


def _no_picture_of(prompt: dict[str, Any]) -> str:
    if prompt["hidden"]:
        return (
            f"No picture of this prompt can be shown: {formats.whole(prompt['hidden'])} are hidden "
            "as NSFW."
        )
    return (
        "No picture of this prompt is in the warehouse yet. Import one, or choose another prompt."
    )


def _clear() -> None:
    view = state.view(st.session_state)
    state.keep_view(st.session_state, view.with_filters(PictureFilters()))


def _about(prompt: dict[str, Any]) -> str:
    """Size and counts; nothing that a stranger wrote, since a caption is markdown."""
    parts = [
        f"prompt {prompt['prompt_id']}",
        f"{prompt['width']} × {prompt['height']} px"
        if prompt["width"] and prompt["height"]
        else None,
        formats.counted(prompt["visible"], "picture"),
        f"{formats.whole(prompt['hidden'])} hidden as NSFW" if prompt["hidden"] else None,
    ]
    return "  ·  ".join(part for part in parts if part)
