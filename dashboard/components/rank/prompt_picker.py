"""Choosing prompts to rank: searched and ticked, in an order of one's own."""

from collections import Counter
from collections.abc import Sequence

import polars as pl
import streamlit as st
from streamlit_sortables import sort_items

from dashboard import formats, profiles
from dashboard.data import campaigns as data
from dashboard.state import simulated

MOST_WORDS = 90  # characters of a prompt in a list
ORDER_STYLE = """
.sortable-component { padding: 0; background: transparent; }
.sortable-container { padding: 0; background: transparent; }
.sortable-container-body { padding: 0; background: transparent; }
.sortable-item, .sortable-item:hover {
    margin: 0 0 4px; padding: 6px 10px; border-radius: 7px; text-align: left;
    font: 14px Inter, ui-sans-serif, system-ui, sans-serif;
    background: #0b6e5f; color: #ffffff; cursor: grab;
}
"""


def rankable_prompts() -> pl.DataFrame:
    """Prompts of two pictures or more: prompt_id, tag, prompt, pictures."""
    return data.rankable_prompts(profiles.scores_revision(), simulated.shown(st.session_state))


def prompt_words(prompts: pl.DataFrame) -> dict[int, str]:
    """Each prompt in a line: its words, its tag, its pictures. Strangers' text."""
    return {
        row["prompt_id"]: " · ".join(
            filter(
                None,
                (
                    f"{formats.shortened(row['prompt'], MOST_WORDS)}",
                    row["tag"],
                    formats.counted(row["pictures"], "picture"),
                ),
            )
        )
        for row in prompts.iter_rows(named=True)
    }


def prompt_ticks(prompts: pl.DataFrame, key: str, label: str = "Prompts") -> list[int]:
    """Prompts ticked in a list that can be searched, in the order of ticking."""
    words = prompt_words(prompts)
    kept = st.session_state.get(key)
    if kept is not None and not set(kept) <= set(words):
        st.session_state[key] = [prompt_id for prompt_id in kept if prompt_id in words]
    return st.multiselect(
        label,
        list(words),
        format_func=words.__getitem__,
        key=key,
        persist_state="session",
        placeholder="Type a word of the prompt, or a tag, and tick",
        filter_mode="contains",
        select_all=False,
    )


def prompt_order(prompt_ids: list[int], prompts: pl.DataFrame, key: str) -> list[int]:
    """The prompts in the order that they are dragged into; at first as they came.

    The order lasts while others are ticked and unticked. What the part is given changes only with
    the prompts: it would forget a drag whenever its items change.
    """
    if len(prompt_ids) < 2:
        return prompt_ids
    given: list[int] = st.session_state.get(f"{key}.given", [])
    if set(given) != set(prompt_ids):
        kept: list[int] = st.session_state.get(key, [])
        known = [prompt_id for prompt_id in kept if prompt_id in prompt_ids]
        given = known + [prompt_id for prompt_id in prompt_ids if prompt_id not in known]
        st.session_state[f"{key}.given"] = given
    items = _items(prompts, given)
    st.caption("Drag them into the order in which you want to rank, or leave it as ticked.")
    dragged = sort_items(
        list(items),
        direction="vertical",
        custom_style=ORDER_STYLE,
        key=f"{key}.{'.'.join(map(str, sorted(given)))}",
    )
    order = [items[item] for item in dragged if item in items]
    st.session_state[key] = order if len(order) == len(given) else given
    return list(st.session_state[key])


def _items(prompts: pl.DataFrame, prompt_ids: Sequence[int]) -> dict[str, int]:
    """A line for each prompt, no two alike, in this order."""
    texts = dict(zip(prompts["prompt_id"], prompts["prompt"], strict=True))
    lines = {prompt_id: formats.shortened(texts[prompt_id], MOST_WORDS) for prompt_id in prompt_ids}
    often = Counter(lines.values())
    return {
        line if often[line] == 1 else f"{line} (prompt {prompt_id})": prompt_id
        for prompt_id, line in lines.items()
    }
