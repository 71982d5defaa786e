"""Which models make the pictures: searched by name, or those of the selection."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import polars as pl
import streamlit as st

from dashboard import formats, generation, selection
from dashboard.components.notices import literal
from dashboard.generation_models import Roster, title
from dashboard.state import generate as state
from warehouse.generation.catalogue import BaseSettings, UsableModel

MOST_MODELS = 200
MOST_WRAPPED = 12  # more stand in one line
SIZE_WORDS = "{0.width} × {0.height} px, {0.steps} steps, CFG {0.cfg_scale:g}, {0.sampler}"


def picked_models(known: Roster) -> list[UsableModel]:
    """The models that are picked now and can be used, those that fit the first one's settings."""
    chosen = st.session_state.get(state.MODELS) or ()
    models = [known.usable[key] for key in chosen if key in known.usable]
    return [each for each in models if each.model_version_id in _fitting(known, models)]


def model_field(known: Roster) -> list[UsableModel]:
    """The picker; what cannot be picked is said."""
    if not known.usable:
        st.info(
            "No model here can make pictures yet. Below is why; a maintainer can add one.",
            icon=":material/deployed_code_alert:",
        )
        _unusable(known)
        return []
    models = picked_models(known)
    _lay(models)
    fitting = _fitting(known, models)
    names = labels(list(known.usable.values()))  # a pick on its way comes by its label
    st.multiselect(
        "Models",
        list(fitting),
        format_func=names.__getitem__,
        key=state.MODELS,
        persist_state="session",
        placeholder="Search models by name",
        max_selections=MOST_MODELS,
        filter_mode="contains",
        select_all=False,  # it would stand first, and Enter after a word would take all matches
        wrap=len(models) <= MOST_WRAPPED,
        help="Those whose weights are on this machine. The first one decides the settings.",
    )
    _from_selection(known, models)
    _left_out(known, fitting, models)
    _unusable(known)
    return picked_models(known)


def labels(models: Collection[UsableModel]) -> dict[int, str]:
    """A label for each model's id, no two the same; with its base where there are several."""
    bases = {model.base_model for model in models}
    words = {
        model.model_version_id: f"{title(model)} · {model.base_model or 'base unknown'}"
        if len(bases) > 1
        else title(model)
        for model in models
    }
    often = Counter(words.values())
    return {key: label if often[label] == 1 else f"{label} ({key})" for key, label in words.items()}


def settings_words(settings: BaseSettings) -> str:
    """Recommended settings in a line."""
    return SIZE_WORDS.format(settings)


def _lay(models: Sequence[UsableModel]) -> None:
    """Take out what cannot be used; a value laid anew undoes picks that are on their way."""
    ids = [model.model_version_id for model in models]
    if st.session_state.get(state.MODELS) != ids:
        st.session_state[state.MODELS] = ids


def _fitting(known: Roster, models: Sequence[UsableModel]) -> Mapping[int, UsableModel]:
    """Usable models that can share a grid with the first one: those best asked alike."""
    if not models:
        return known.usable
    bases = {model.base_model for model in known.usable.values()}
    first = models[0].base_model
    wanted = generation.settings_of(first)
    alike = {base for base in bases if base == first or generation.settings_of(base) == wanted}
    return {key: model for key, model in known.usable.items() if model.base_model in alike}


def _from_selection(known: Roster, models: Sequence[UsableModel]) -> None:
    picked = selection.basket()
    wanted = [
        key for key in picked["model_version_id"].unique(maintain_order=True) if key in known.usable
    ]
    if not wanted or wanted == [model.model_version_id for model in models]:
        return
    st.button(
        f"Take the {formats.counted(len(wanted), 'model')} of your selection",
        type="tertiary",
        icon=":material/playlist_add_check:",
        key="generate.from_selection",
        on_click=_take,
        args=(wanted,),
    )


def _take(wanted: Sequence[int]) -> None:
    st.session_state[state.MODELS] = list(wanted)


def _left_out(
    known: Roster, fitting: Mapping[int, UsableModel], models: Sequence[UsableModel]
) -> None:
    others = [model for key, model in known.usable.items() if key not in fitting]
    if not others:
        return
    bases = sorted({model.base_model for model in others})
    told = "; ".join(
        f"{base or 'base unknown'}: {settings_words(generation.settings_of(base))}"
        for base in bases[:3]
    )
    st.caption(
        literal(
            f"Not beside {models[0].model_name}, since a grid has one set of settings: "
            f"{formats.counted(len(others), 'model')} ({told}). Take out what is picked to choose "
            "among all."
        )
    )


def _unusable(known: Roster) -> None:
    problems = [model for model in known.models if model.problem]
    if not problems:
        return
    with st.expander(
        f"{formats.counted(len(problems), 'model')} cannot be used here",
        type="compact",
        key="generate.unusable",
    ):
        st.dataframe(
            pl.DataFrame(
                {
                    "Model": [title(model) for model in problems],
                    "Why": [model.problem for model in problems],
                }
            ),
            hide_index=True,
            height=min(38 * (len(problems) + 1), 240),
        )
