"""What is asked for: prompt, models, grid and settings, and what that would cost."""

from collections.abc import Sequence

import streamlit as st

from core.errors import GemboardError
from core.generation.axes import expand
from core.generation.request import Lora, Request
from dashboard import generation
from dashboard.components.generate import adopting
from dashboard.components.generate.field_errors import field_error
from dashboard.components.generate.grid_fields import Plan, grid_fields
from dashboard.components.generate.lora_fields import lora_fields
from dashboard.components.generate.maintaining import maintaining
from dashboard.components.generate.model_field import model_field, picked_models
from dashboard.components.generate.ordering import ask_box, toggles
from dashboard.components.generate.png_drop import png_drop
from dashboard.components.generate.prompt_fields import prompt_fields
from dashboard.components.generate.settings_fields import Settings, settings_fields
from dashboard.generation_models import Roster, ordered
from dashboard.state import generate as state
from warehouse.generation.catalogue import UsableModel
from warehouse.generation.orders import Order
from warehouse.generation.planning import check_distinct


def form(known: Roster) -> None:
    """The fields, what they come to, and the button."""
    adopting.adopt(known)
    adopting.notes()
    prompt, negative = prompt_fields(next(iter(picked_models(known)), None))
    models = model_field(known)
    _warm(known, models)
    plan = grid_fields(models)
    settings = settings_fields(
        models[0] if models else None, plan.parameters if plan else frozenset()
    )
    extra = lora_fields(known, models)
    keep, force = toggles()
    first = prompt or (plan.first_prompt if plan else "")
    missing = [what for what, there in (("a prompt", first), ("a model", models)) if not there]
    order = None
    if not missing and plan is not None and settings is not None:
        settings |= {"prompt": first, "negative_prompt": negative}
        order = _order(known, models, plan, settings, extra, keep=keep, force=force)
    adopting.share()
    ask_box(order, known, missing)
    png_drop()
    maintaining()


def _order(
    known: Roster,
    models: Sequence[UsableModel],
    plan: Plan,
    settings: Settings,
    extra: Sequence[Lora],
    *,
    keep: bool,
    force: bool,
) -> Order | None:
    """The pictures of the grid; None where it cannot be, which is said."""
    first = models[0]
    assert first.checkpoint is not None  # usable
    try:
        base = Request(model=first.checkpoint, loras=first.loras, seed=plan.seed, **settings)
        grid = expand(base, rows=plan.rows, columns=plan.columns, extra=extra)
        order = Order(
            tuple(ordered(request, known) for row in grid.requests for request in row),
            grid.rows,
            grid.columns,
            keep,
            force,
            title=base.prompt,
        )
        check_distinct(order)
    except GemboardError as error:
        field_error(error)
        return None
    return order


def _warm(known: Roster, models: Sequence[UsableModel]) -> None:
    """Start the device, and begin to load what was picked, while the rest is filled in."""
    if not known.usable:
        return
    first = models[0] if models else None
    wanted = 0 if first is None else first.model_version_id
    if st.session_state.get(state.WARMED) != wanted:
        st.session_state[state.WARMED] = wanted
        generation.warm(first)
