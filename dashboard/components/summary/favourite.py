"""The headline of a summary: the favourite so far, and how sure that is."""

from dataclasses import asdict, dataclass

import streamlit as st

from dashboard.components.assets import script, style

_mount = st.components.v2.component(
    "gemboard_favourite",
    html='<div class="root"></div>',
    css=style("elements", "summary/favourite"),
    js=script("elements", "summary/opening", "summary/favourite"),
)


@dataclass(frozen=True)
class Favourite:
    """A model with the picture of it that was preferred most often, if any may be shown."""

    title: str
    name: str
    version: str
    sentences: list[str]
    image_id: str | None
    src: str | None


def favourite(told: Favourite, *, key: str) -> str | None:
    """Show it; returns the id of its picture when that was just clicked."""
    result = _mount(key=key, data=asdict(told), on_opened_change=lambda: None)
    return result.opened if told.image_id and result.opened == told.image_id else None
