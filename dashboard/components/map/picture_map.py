"""A map of pictures on a canvas: pictures at their places, the higher GRE-Score on top.

A canvas of our own: embedding-atlas and regl-scatterplot draw points but no pictures at their
places (docs/map.md says what was tried).
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import streamlit as st

from core.maps.cluster_words import ClusterLabel
from dashboard import formats, selection
from dashboard.components.assets import FOLDER, script, style
from dashboard.components.map.colours import places
from dashboard.components.pictures.gallery import NO_PICTURE
from dashboard.media import thumbnail_url
from dashboard.state import map as state

PAGE = "map"
MOST_PICKED = 500  # at once
PROMPT_LETTERS = 300
HINT = (
    "Drag to move, turn the wheel or pinch to zoom. Click a picture to select it, press Lasso or "
    "hold Shift and drag around several. With the keyboard: arrows go from picture to picture, "
    "Space selects, Enter opens, + and - zoom, 0 shows all."
)

_points = st.components.v2.component(
    "gemboard_map_points", html="<span></span>", js=script("map/points")
)
_canvas = st.components.v2.component(
    "gemboard_picture_map",
    html=(FOLDER / "map/picture_map.html").read_text(encoding="utf-8"),
    css=style("elements", "map/picture_map"),
    js=script(
        *("elements", "map/album", "map/scene", "map/paint", "map/card", "map/input"),
        "map/picture_map",
    ),
)


@dataclass(frozen=True)
class DrawnMap:
    """What to draw; `models` and `prompts` are those of the points, each once."""

    name: str  # for those who hear the page
    token: str  # another one for every change of the points
    points: pl.DataFrame  # rows of map_points
    models: pl.DataFrame  # rows of map_models
    prompts: pl.DataFrame  # prompt_id, prompt, tag
    labels: Sequence[ClusterLabel]
    colour: dict[str, Any]  # see colours.palette


def picture_map(drawn: DrawnMap) -> str | None:
    """Show the map; what is picked on it is in the basket already. Returns the id just opened."""
    _points(key=state.MAP_POINTS, data=_payload(drawn))
    ids = drawn.points["image_id"].to_list()
    in_basket = set(selection.picked())
    result = _canvas(
        key=state.MAP_CANVAS,
        data={
            "token": drawn.token,
            "label": f"Map of {formats.whole(len(ids))} pictures: {drawn.name}",
            "hint": HINT,
            "placeholder": NO_PICTURE,
            "most": MOST_PICKED,
            "colour": drawn.colour,
            "labels": _labels(drawn.labels),
            "picked": [row for row, image_id in enumerate(ids) if image_id in in_basket],
            "heard": st.session_state.get(state.MAP_HEARD, 0),
            "goto": _window_to_show(),
        },
        on_picked_change=lambda: _take_picks(drawn.token, ids),
        on_opened_change=lambda: None,
        on_view_change=lambda: _keep_window(drawn.token),
    )
    opened = result.opened
    if not isinstance(opened, dict) or opened.get("token") != drawn.token:
        return None
    row = opened.get("row")
    return ids[row] if isinstance(row, int) and 0 <= row < len(ids) else None


def _take_picks(token: str, ids: Sequence[str]) -> None:
    """Put what was picked on this map into the basket, before anything is shown."""
    told = (st.session_state.get(state.MAP_CANVAS) or {}).get("picked")
    if not isinstance(told, dict) or told.get("token") != token:
        return
    rows, seen = _known(told.get("rows"), ids), _known(told.get("seen"), ids)
    if isinstance(told.get("step"), int):
        st.session_state[state.MAP_HEARD] = told["step"]
    if told.get("on"):
        selection.pick(rows[:MOST_PICKED], PAGE, seen)
    else:
        selection.unpick(rows, PAGE)


def _known(rows: object, ids: Sequence[str]) -> list[str]:
    if not isinstance(rows, list):
        return []
    return [ids[row] for row in rows if isinstance(row, int) and 0 <= row < len(ids)]


def _keep_window(token: str) -> None:
    told = (st.session_state.get(state.MAP_CANVAS) or {}).get("view")
    if not isinstance(told, dict) or told.get("token") != token:
        return
    window = state.read_window(told)
    if window is not None:
        st.session_state[state.MAP_WINDOW] = window


def _window_to_show() -> dict[str, Any]:
    """The window, which the browser takes when the number is new to it or the map is."""
    window = st.session_state.get(state.MAP_WINDOW)
    number = {"id": st.session_state.get(state.MAP_GOTO, 0)}
    return number if window is None else {**number, **vars(window)}


def _labels(labels: Sequence[ClusterLabel]) -> list[dict[str, Any]]:
    """Large clusters first: where two labels would overlap, the first stays."""
    return [
        {"x": label.x, "y": label.y, "words": label.words}
        for label in sorted(labels, key=lambda label: -label.pictures)
        if label.words
    ]


def _payload(drawn: DrawnMap) -> dict[str, Any]:
    """The points as columns of bytes: 18,000 are 1 MB, sent once."""
    points = drawn.points
    stored = points["sha256"].is_not_null().to_numpy()
    hashes = points["sha256"].fill_null("0" * 64).to_list()
    marks = stored + 2 * points["simulated"].to_numpy() + 4 * points["placed_later"].to_numpy()
    return {
        "token": drawn.token,
        "count": points.height,
        "x": _letters(points["x"].to_numpy(), "<f4"),
        "y": _letters(points["y"].to_numpy(), "<f4"),
        "gre": _letters(points["gre"].fill_null(float("nan")).to_numpy(), "<f4"),
        "model": _letters(
            places(points["model_version_id"], drawn.models["model_version_id"]), "<u2"
        ),
        "prompt": _letters(places(points["prompt_id"], drawn.prompts["prompt_id"]), "<u2"),
        "marks": _letters(marks, "u1"),
        "hashes": base64.b64encode(bytes.fromhex("".join(hashes))).decode(),
        "models": [
            {
                "name": row["model_name"] or f"Model {row['model_version_id']} (not in the roster)",
                "version": row["version_name"] or "",
            }
            for row in drawn.models.rows(named=True)
        ],
        "prompts": [
            {"text": formats.shortened(text, PROMPT_LETTERS)} for text in drawn.prompts["prompt"]
        ],
        "thumbnails": thumbnail_url(""),
    }


def _letters(numbers: npt.NDArray[Any], kind: str) -> str:
    return base64.b64encode(np.ascontiguousarray(numbers).astype(kind).tobytes()).decode()
