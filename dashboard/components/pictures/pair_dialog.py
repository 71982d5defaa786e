"""The pictures of two models side by side, from a cell of a heat map or a line of pairs."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard import formats, profiles, selection, terms
from dashboard.components.pictures.picture_sheet import picture_sheet
from dashboard.data import explore as picture_data
from dashboard.data import similarity as data
from dashboard.state import similarity as state

PAGE = "similarity"
EACH = 2  # pictures of each model, so that the sheet stays readable


def open_pair(encoder: str, models: tuple[int, int], prompts: list[dict[str, Any]]) -> None:
    """Show what two models made of a prompt; `prompts` are rows of compared_prompts to choose from.

    With several, the ones where the two are comparable, the most alike first.
    """
    st.session_state.pop(state.SIMILARITY_PAIR_PROMPT, None)
    _pair(encoder, models, prompts)


@st.dialog(
    "Side by side", width="large", icon=":material/view_column:", on_dismiss="rerun"
)  # the selection beside the page may have changed
def _pair(encoder: str, models: tuple[int, int], prompts: list[dict[str, Any]]) -> None:
    first, second = models
    alike = data.pair_similarity(encoder, first, second)
    found = {row["prompt_id"]: row for row in alike.rows(named=True)}
    prompt = prompts[0] if len(prompts) == 1 else _prompt_picker(prompts, found)
    if prompt is None:
        st.info("No prompt has pictures with features of both models.", icon=":material/info:")
        return
    st.text(formats.shortened(prompt["prompt"], 400))
    _entry(found.get(prompt["prompt_id"]), encoder, alone=first == second)
    revision = profiles.scores_revision()
    rows = data.pair_images(revision, prompt["prompt_id"], first, second)
    shown = _shown(rows, models)
    if not shown:
        st.info("These pictures are not in the warehouse any more, or they are hidden.")
        return
    if rows.height > len(shown):
        st.caption(
            f"The best {len(shown)} of {rows.height} pictures by GRE-Score, at most {EACH} of each "
            "model."
        )
    _select(shown)
    images = picture_data.image_details(revision, shown)
    metrics = picture_data.image_metric_details(revision, shown)
    picture_sheet(images, metrics, key="similarity.pair_sheet")


def _prompt_picker(
    prompts: list[dict[str, Any]], found: dict[int, dict[str, Any]]
) -> dict[str, Any] | None:
    """A prompt where the two are comparable, the most alike first."""
    known = {row["prompt_id"]: row for row in prompts}
    options = [prompt_id for prompt_id in found if prompt_id in known]
    if not options:
        return None
    chosen = st.selectbox(
        f"Prompt, most alike first ({len(options)})",
        options,
        format_func=lambda key: (
            f"{formats.decimal(found[key]['similarity'])}  "
            f"{formats.shortened(known[key]['prompt'], 120)}"
        ),
        key=state.SIMILARITY_PAIR_PROMPT,
    )
    return known[chosen]


def _entry(row: dict[str, Any] | None, encoder: str, *, alone: bool) -> None:
    if row is not None:
        pairs = formats.counted(row["pairs"], "pair")
        value = formats.decimal(row["similarity"])
        words = f"Similarity **{value}**, mean over {pairs} of pictures"
    elif alone:
        words = "One picture with features: its similarity with itself is 1 by definition"
    else:
        words = "No similarity: one of the two has no picture with features for this prompt"
    st.markdown(f"{words}, by {_code(encoder)}.", help=terms.MODEL_SIMILARITY)


def _shown(rows: pl.DataFrame, models: tuple[int, int]) -> tuple[str, ...]:
    """Pictures of the first model, then of the second."""
    sides = [
        rows.filter(pl.col("model_version_id") == model)["image_id"].head(EACH).to_list()
        for model in dict.fromkeys(models)
    ]
    return tuple(image_id for side in sides for image_id in side)


def _select(shown: tuple[str, ...]) -> None:
    """Buttons that put the pictures into the selection, or take them out."""
    chosen = selection.picked()
    left = [image_id for image_id in shown if image_id not in chosen]
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(shown) > 1:
            every = "both" if len(shown) == 2 else "all shown"
            st.button(  # never disabled: a disabled one loses the focus, and Escape with it
                f"Select {every}" if left else f"Take {every} out",
                icon=":material/add_circle:" if left else ":material/check_circle:",
                key="similarity.select_all",
                on_click=selection.pick if left else selection.unpick,
                args=(tuple(left), PAGE, shown) if left else (shown, PAGE),
            )
        for place, image_id in enumerate(shown, start=1):
            inside = image_id in chosen
            st.button(
                f"Picture {place} selected" if inside else f"Select picture {place}",
                icon=":material/check_circle:" if inside else ":material/add_circle:",
                key=f"similarity.select.{place}",
                help="Counted from the left."
                + (" Click to take it out of the selection." if inside else ""),
                on_click=selection.unpick if inside else selection.pick,
                args=((image_id,), PAGE) if inside else ((image_id,), PAGE, shown),
            )


def _code(name: str) -> str:
    """A name as code, whatever letters it has."""
    return f"`{name.replace('`', ' ')}`"
