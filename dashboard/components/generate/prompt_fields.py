"""The prompt with its tokens counted, and the negative prompt."""

import streamlit as st

from core.errors import GemboardError
from core.generation.request import PROMPT_LIMIT
from dashboard import terms
from dashboard.components.generate.field_errors import fits
from dashboard.components.notices import error_words
from dashboard.resources import token_counter
from dashboard.state import generate as state
from warehouse.generation.catalogue import UsableModel

CUT_SHOWN = 160  # characters


def prompt_fields(model: UsableModel | None) -> tuple[str, str]:
    """Prompt and negative prompt; tokens are counted as `model` reads them."""
    with st.container(gap="xxsmall"):
        prompt = _box(
            "Prompt", state.PROMPT, 116, "a red fox in the snow, watercolour", terms.PROMPT_TOKENS
        )
        _tokens(prompt, model)
    negative = _box(
        "Negative prompt", state.NEGATIVE, 68, "What should not be seen; may stay empty", None
    )
    if negative:
        fits("negative_prompt", negative)
    return prompt, negative


def _box(label: str, key: str, height_px: int, placeholder: str, help: str | None) -> str:
    text = st.text_area(
        label,
        key=key,
        height=height_px,
        max_chars=PROMPT_LIMIT,
        placeholder=placeholder,
        help=help,
        persist_state="session",
    )
    return (text or "").strip()


def _tokens(prompt: str, model: UsableModel | None) -> None:
    """How much of the prompt is read, and what is not."""
    if prompt and not fits("prompt", prompt):
        return
    weights = None if model is None else model.checkpoint
    place = None if model is None or weights is None else model.places.get(weights.sha256)
    try:
        count = token_counter(place).count(prompt)
    except GemboardError as error:
        st.caption(error_words(error))  # not the person's mistake, and no hindrance
        return
    if count.cut:
        st.caption(
            f":orange[{count.tokens} of {count.limit} tokens: the end is not read. Cut off:]"
        )
        cut = " ".join(count.cut.split())
        st.text(cut if len(cut) <= CUT_SHOWN else f"{cut[: CUT_SHOWN - 1]}…")
    else:
        st.caption(f"{count.tokens} of {count.limit} tokens")
