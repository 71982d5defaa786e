"""The first pictures of a prompt under the profile in force and under the draft."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from dashboard.components.assets import script, style
from dashboard.components.pictures.gallery import NO_PICTURE

_mount = st.components.v2.component(
    "gemboard_before_after",
    html='<div class="root"></div>',
    css=style("elements", "weights/before_after"),
    js=script("elements", "weights/before_after"),
)


@dataclass(frozen=True)
class RankedPicture:
    """One of the first pictures."""

    id: str
    src: str | None
    name: str
    note: str
    kind: str  # up, down, same, entered or left
    moved: str


def before_after(rows: Sequence[tuple[str, Sequence[RankedPicture]]], *, key: str) -> str | None:
    """Show titled rows of pictures; returns the id just opened, if any."""
    result = _mount(
        key=key,
        data={
            "rows": [
                {"title": title, "pictures": [asdict(picture) for picture in pictures]}
                for title, pictures in rows
            ],
            "placeholder": NO_PICTURE,
        },
        on_opened_change=lambda: None,
    )
    known = {picture.id for _, pictures in rows for picture in pictures}
    return result.opened if result.opened in known else None
