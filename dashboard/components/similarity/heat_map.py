"""A heat map of models by models: names, value and pictures on hover, a pair on click.

A canvas of one pixel a cell. Altair's `mark_rect` draws the same 40,000 cells some ten times slower
and finds the cell under the pointer by walking through all of them (`make bench` shows both).
"""

import base64
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import streamlit as st

from dashboard.components.assets import FOLDER, script, style
from dashboard.media import thumbnail_url

_mount = st.components.v2.component(
    "gemboard_heat_map",
    html=(FOLDER / "similarity/heat_map.html").read_text(encoding="utf-8"),
    css=style("elements", "similarity/heat_map"),
    js=script("elements", "similarity/heat_map"),
)


@dataclass(frozen=True)
class AxisModel:
    """A row and a column of the map."""

    id: str
    name: str
    detail: str
    sha256: str | None


@dataclass(frozen=True)
class Words:
    """What the map says of an entry: of a count of 1, of more, of 1 by definition, of no value."""

    one: str
    many: str
    defined: str
    missing: str


@dataclass(frozen=True)
class HeatMap:
    """What to draw; `behind` is symmetric, and so is `values` but for `shares`."""

    name: str  # tells one map from another, for screen and tests
    label: str  # for those who hear the page
    axis: Sequence[AxisModel]
    values: npt.NDArray[np.float64]  # (n, n), NaN where there is none
    behind: npt.NDArray[np.int64]  # (n, n) how many measurements make the entry
    words: Words
    scale: tuple[float, float]
    scale_words: str
    ends: tuple[str, str]  # what stands first and last on the axes
    unit: Literal["decimal", "percent", "count"] = "decimal"
    shares: bool = False  # row against column: below the diagonal stands 1 minus what is above
    joined: str = "with"  # between the two names
    named_up_to: int = 50  # models; more names than that have no room beside the map
    hint: str = "Point at a cell, or use the arrow keys; a click or Enter shows the pictures."


def heat_map(drawn: HeatMap, *, key: str, group: str = "") -> tuple[int, int] | None:
    """Show `drawn`; returns the model ids of the entry just clicked, if any.

    Maps of one `group` mark the cell of the same two models while the pointer is in one of them.
    """
    result = _mount(key=key, data=_payload(drawn, group), on_opened_change=lambda: None)
    opened = result.opened
    known = {entry.id for entry in drawn.axis}
    if not isinstance(opened, dict) or not {opened.get("first"), opened.get("second")} <= known:
        return None
    return int(opened["first"]), int(opened["second"])


def _payload(drawn: HeatMap, group: str) -> dict[str, Any]:
    """Half of the map, which tells the other, in single precision: 200 models are 107 kB."""
    upper = np.triu_indices(len(drawn.axis))
    values = drawn.values[upper].astype(np.float32)
    behind = drawn.behind[np.triu_indices(len(drawn.axis), k=1)]
    constant = len(behind) == 0 or bool((behind == behind[0]).all())
    data: dict[str, Any] = {
        "name": drawn.name,
        "group": group,
        "label": drawn.label,
        "axis": [asdict(entry) for entry in drawn.axis],
        "thumbnails": thumbnail_url(""),
        "values": _letters(values),
        "behind": int(behind[0]) if constant and len(behind) else _letters(
            drawn.behind[upper].astype(np.int32)
        ),
        "own": np.diagonal(drawn.behind).tolist(),
        "words": asdict(drawn.words),
        "scale": drawn.scale,
        "scaleWords": drawn.scale_words,
        "ends": drawn.ends,
        "unit": drawn.unit,
        "shares": drawn.shares,
        "joined": drawn.joined,
        "namedUpTo": drawn.named_up_to,
        "hint": drawn.hint,
    }  # fmt: skip
    order = ",".join(entry.id for entry in drawn.axis)
    marks = (drawn.name, order, drawn.scale, zlib.crc32(values.tobytes()))
    data["stamp"] = f"{drawn.name}-{zlib.crc32(repr(marks).encode()):08x}"
    return data


def _letters(numbers: npt.NDArray[Any]) -> str:
    return base64.b64encode(numbers.astype(numbers.dtype.newbyteorder("<")).tobytes()).decode()
