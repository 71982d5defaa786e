"""The selection basket in the sidebar of every page."""

from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from dashboard import formats, navigation, selection
from dashboard.components.assets import script, style
from dashboard.components.pictures.export_dialog import export_pictures
from dashboard.components.pictures.gallery import model_title, take_ticks
from dashboard.components.pictures.picture_dialogs import compare_pictures, open_picture
from dashboard.media import thumbnail_url
from dashboard.state.basket import BASKET, BASKET_TAKEN

MOST_SHOWN = 40  # the others are counted
NEXT_STEPS = (  # pages that take a selection, and what their link says
    ("rank", "Rank these", {"start": "picks"}),
    ("generate", "Generate more", {"start": "picks"}),
)

_mount = st.components.v2.component(
    "gemboard_basket",
    html='<div class="root"></div>',
    css=style("elements", "basket"),
    js=script("elements", "basket"),
)


@dataclass(frozen=True)
class _Act:
    """What was clicked in the basket."""

    act: str = ""
    image_id: str = ""


def basket() -> None:
    """Show the selection of the person at the screen, and do what was asked of it.

    Raises what opening the warehouse raises; the page would say the same.
    """
    take_ticks()
    _take_changes()
    rows = selection.basket()
    with st.sidebar:
        _mount(
            key=BASKET,
            data=_data(rows),
            on_acted_change=lambda: None,
            on_changes_change=_take_changes,
        )
        if not rows.is_empty():
            _next_steps()
    asked = _asked()
    ids = rows["image_id"].to_list()
    if asked.act == "compare":
        compare_pictures(ids)
    elif asked.act == "export":
        export_pictures(ids, "your selection, in the order of picking")
    elif asked.act == "open" and asked.image_id in ids:
        open_picture(asked.image_id, ids)


def _data(rows: pl.DataFrame) -> dict[str, Any]:
    last = selection.last_gesture().rows(named=True)
    return {
        "picks": [
            {
                "id": row["image_id"],
                "src": thumbnail_url(row["sha256"]) if row["sha256"] else None,
                "name": model_title(row),
                "version": row["version_name"] or "",
            }
            for row in rows.head(MOST_SHOWN).rows(named=True)
        ],
        "total": rows.height,
        "undo": _undo_words(last[0]) if last else "",
    }


def _undo_words(gesture: dict[str, Any]) -> str:
    what = "Take back: added" if gesture["kind"] == "pick" else "Take back: took out"
    return f"{what} {formats.counted(gesture['images'], 'picture')}"


def _take_changes() -> None:
    """Do what was changed in the basket, each change once.

    Called when the basket reports and by every run: Streamlit gives a callback up where the next
    click comes while it runs.
    """
    changes = (st.session_state.get(BASKET) or {}).get("changes")
    taken, page = st.session_state.get(BASKET_TAKEN, 0), navigation.current_path()
    for change in changes if isinstance(changes, list) else ():
        step, act, image_id = change.get("step"), change.get("act"), change.get("image")
        if not isinstance(step, int) or step <= taken:
            continue
        taken = st.session_state[BASKET_TAKEN] = step
        if act == "remove":
            selection.unpick((str(image_id),), page)
        elif act == "clear":
            selection.unpick(selection.picked(), page)
        elif act == "undo":
            selection.undo(page)


def _asked() -> _Act:
    acted = (st.session_state.get(BASKET) or {}).get("acted")
    if not isinstance(acted, dict):
        return _Act()
    return _Act(str(acted.get("act", "")), str(acted.get("image", "")))


def _next_steps() -> None:
    """Pages that go on from a selection, where they exist."""
    for url_path, label, asked in NEXT_STEPS:
        entry = navigation.entry(url_path)
        if entry:
            st.page_link(entry.page(), label=label, icon=entry.icon, query_params=asked)
