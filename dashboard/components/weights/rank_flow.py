"""A bump chart of models from the profile in force to the draft.

HTML and SVG of our own: while a slider is dragged it is drawn anew many times a second, which takes
Altair several times as long (`tests/bench_weights.py` shows both).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from dashboard.components.assets import script, style

HINT = "Point at a model for its ranks, means and first places."

_mount = st.components.v2.component(
    "gemboard_rank_flow",
    html='<div class="root"></div>',
    css=style("elements", "weights/rank_flow"),
    js=script("elements", "weights/rank_flow"),
)


@dataclass(frozen=True)
class FlowModel:
    """A model that is among the first by the profile in force or by the draft."""

    id: str
    name: str
    version: str
    before: int  # rank, 0 without a score
    after: int
    kind: str  # up, down, same, entered or left
    moved: str
    words: str


def rank_flow(
    models: Sequence[FlowModel], titles: tuple[str, str], top: int, changes: str, *, key: str
) -> None:
    """Show the first `top` of both rankings, what moved between them, and `changes` in words."""
    _mount(
        key=key,
        data={
            "titles": titles,
            "top": top,
            "models": [asdict(model) for model in models],
            "changes": changes,
            "hint": HINT,
        },
    )
