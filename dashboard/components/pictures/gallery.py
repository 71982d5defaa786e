"""Pictures as a grid, a table or a matrix: each opens, and a tick puts it into the selection."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from dashboard import formats, selection
from dashboard.components.assets import FOLDER, script, style
from dashboard.media import thumbnail_url
from dashboard.state import explore as state

KEY = "explore.gallery"
NO_PICTURE = "No picture stored: only its metadata was imported"
UNITS = {
    "gre": "GRE",
    "clip": "CLIP",
    "distinctiveness": "distinct",
    "popularity": "downloads",
    "nearest": "cosine",
}
PLACES = {"clip": 1, "nearest": 3}
COLUMNS = (
    ("GRE-Score", "number"),
    ("CLIP score", "number"),
    ("Distinct.", "number"),
    ("Downloads", "number"),
)

_mount = st.components.v2.component(
    "gemboard_gallery",
    html=(FOLDER / "pictures/gallery.html").read_text(encoding="utf-8"),
    css=style("elements", "pictures/gallery"),
    js=script("elements", "pictures/gallery"),
)


@dataclass(frozen=True)
class Wish:
    """What the person asked for by a click: to open an image, or to see one prompt or model."""

    image_id: str | None = None
    prompt_id: int | None = None
    model_version_id: int | None = None


def grid(images: pl.DataFrame, sort: str, *, one_prompt: bool) -> Wish:
    """Show rows of explore_page as cards."""
    rows = images.rows(named=True)
    cards = [_card(row, sort, with_prompt=not one_prompt) for row in rows]
    return _show({"layout": "grid", "cards": cards, "aspect": _aspect(rows)}, images)


def table(images: pl.DataFrame, sort: str) -> Wish:
    """Show rows of explore_page as lines with all their scores."""
    rows = images.rows(named=True)
    cards = [_card(row, sort) | _line(row, sort) for row in rows]
    cosine = [("Cosine", "number")] if sort == "nearest" else []
    return _show(
        {
            "layout": "table",
            "cards": cards,
            "columns": [*cosine, *COLUMNS],
            "aspect": _aspect(rows),
        },
        images,
    )


def matrix(cells: pl.DataFrame, sort: str) -> Wish:
    """Show rows of explore_matrix: prompts down, models across, the best picture in each cell."""
    rows = cells.rows(named=True)
    models = {row["model_place"]: row for row in rows}
    prompts = {row["prompt_place"]: row for row in rows}
    return _show(
        {
            "layout": "matrix",
            "models": [
                {
                    "id": str(row["model_version_id"]),
                    "name": model_title(row),
                    "version": row["version_name"] or "",
                }
                for _, row in sorted(models.items())
            ],
            "prompts": [
                {
                    "id": str(row["prompt_id"]),
                    "words": formats.shortened(row["prompt"] or "", 160),
                    "tag": f"{row['tag'] or 'no tag'} · {row['prompt_id']}",
                }
                for _, row in sorted(prompts.items())
            ],
            "cells": {
                f"{row['prompt_id']}|{row['model_version_id']}": _card(row | {"rank": None}, sort)
                for row in rows
            },
            "aspect": _aspect(rows),
        },
        cells,
    )


def _show(data: dict[str, Any], images: pl.DataFrame) -> Wish:
    shown = images["image_id"].to_list()
    result = _mount(
        key=KEY,
        data={"placeholder": NO_PICTURE, **data, **_told_picks(shown)},
        on_ticks_change=take_ticks,
        on_opened_change=lambda: None,
        on_asked_change=lambda: None,
    )
    opened, asked = result.opened, result.asked
    asked = asked if isinstance(asked, dict) else {}
    return Wish(
        opened if isinstance(opened, str) and opened in shown else None,
        _whole(asked.get("prompt")),
        _whole(asked.get("model")),
    )


def _told_picks(shown: list[str]) -> dict[str, Any]:
    """The picks among `shown` as the browser was told them, and the last tick they contain.

    Ticks after that one it adds itself: telling them again would send all cards anew. It is told
    again where the selection was changed elsewhere.
    """
    session = st.session_state
    basket = set(selection.picked())
    picked = [image_id for image_id in shown if image_id in basket]
    told = session.get(state.EXPLORE_TOLD)
    if told is None or KEY not in session or told.shown != shown or told.believed != set(picked):
        applied = told.applied if told else 0
        told = state.ToldPicks(shown, picked, applied, applied, set(picked))
        session[state.EXPLORE_TOLD] = told
    return {"picked": told.sent, "applied": told.sent_applied}


def take_ticks() -> None:
    """Bring what the browser ticked and unticked into the selection, each tick once.

    Called when the gallery reports and by every run: Streamlit gives a callback up where the next
    click comes while it runs.
    """
    told = st.session_state.get(state.EXPLORE_TOLD)
    ticks = (st.session_state.get(KEY) or {}).get("ticks")
    if told is None or not isinstance(ticks, list):
        return
    for tick in ticks:
        step, image_id = tick.get("step"), tick.get("id")
        if not isinstance(step, int) or not isinstance(image_id, str) or step <= told.applied:
            continue
        if tick.get("picked"):
            selection.pick((image_id,), "explore", told.shown)
            told.believed.add(image_id)
        else:
            selection.unpick((image_id,), "explore")
            told.believed.discard(image_id)
        told.applied = step


def _card(row: dict[str, Any], sort: str, *, with_prompt: bool = False) -> dict[str, Any]:
    scored = row["score"] is not None
    return {
        "id": row["image_id"],
        "src": thumbnail_url(row["sha256"]) if row["sha256"] and not row["hidden"] else None,
        "hidden": f"Hidden as NSFW: {formats.decimal(row['nsfw_score'])}" if row["hidden"] else "",
        "name": model_title(row),
        "version": row["version_name"] or "",
        "rank": str(row["rank"]) if scored and row["rank"] else "–",
        "score": _score(row, sort) if scored else "no score yet",
        "scored": scored,
        "badges": badges(row, row["seeds"]),
        "prompt": formats.shortened(row["prompt"] or "", 90) if with_prompt else "",
    }


def _line(row: dict[str, Any], sort: str) -> dict[str, Any]:
    cosine = [formats.decimal(row["cosine"])] if sort == "nearest" else []
    return {
        "words": formats.shortened(row["prompt"] or "", 240),
        "tag": f"{row['tag'] or 'no tag'} · {row['prompt_id']}",
        "values": [
            *cosine,
            formats.decimal(row["gre"]),
            formats.decimal(row["clip_score"], 1),
            formats.decimal(row["q_mcos"], 2),
            formats.whole(row["downloads"]),
        ],
    }


def _score(row: dict[str, Any], sort: str) -> str:
    if sort == "popularity":
        return f"{formats.compact(row['score'])} {UNITS[sort]}"
    return f"{UNITS[sort]} {formats.decimal(row['score'], PLACES.get(sort, 2))}"


def _aspect(rows: Sequence[dict[str, Any]]) -> str:
    """Width / height that most cards share, kept between 3:2 and 2:3."""
    sizes = [row["width"] / row["height"] for row in rows if row["width"] and row["height"]]
    common = max(set(sizes), key=sizes.count) if sizes else 1.0
    return f"{min(1.5, max(2 / 3, common)):.4f}"


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, str) and value.isdigit() else None


def model_title(row: dict[str, Any]) -> str:
    """The model's name, or its id where the roster does not know it."""
    return row["model_name"] or f"Model {row['model_version_id']} (not in the roster)"


def badges(row: dict[str, Any], seeds: int = 1) -> list[str]:
    """Marks of one image."""
    marks = ["synthetic"] if row["simulated"] else []
    return [*marks, f"{seeds} seeds"] if seeds > 1 else marks
