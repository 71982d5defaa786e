"""Pickers of Similarity: view, prompts, order and colour scale, kept and shared by link."""

from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from dashboard import formats, links, terms
from dashboard.components.notices import show_link_complaints
from dashboard.components.pickers import encoder_picker, segments, widest_prompt
from dashboard.state import similarity as state


@dataclass(frozen=True)
class Choice:
    """What the person looks at."""

    view: str
    encoder: str
    prompts: tuple[dict[str, Any], ...] = ()  # rows of compared_prompts
    order: str = "downloads"
    together: bool = True
    scale: str = "fixed"
    threshold: float = state.DEFAULT_THRESHOLD


def adopt_link(prompts: pl.DataFrame, encoders: pl.DataFrame) -> None:
    """Take what the address asks for, once; say what could not be taken."""
    session = st.session_state
    asked = links.asked_values(state.LINK_PARAMETERS, state.SIMILARITY_LINK)
    if not asked:
        return
    link = state.read_similarity_link(asked, set(prompts["prompt_id"]), set(encoders["encoder"]))
    for key, value in (
        (state.SIMILARITY_VIEW, link.view),
        (state.SIMILARITY_PROMPTS, None if link.prompt_ids is None else list(link.prompt_ids)),
        (state.SIMILARITY_ORDER, link.order),
        (state.SIMILARITY_TOGETHER, link.together),
        (state.SIMILARITY_SCALE, link.scale),
        (state.SIMILARITY_THRESHOLD, link.threshold),
        (state.SIMILARITY_ENCODER, link.encoder),
    ):
        if value is not None:
            session[key] = value
    show_link_complaints(link.complaints)


def share_link(choice: Choice, encoders: pl.DataFrame) -> None:
    """Write the choice into the address, so that it can be shared."""
    maps, pairs = choice.view == "prompts", choice.view == "models"
    link = state.SimilarityLink(
        view=choice.view,
        prompt_ids=tuple(row["prompt_id"] for row in choice.prompts) or None,
        order=choice.order if maps or pairs else None,
        together=choice.together if maps and len(choice.prompts) > 1 else None,
        scale=choice.scale if maps or pairs else None,
        threshold=choice.threshold if pairs else None,
        encoder=choice.encoder if encoders.height > 1 else None,
    )
    links.write_values(state.link_parameters(link), state.SIMILARITY_LINK)


def choice(prompts: pl.DataFrame, encoders: pl.DataFrame) -> Choice:
    """Show the pickers that the view needs and return the choice."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = segments(
            "View", state.VIEWS, state.SIMILARITY_VIEW, label_visibility="collapsed", wrap=True
        )
        encoder = encoder_picker(encoders, state.SIMILARITY_ENCODER)
    if view == "domains":
        return Choice(view, encoder)
    chosen = _prompts_picker(prompts) if view == "prompts" else ()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        order = segments(
            "Order of the models",
            state.ORDERS,
            state.SIMILARITY_ORDER,
            help=terms.MODEL_ORDER,
            wrap=True,
        )
        scale = segments(
            "Colour scale", state.SCALES, state.SIMILARITY_SCALE, help=terms.COLOUR_SCALE, wrap=True
        )
        together = _together_toggle() if len(chosen) > 1 else True
    threshold = st.session_state.get(state.SIMILARITY_THRESHOLD, state.DEFAULT_THRESHOLD)
    return Choice(view, encoder, chosen, order, together, scale, float(threshold))


def threshold_picker() -> None:
    """The mean similarity from which two models count as near-duplicates."""
    if state.SIMILARITY_THRESHOLD not in st.session_state:
        st.session_state[state.SIMILARITY_THRESHOLD] = state.DEFAULT_THRESHOLD
    st.slider(
        "Mean similarity of at least",
        0.0,
        1.0,
        step=0.01,
        key=state.SIMILARITY_THRESHOLD,
        persist_state="session",
    )


def _prompts_picker(prompts: pl.DataFrame) -> tuple[dict[str, Any], ...]:
    """One to four prompts (rows of compared_prompts)."""
    rows = {row["prompt_id"]: row for row in prompts.rows(named=True)}
    kept = st.session_state.get(state.SIMILARITY_PROMPTS)
    if kept is None or not set(kept) <= set(rows):
        st.session_state[state.SIMILARITY_PROMPTS] = [widest_prompt(rows.values())]
    chosen = st.multiselect(
        "Prompts",
        list(rows),
        format_func=lambda key: formats.shortened(rows[key]["prompt"], 120),
        max_selections=state.MOST_PROMPTS,
        key=state.SIMILARITY_PROMPTS,
        persist_state="session",
        placeholder="Choose one to four prompts",
        help="One to four, side by side on one colour scale. Type to search in their words.",
    )
    return tuple(rows[key] for key in chosen)


def _together_toggle() -> bool:
    if state.SIMILARITY_TOGETHER not in st.session_state:
        st.session_state[state.SIMILARITY_TOGETHER] = True
    return bool(
        st.toggle(
            "Same order in all maps",
            key=state.SIMILARITY_TOGETHER,
            persist_state="session",
            help="On: a model stands at the same place in every map, by all chosen prompts "
            "together. Off: every map has its own order.",
        )
    )
