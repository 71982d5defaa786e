"""Size, steps, CFG and sampler, at first as the model's base is best asked."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

import streamlit as st

from core.generation.axis_values import Parameter
from core.generation.request import (
    CFG_SCALE_HIGH,
    CLIP_SKIP_HIGH,
    SIDE_HIGH_PX,
    SIDE_LOW_PX,
    SIDE_STEP_PX,
    STEPS_HIGH,
)
from core.generation.samplers import SAMPLERS
from dashboard import generation, terms
from dashboard.components.generate.field_errors import fits
from dashboard.components.generate.model_field import settings_words
from dashboard.components.notices import literal
from dashboard.state import generate as state
from warehouse.generation.catalogue import BaseSettings, UsableModel

NO_CLIP_SKIP = 1
Settings = dict[str, Any]  # fields of a request


def settings_fields(model: UsableModel | None, on_axes: Collection[Parameter]) -> Settings | None:
    """The fields; None where one of them cannot be. Those on an axis rest."""
    recommended = _follow(model)
    below = st.container(gap="xxsmall")
    with below, st.expander("Settings", icon=":material/tune:", key="generate.settings"):
        _told(model, recommended)
        with st.grid(2, min_column_width=130):
            fitting = [
                _whole("Width", "width", (SIDE_LOW_PX, SIDE_HIGH_PX, SIDE_STEP_PX), on_axes),
                _whole("Height", "height", (SIDE_LOW_PX, SIDE_HIGH_PX, SIDE_STEP_PX), on_axes),
                _whole("Steps", "steps", (1, STEPS_HIGH, 1), on_axes),
                _decimal("CFG scale", "cfg_scale", CFG_SCALE_HIGH, 0.5, terms.CFG_SCALE, on_axes),
            ]
        st.selectbox(
            "Sampler",
            [sampler.name for sampler in SAMPLERS],
            key=state.setting_key(st.session_state, "sampler"),
            persist_state="session",
            disabled="sampler" in on_axes,
        )
        with st.grid(2, min_column_width=130):
            fitting += [
                _decimal(
                    "Guidance rescale", "guidance_rescale", 1.0, 0.05, terms.GUIDANCE_RESCALE,
                    on_axes,
                ),
                _whole("CLIP skip", "clip_skip", (1, CLIP_SKIP_HIGH, 1), on_axes, terms.CLIP_SKIP),
            ]  # fmt: skip
    if not all(fitting):
        below.caption(":red[One of the settings cannot be: open them to see which.]")
        return None
    below.caption(settings_words(BaseSettings(**_base_fields())))
    return _now()


def _follow(model: UsableModel | None) -> BaseSettings:
    """Fields that nobody changed follow the model's base."""
    session = st.session_state
    recommended = BaseSettings() if model is None else generation.settings_of(model.base_model)
    before: BaseSettings | None = session.get(state.BASE)
    now, wanted = _now(), _now()
    for name, value in {**asdict(recommended), "clip_skip": NO_CLIP_SKIP}.items():
        untouched = before is not None and now[name] == getattr(before, name, NO_CLIP_SKIP)
        if now[name] is None or untouched:
            wanted[name] = value
    if wanted != now:
        state.lay_settings(session, wanted)
    session[state.BASE] = recommended
    return recommended


def _now() -> Settings:
    """What the fields hold; None before they were ever shown."""
    session = st.session_state
    return {name: session.get(key) for name, key in state.setting_keys(session).items()}


def _base_fields() -> Settings:
    return {name: value for name, value in _now().items() if name != "clip_skip"}


def _told(model: UsableModel | None, recommended: BaseSettings) -> None:
    if model is None:
        st.caption("Pick a model, and its own settings stand here.")
        return
    base = model.base_model or "a base that nobody named"
    st.caption(literal(f"Best for {base}: {settings_words(recommended)}."))
    if _base_fields() != asdict(recommended):
        st.button(
            "Take these",
            type="tertiary",
            icon=":material/restart_alt:",
            key="generate.reset_settings",
            on_click=_reset,
            args=(recommended,),
        )


def _reset(recommended: BaseSettings) -> None:
    state.lay_settings(st.session_state, _now() | asdict(recommended))


def _whole(
    label: str,
    name: str,
    bounds: tuple[int, int, int],
    on_axes: Collection[Parameter],
    help: str | None = None,
) -> bool:
    low, high, step = bounds
    with st.container(gap="xxsmall"):
        value = st.number_input(
            label,
            low,
            high,
            step=step,
            key=state.setting_key(st.session_state, name),
            persist_state="session",
            disabled=_parameter(name) in on_axes,
            help=help,
        )
        return fits(name, value)


def _decimal(
    label: str, name: str, high: float, step: float, help: str, on_axes: Collection[Parameter]
) -> bool:
    with st.container(gap="xxsmall"):
        value = st.number_input(
            label,
            0.0,
            high,
            step=step,
            format="%g",
            key=state.setting_key(st.session_state, name),
            persist_state="session",
            disabled=name in on_axes,
            help=help,
        )
        return fits(name, value)


def _parameter(name: str) -> str:
    return "size" if name in ("width", "height") else name
