"""Pickers of Map: which pictures, coloured by what; kept through page changes and shared links."""

from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from dashboard import formats, links, terms
from dashboard.components.notices import show_link_complaints
from dashboard.components.pickers import encoder_picker, segments, widest_prompt
from dashboard.state import map as state

PROMPT_PX = 380
COLOUR_HELP = (
    f"{terms.GRE_SCORE}\n\nModel tag: of the tags of a model the one that most pictures of this "
    "map share. Only the most frequent groups get a colour of their own; the legend counts the "
    "others. Press a group in the legend to see it alone."
)


@dataclass(frozen=True)
class Choice:
    """What the person looks at."""

    encoder: str
    prompt: dict[str, Any] | None  # a row of compared_prompts; None for all pictures
    colour: str
    models: tuple[int, ...]  # to tell apart, where coloured by model

    @property
    def prompt_id(self) -> int | None:
        """The prompt, or None for all pictures."""
        return None if self.prompt is None else int(self.prompt["prompt_id"])


def adopt_link(prompts: pl.DataFrame, models: pl.DataFrame, encoders: pl.DataFrame) -> None:
    """Take what the address asks for, once; say what could not be taken."""
    session = st.session_state
    asked = links.asked_values(state.LINK_PARAMETERS, state.MAP_LINK)
    if not asked:
        return
    link = state.read_map_link(
        asked,
        set(prompts["prompt_id"]),
        set(models["model_version_id"]),
        set(encoders["encoder"]),
    )
    scope = "all" if link.all_pictures else None if link.prompt_id is None else "prompt"
    for key, value in (
        (state.MAP_SCOPE, scope),
        (state.MAP_PROMPT, link.prompt_id),
        (state.MAP_COLOUR, link.colour),
        (state.MAP_MODELS, None if link.models is None else list(link.models)),
        (state.MAP_ENCODER, link.encoder),
    ):
        if value is not None:
            session[key] = value
    if link.window is not None:
        session[state.MAP_WINDOW] = link.window
        session[state.MAP_GOTO] = session.get(state.MAP_GOTO, 0) + 1
    show_link_complaints(link.complaints)


def share_link(choice: Choice, encoders: pl.DataFrame) -> None:
    """Write the choice and the window into the address, so that it can be shared."""
    link = state.MapLink(
        prompt_id=choice.prompt_id,
        all_pictures=choice.prompt is None,
        colour=choice.colour,
        models=choice.models or None,
        encoder=choice.encoder if encoders.height > 1 else None,
        window=st.session_state.get(state.MAP_WINDOW),
    )
    links.write_values(state.link_parameters(link), state.MAP_LINK)


def picked_encoder(encoders: pl.DataFrame) -> str:
    """The encoder whose features are mapped; another one is another map, seen whole."""
    return encoder_picker(encoders, state.MAP_ENCODER, on_change=_new_window)


def choice(prompts: pl.DataFrame, models: pl.DataFrame, encoder: str) -> Choice:
    """Show the pickers for `prompts` (rows of compared_prompts) and return the choice."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        scope = segments(
            "Pictures", state.SCOPES, state.MAP_SCOPE, on_change=_new_window, width="content"
        )
        prompt = _prompt_picker(prompts) if scope == "prompt" else None
        colours = {k: v for k, v in state.COLOURS.items() if prompt is None or k != "tag"}
        if st.session_state.get(state.MAP_COLOUR) not in colours:
            st.session_state[state.MAP_COLOUR] = "score"
        colour = segments("Colour by", colours, state.MAP_COLOUR, help=COLOUR_HELP, width="content")
        told = _model_picker(models) if colour == "model" else ()
    return Choice(encoder, prompt, colour, told)


def _prompt_picker(prompts: pl.DataFrame) -> dict[str, Any]:
    rows = {row["prompt_id"]: row for row in prompts.rows(named=True)}
    if st.session_state.get(state.MAP_PROMPT) not in rows:
        st.session_state[state.MAP_PROMPT] = widest_prompt(rows.values())
    prompt_id = st.selectbox(
        "Prompt",
        list(rows),
        format_func=lambda key: formats.shortened(rows[key]["prompt"], 300),
        filter_mode="contains",
        key=state.MAP_PROMPT,
        on_change=_new_window,
        persist_state="session",
        width=PROMPT_PX,
        help="Type to search in the words of the prompts.",
    )
    return rows[prompt_id]


def _model_picker(models: pl.DataFrame) -> tuple[int, ...]:
    """Models to tell apart by colour; nothing chosen stands for the most downloaded ones."""
    rows = {row["model_version_id"]: row for row in models.rows(named=True)}
    kept = st.session_state.get(state.MAP_MODELS)
    if kept is not None and not set(kept) <= set(rows):
        st.session_state[state.MAP_MODELS] = [key for key in kept if key in rows]
    return tuple(
        st.multiselect(
            "Models to tell apart",
            list(rows),
            format_func=lambda key: _title(rows[key]),
            max_selections=state.MOST_MODELS,
            key=state.MAP_MODELS,
            persist_state="session",
            placeholder="The most downloaded ones",
            help=f"Up to {state.MOST_MODELS}; more colours could not be told apart.",
        )
    )


def _title(row: dict[str, Any]) -> str:
    name = row["model_name"] or f"Model {row['model_version_id']}"
    return " ".join(filter(None, (name, row["version_name"])))


def _new_window() -> None:
    """Another map is seen whole at first."""
    st.session_state.pop(state.MAP_WINDOW, None)
