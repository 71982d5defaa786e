"""Cards of one prompt's pictures: each opens, and up to four are picked for side by side."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from dashboard import formats
from dashboard.components.assets import FOLDER, script, style
from dashboard.data import explore as data
from dashboard.media import thumbnail_url
from dashboard.state import explore as state

KEY = "explore.gallery"
_KNOWN = "explore.known_picks"
NO_PICTURE = "No picture stored: only its metadata was imported"
UNITS = {"gre": "GRE", "clip": "CLIP", "distinctiveness": "distinct", "popularity": "downloads"}

_mount = st.components.v2.component(
    "gemboard_gallery",
    html=(FOLDER / "gallery.html").read_text(encoding="utf-8"),
    css=style("elements", "gallery"),
    js=script("elements", "gallery"),
)


def gallery(images: pl.DataFrame, sort: str) -> tuple[str | None, bool]:
    """Show rows of prompt_gallery; returns the id just opened, if any, and whether to compare."""
    rows = images.rows(named=True)
    cards = [_card(row, sort) for row in rows]
    result = _mount(
        key=KEY,
        data={
            "cards": cards,
            "aspect": _aspect(rows),
            "placeholder": NO_PICTURE,
            "most": state.MOST_PICKS,
            **_known_picks(cards),
        },
        on_picked_change=_keep_picks,
        on_opened_change=lambda: None,
        on_compared_change=lambda: None,
    )
    opened = result.opened
    return opened if isinstance(opened, str) else None, bool(result.compared)


def _known_picks(cards: list[dict[str, Any]]) -> dict[str, Any]:
    """The picks as they were when these cards were first shown.

    Later ones the browser made itself; were they in the data, each pick would send all cards anew.
    """
    shown = [card["id"] for card in cards]
    known: dict[str, Any] | None = st.session_state.get(_KNOWN)
    if known is None or known["shown"] != shown or KEY not in st.session_state:
        picked = data.image_details(state.picks(st.session_state))
        known = {
            "shown": shown,
            "picks": [_pick(row) for row in picked.rows(named=True)],
            "version": st.session_state.get(state.EXPLORE_PICKS_VERSION, 0),
        }
        st.session_state[_KNOWN] = known
    return {"picks": known["picks"], "version": known["version"]}


def _keep_picks() -> None:
    """Copy the picks out of the component, so that they outlive a page change."""
    picked = st.session_state[KEY].get("picked") or {}
    ids, version = picked.get("ids", []), picked.get("version", 0)
    if isinstance(ids, list) and isinstance(version, int):
        state.keep_picks(st.session_state, [i for i in ids if isinstance(i, str)], version)


def _card(row: dict[str, Any], sort: str) -> dict[str, Any]:
    scored = row["score"] is not None
    score = _score(row, sort) if scored else "no score yet"
    return {
        "id": row["image_id"],
        "src": thumbnail_url(row["sha256"]) if row["sha256"] else None,
        "name": model_title(row),
        "version": row["version_name"] or "",
        "rank": str(row["rank"]) if scored else "–",
        "score": score,
        "scored": scored,
        "badges": badges(row, row["seeds"]),
    }


def _score(row: dict[str, Any], sort: str) -> str:
    if sort == "popularity":
        return f"{formats.compact(row['score'])} {UNITS[sort]}"
    return f"{UNITS[sort]} {formats.decimal(row['score'], 1 if sort == 'clip' else 2)}"


def _pick(row: dict[str, Any]) -> dict[str, Any]:
    src = thumbnail_url(row["sha256"]) if row["sha256"] else None
    return {"id": row["image_id"], "src": src, "name": model_title(row)}


def _aspect(rows: Sequence[dict[str, Any]]) -> str:
    """Width / height that most cards share, kept between 3:2 and 2:3."""
    sizes = [row["width"] / row["height"] for row in rows if row["width"] and row["height"]]
    common = max(set(sizes), key=sizes.count) if sizes else 1.0
    return f"{min(1.5, max(2 / 3, common)):.4f}"


def model_title(row: dict[str, Any]) -> str:
    """The model's name, or its id where the roster does not know it."""
    return row["model_name"] or f"Model {row['model_version_id']} (not in the roster)"


def badges(row: dict[str, Any], seeds: int = 1) -> list[str]:
    """Marks of one image."""
    marks = ["synthetic"] if row["simulated"] else []
    return [*marks, f"{seeds} seeds"] if seeds > 1 else marks
