"""Which pictures: every model with some seeds, or a grid over any two parameters."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from core.errors import GemboardError
from core.generation.axes import Axis, Value, seed_axis
from core.generation.axis_values import EXAMPLES, PARAMETERS, AxisError, Parameter, read_values
from core.generation.samplers import SAMPLERS
from dashboard import terms
from dashboard.components.generate.field_errors import field_error, fits
from dashboard.components.pickers import segments
from dashboard.generation_models import axis_values
from dashboard.state import generate as state
from warehouse.generation.catalogue import UsableModel

MOST_SEEDS = 50
COUNT_PX = 128
NONE: Literal[""] = ""  # not None: a picker that may hold nothing offers to be cleared
OPTIONS: tuple[Parameter | Literal[""], ...] = (NONE, *PARAMETERS)
FIRST_AXES: dict[str, Parameter] = {state.ROW_AXIS: "model", state.COLUMN_AXIS: "cfg_scale"}


@dataclass(frozen=True)
class Plan:
    """Axes and the seed that all pictures have where no axis is the seed."""

    seed: int
    rows: Axis | None
    columns: Axis | None

    @property
    def parameters(self) -> frozenset[Parameter]:
        """What the axes vary."""
        return frozenset(axis.parameter for axis in (self.rows, self.columns) if axis is not None)

    @property
    def first_prompt(self) -> str:
        """The first prompt of an axis of prompts, else nothing."""
        for axis in (self.rows, self.columns):
            if axis is not None and axis.parameter == "prompt":
                return str(axis.values[0])
        return ""


def grid_fields(models: Sequence[UsableModel]) -> Plan | None:
    """The fields; None where they cannot be, which is said under them."""
    layout = segments(
        "Grid", state.LAYOUTS, state.LAYOUT, help=terms.GENERATED_GRID, width="stretch"
    )
    if layout == "seeds":
        return _seeds(models)
    return _axes(models)


def draw_seed() -> None:
    """Another seed, by chance."""
    st.session_state[state.SEED] = str(secrets.randbelow(2**32))


def _seeds(models: Sequence[UsableModel]) -> Plan | None:
    if st.session_state.get(state.SEEDS) is None:
        st.session_state[state.SEEDS] = 1
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", wrap=False):
            count = st.number_input(
                "Seeds per model",
                1,
                MOST_SEEDS,
                step=1,
                key=state.SEEDS,
                persist_state="session",
                width=COUNT_PX,
            )
            told = _seed_field("First seed", disabled=False)
        seed = _seed(told)
    if seed is None:
        return None
    try:
        rows = Axis("model", axis_values(models)) if models else None
        return Plan(seed, rows, seed_axis(seed, int(count)))
    except GemboardError as error:
        field_error(error)
        return None


def _axes(models: Sequence[UsableModel]) -> Plan | None:
    rows = _axis("Rows (Y)", state.ROW_AXIS, models)
    columns = _axis("Columns (X)", state.COLUMN_AXIS, models)
    seeds_vary = any(
        isinstance(axis, Axis) and axis.parameter == "seed" for axis in (rows, columns)
    )
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", wrap=False):
            told = _seed_field("Seed of all pictures", disabled=seeds_vary)
        seed = 0 if seeds_vary else _seed(told)
    if isinstance(rows, GemboardError) or isinstance(columns, GemboardError) or seed is None:
        return None
    plan = Plan(seed, rows, columns)
    try:
        _check(rows, columns, plan, models)
    except AxisError as error:
        field_error(error)
        return None
    return plan


def _check(
    rows: Axis | None, columns: Axis | None, plan: Plan, models: Sequence[UsableModel]
) -> None:
    if rows is not None and columns is not None and rows.parameter == columns.parameter:
        raise AxisError(
            f"Both axes are {PARAMETERS[rows.parameter]}: choose another parameter for one."
        )
    if len(models) > 1 and "model" not in plan.parameters:
        raise AxisError(
            f"{len(models)} models are picked, and no axis is Model: choose Model for one, or "
            "pick one model."
        )


def _axis(label: str, key: str, models: Sequence[UsableModel]) -> Axis | GemboardError | None:
    """What varies, and its values; None where nothing does, or models that are still to pick."""
    if st.session_state.get(key) is None:
        st.session_state[key] = FIRST_AXES[key]
    options = OPTIONS if key == state.ROW_AXIS else OPTIONS[1:]
    with st.container(gap="xxsmall"):
        parameter = st.selectbox(
            label,
            options,
            format_func=lambda option: PARAMETERS[option] if option else "One row",
            key=key,
            persist_state="session",
        )
        if not parameter:
            return None
        try:
            if parameter == "model":
                if not models:
                    return None
                return Axis("model", axis_values(models))
            return Axis(parameter, _values(label, parameter, key))
        except GemboardError as error:
            field_error(error)
            return error


def _values(label: str, parameter: Parameter, axis_key: str) -> tuple[Value, ...]:
    key = f"{state.AXIS_VALUES}{axis_key}.{parameter}"
    words = f"{label}: values of {PARAMETERS[parameter]}"
    if parameter == "sampler":
        return tuple(
            st.multiselect(
                words,
                [sampler.name for sampler in SAMPLERS],
                key=key,
                persist_state="session",
                placeholder="Choose samplers",
                label_visibility="collapsed",
            )
        )
    if parameter == "prompt":
        text = st.text_area(
            words,
            key=key,
            height=96,
            placeholder=f"{EXAMPLES[parameter].capitalize()}; they take the place of the one above",
            persist_state="session",
            label_visibility="collapsed",
        )
    else:
        text = st.text_input(
            words,
            key=key,
            placeholder=EXAMPLES[parameter],
            persist_state="session",
            label_visibility="collapsed",
        )
    return read_values(parameter, text or "")


def _seed_field(label: str, *, disabled: bool) -> str:
    """Text, since numbers of 64 bits do not fit a browser's."""
    if not st.session_state.get(state.SEED):
        draw_seed()
    text = st.text_input(
        label,
        key=state.SEED,
        persist_state="session",
        disabled=disabled,
        max_chars=20,
        help=terms.SEED,
    )
    st.button(
        "",
        icon=":material/casino:",
        key="generate.draw_seed",
        help="Draw another seed",
        on_click=draw_seed,
        disabled=disabled,
    )
    return (text or "").strip()


def _seed(told: str) -> int | None:
    seed = int(told) if told.isascii() and told.isdigit() else told
    return seed if fits("seed", seed) and isinstance(seed, int) else None
