"""The panel of the draft: where it starts, its normalisation, a slider for every metric."""

from collections.abc import Iterable

import streamlit as st

from core.drafts.room import Room, rooms
from core.drafts.spread import Spread
from dashboard import formats, profiles, terms
from dashboard.components.pickers import segments
from dashboard.components.weights import draft as drafts
from dashboard.components.weights.models import ModelNames
from dashboard.components.weights.weight_sliders import OtherMetric, SliderRow, weight_sliders
from dashboard.data import weights as data
from dashboard.state import weights as state
from dashboard.state.weights import Draft
from warehouse.profiles import WeightProfile
from warehouse.weight_grid import WeighedGrid

SPAN = 2  # a slider's end; weights beyond are typed
WITHOUT = (
    "No picture has a value of it yet, so nothing would have a GRE-Score. Stop the dashboard and "
    "run: python -m warehouse score --metric"
)


def draft_panel(
    draft: Draft, active: WeightProfile, weighed: WeighedGrid, names: ModelNames
) -> None:
    """Show the draft with its sliders; `weighed` is the grid under its normalisation."""
    _start(draft, active)
    _normalisation(draft)
    revision = profiles.scores_revision()
    metrics = {row["metric"]: row for row in data.weighable_metrics(revision).rows(named=True)}
    spreads = data.spreads(revision, draft.normalisation)
    room = rooms(weighed.grid, draft.by_metric, weighed.models, len(weighed.model_ids))
    in_force = drafts.profile_draft(active).by_metric
    weight_sliders(
        [
            SliderRow(
                metric=name,
                label=metrics[name]["label"],
                help=terms.METRIC_HELP.get(name, metrics[name]["description"]),
                weight=weight,
                active=in_force.get(name),
                was=_was(weight, in_force.get(name, 0.0)),
                span=SPAN,
                removable=not in_force.get(name) and len(draft.lambdas) > 1,
                without=spreads[name].known == 0 and weight == 0,
                bins=_heights(spreads[name]),
                shape=_shape(metrics[name]["label"], spreads[name]),
                room=_ends(room.get(name)),
                said=_room_words(room.get(name), names),
                warned=spread_warning(spreads[name], draft.normalisation)
                or _without(name, spreads[name]),
            )
            for name, weight in draft.lambdas
            if name in spreads
        ],
        [
            OtherMetric(name, row["label"], row["description"])
            for name, row in metrics.items()
            if name not in draft.by_metric
        ],
    )


def _start(draft: Draft, active: WeightProfile) -> None:
    """Start from a saved profile, or go back to the one in force."""
    saved = {profile.name: profile for profile in profiles.weight_profiles()}
    alike = [name for name, one in saved.items() if drafts.profile_draft(one).equals(draft)]
    st.session_state[state.WEIGHTS_START] = alike[0] if alike else None
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "Start from",
            list(saved),
            format_func=lambda name: f"{name} (in force)" if name == active.name else name,
            key=state.WEIGHTS_START,
            placeholder="A draft of your own",
            on_change=_start_from,
            width="stretch",
            help="A saved profile. Its weights go into the sliders; nothing is stored.",
        )
        st.button(
            "Reset",
            icon=":material/undo:",
            key="weights.reset",
            disabled=draft.equals(drafts.profile_draft(active)),
            on_click=drafts.keep,
            args=(None,),
            help="Back to the weights in force.",
        )


def _start_from() -> None:
    chosen = st.session_state.get(state.WEIGHTS_START)
    for profile in profiles.weight_profiles():
        if profile.name == chosen:
            drafts.keep(None if profile.active else drafts.profile_draft(profile))


def _normalisation(draft: Draft) -> None:
    st.session_state[state.WEIGHTS_NORMALISATION] = draft.normalisation
    segments(
        "Normalisation",
        state.NORMALISATIONS,
        state.WEIGHTS_NORMALISATION,
        help=terms.NORMALISATION,
        on_change=_normalise,
        args=(draft,),
        wrap=True,
    )


def _normalise(draft: Draft) -> None:
    chosen = st.session_state.get(state.WEIGHTS_NORMALISATION) or draft.normalisation
    drafts.keep(Draft(draft.lambdas, str(chosen)))


def _was(weight: float, before: float) -> str:
    return "" if weight == before else f"in force {formats.plain_number(before)}"


def _heights(spread: Spread) -> list[float]:
    most = max(1, int(spread.bins.max()))
    return [round(float(count) / most, 3) for count in spread.bins]


def _shape(label: str, spread: Spread) -> str:
    return (
        f"Distribution of {label} over {formats.counted(spread.known, 'picture')}, scaled to 0–1: "
        f"{formats.counted(spread.distinct, 'different value')}"
    )


def spread_warning(spread: Spread, normalisation: str) -> str:
    """Why a normalised metric tells little, if it does."""
    said = []
    missing = spread.pictures - spread.known
    if not spread.known:
        return ""
    if missing:
        said.append(
            f"{formats.counted(missing, 'picture')} of {formats.whole(spread.pictures)} lack it "
            "and have no GRE-Score while it is weighed."
        )
    if spread.distinct == 1:
        said.append("Every picture has the same value: it changes no order.")
    elif spread.flat:
        said.append(
            f"In {spread.flat} of {formats.counted(spread.prompts, 'prompt')} all pictures have "
            "one value: there it changes no order."
        )
    if spread.distinct > 1 and spread.crowd:
        low, high = spread.crowd
        cure = "" if normalisation == "rank" else " Rank spreads them evenly."
        said.append(
            f"{spread.crowd_share:.0%} of the pictures lie between {low:.2f} and {high:.2f}: "
            f"few extreme values squeeze the others.{cure}"
        )
    return " ".join(said)


def _without(metric: str, spread: Spread) -> str:
    """What to do about a metric that no picture has."""
    if spread.known or not spread.pictures:
        return ""
    lacks = data.draft_values(profiles.scores_revision()).unavailable.get(metric)
    return lacks or f"{WITHOUT} {metric}"


def _ends(room: Room | None) -> tuple[float, float | None] | None:
    if room is None:
        return None
    return room.lower, None if room.above is None else room.upper


def _room_words(room: Room | None, names: ModelNames) -> str:
    """How far the weight may move, and who takes over."""
    if room is None:
        return ""
    first = names.title(room.first)
    below = "" if room.below is None else f" Below, {names.title(room.below)} does."
    above = "" if room.above is None else f" Above, {names.title(room.above)} does."
    if not below and not above:
        return f"{first} leads at any weight."
    if not above:
        return f"{first} leads from {room.lower:.2f} up.{below}"
    if not below:
        return f"{first} leads up to {room.upper:.2f}.{above}"
    return f"{first} leads from {room.lower:.2f} to {room.upper:.2f}.{below}{above}"


def weight_words(lambdas: Iterable[tuple[str, float]]) -> str:
    """Weights of a profile or draft in one line."""
    labels = drafts.metric_labels()
    return " · ".join(
        f"{labels.get(name, name)} {formats.plain_number(weight)}" for name, weight in lambdas
    )
