"""Ranked models as a table, each with the picture of it that was preferred most often."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from dashboard.components.assets import script, style

_mount = st.components.v2.component(
    "gemboard_standings",
    html='<div class="root"></div>',
    css=style("elements", "summary/standings_table"),
    js=script("elements", "summary/opening", "summary/standings_table"),
)


@dataclass(frozen=True)
class Line:
    """One model; numbers are words already."""

    rank: int
    name: str
    version: str
    chance: str
    interval: str
    among_top: str
    pairs: str  # in how many it was preferred, of how many
    tied: str
    judgments: str
    image_id: str | None
    src: str | None


def standings_table(lines: Sequence[Line], *, key: str) -> str | None:
    """Show the models; returns the id of the picture just clicked, if any."""
    result = _mount(
        key=key,
        data={"lines": [asdict(line) for line in lines]},
        on_opened_change=lambda: None,
    )
    shown = {line.image_id for line in lines}
    return result.opened if result.opened and result.opened in shown else None
