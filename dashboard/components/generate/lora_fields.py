"""Further LoRAs, laid over every model of the grid."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core.generation.request import LORA_SCALE_HIGH, LORAS_HIGH, Lora
from dashboard import terms
from dashboard.components.generate.model_field import labels
from dashboard.components.notices import literal
from dashboard.generation_models import Roster
from dashboard.state import generate as state
from warehouse.generation.catalogue import UsableModel


def lora_fields(known: Roster, models: Sequence[UsableModel]) -> tuple[Lora, ...]:
    """The LoRAs with their scales; those of the first model's base can be picked."""
    chosen = st.session_state.get(state.LORAS) or []
    fitting = {
        key: lora
        for key, lora in known.loras.items()
        if models and lora.base_model == models[0].base_model
    }
    if not fitting and not chosen:
        return ()
    usable = [key for key in chosen if key in fitting]
    if usable != chosen:  # a value laid anew undoes picks that are on their way
        st.session_state[state.LORAS] = usable
    words = f"LoRAs: {len(usable)}" if chosen else "Add LoRAs"
    with st.expander(words, icon=":material/layers:", key="generate.loras_box"):
        names = labels(list(fitting.values()))
        picked = st.multiselect(
            "Laid over every model",
            list(fitting),
            format_func=names.__getitem__,
            key=state.LORAS,
            persist_state="session",
            max_selections=LORAS_HIGH,
            placeholder="Search LoRAs by name",
            filter_mode="contains",
            select_all=False,
            help=terms.EXTRA_LORAS,
        )
        return tuple(_scaled(fitting[key]) for key in picked)


def _scaled(model: UsableModel) -> Lora:
    key = f"{state.LORA_SCALE}{model.model_version_id}"
    if st.session_state.get(key) is None:
        st.session_state[key] = 1.0
    scale = st.number_input(
        f"Scale of {literal(model.model_name)}",
        -LORA_SCALE_HIGH,
        LORA_SCALE_HIGH,
        step=0.1,
        format="%g",
        key=key,
        persist_state="session",
    )
    return replace(model.loras[0], scale=float(scale))
