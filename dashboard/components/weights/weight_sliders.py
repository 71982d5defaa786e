"""Sliders of a draft: weight, what it may move by, and how the normalised metric is spread."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from dashboard.components.assets import script, style
from dashboard.state import weights as state

_mount = st.components.v2.component(
    "gemboard_weight_sliders",
    html='<div class="root"></div>',
    css=style("elements", "weights/weight_sliders"),
    js=script("elements", "weights/weight_sliders"),
)


@dataclass(frozen=True)
class SliderRow:
    """One metric of the draft."""

    metric: str
    label: str
    help: str
    weight: float
    active: float | None  # its weight in the profile in force; None where that leaves it out
    was: str  # the same in words where the draft differs
    span: int  # the slider runs from 0 to here
    removable: bool
    without: bool  # no picture has it, so that weighing it would leave nothing scored
    bins: Sequence[float]  # heights of the distribution, 0 to 1
    shape: str  # the distribution in words
    room: tuple[float, float | None] | None  # where the first model stays first
    said: str  # that in words
    warned: str  # why the metric tells little


@dataclass(frozen=True)
class OtherMetric:
    """A registered metric that the draft leaves out."""

    metric: str
    label: str
    help: str


def weight_sliders(rows: Sequence[SliderRow], others: Sequence[OtherMetric]) -> None:
    """Show the sliders; `take_draft` brings what was dragged into the draft."""
    _mount(
        key=state.WEIGHTS_SLIDERS,
        data={
            "rows": [asdict(row) for row in rows],
            "others": [asdict(other) for other in others],
            "most": state.MOST_WEIGHT,
            "taken": st.session_state.get(state.WEIGHTS_TAKEN, 0),
        },
        on_draft_change=lambda: None,
    )


def reported() -> tuple[dict[str, float], int, bool] | None:
    """Weights, step and whether the slider was let go of, as the browser sent them last."""
    report = (st.session_state.get(state.WEIGHTS_SLIDERS) or {}).get("draft")
    if not isinstance(report, Mapping):
        return None
    weights, step = report.get("weights"), report.get("step")
    if not isinstance(weights, Mapping) or not isinstance(step, int):
        return None
    taken = {str(name): state.read_weight(weight) for name, weight in weights.items()}
    known = {name: weight for name, weight in taken.items() if weight is not None}
    return known, step, bool(report.get("settled"))
