"""A row of small pictures that open."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import profiles
from dashboard.components.assets import script, style
from dashboard.components.pictures.gallery import model_title
from dashboard.data import explore as data
from dashboard.media import thumbnail_url

_mount = st.components.v2.component(
    "gemboard_picture_strip",
    html='<div class="root"></div>',
    css=style("elements", "pictures/picture_strip"),
    js=script("elements", "pictures/picture_strip"),
)


def picture_strip(
    notes: Sequence[tuple[str, str]], open_one: Callable[[str], None], *, key: str
) -> None:
    """Show images that are not hidden, a note to each; a click calls `open_one` with its id."""
    by_id = dict(notes)

    def take() -> None:
        opened = st.session_state[key].get("opened")
        if isinstance(opened, str) and opened in by_id:
            open_one(opened)

    rows = data.image_details(profiles.scores_revision(), tuple(by_id)).rows(named=True)
    _mount(
        key=key,
        data={
            "items": [
                {
                    "id": row["image_id"],
                    "src": thumbnail_url(row["sha256"]) if row["sha256"] else None,
                    "name": model_title(row),
                    "note": by_id[row["image_id"]],
                }
                for row in rows
            ]
        },
        on_opened_change=take,
    )
