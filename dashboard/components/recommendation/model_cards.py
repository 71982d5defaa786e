"""The recommended models as cards: why, how sure that is, and pictures that show each."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from dashboard import navigation, selection
from dashboard.components.assets import script, style
from dashboard.state import recommendation as state

_mount = st.components.v2.component(
    "gemboard_model_cards",
    html='<div class="root"></div>',
    css=style("elements", "recommendation/model_cards"),
    js=script("elements", "recommendation/model_cards"),
)


@dataclass(frozen=True)
class Example:
    """A picture of a model, for a prompt near the one asked about or else for another."""

    image_id: str
    src: str | None
    prompt: str


@dataclass(frozen=True)
class Card:
    """One recommended model; shares are from 0 to 1."""

    rank: int
    name: str
    version: str
    facts: str
    reason: str
    chance: float
    lower: float
    upper: float
    chance_words: str
    certainty: str
    examples_title: str
    examples: list[Example]
    picked: bool  # whether all its examples are in the selection


def model_cards(cards: Sequence[Card]) -> str | None:
    """Show them; returns the id of a picture that was just clicked."""
    result = _mount(
        key=state.CARDS,
        data={"cards": [asdict(card) for card in cards]},
        on_opened_change=lambda: None,
        on_changes_change=take_changes,
    )
    shown = {example.image_id for card in cards for example in card.examples}
    return result.opened if result.opened in shown else None


def take_changes() -> None:
    """Pick or unpick what the cards' buttons asked for, each change once.

    Called when the cards report and by every run: Streamlit gives a callback up where the next
    click comes while it runs.
    """
    changes = (st.session_state.get(state.CARDS) or {}).get("changes")
    taken, page = st.session_state.get(state.TAKEN, 0), navigation.current_path()
    for change in changes if isinstance(changes, list) else ():
        step, act, images = change.get("step"), change.get("act"), change.get("images")
        if not isinstance(step, int) or step <= taken or not isinstance(images, list):
            continue
        taken = st.session_state[state.TAKEN] = step
        image_ids = [str(image_id) for image_id in images]
        if act == "pick":
            selection.pick(image_ids, page, image_ids)
        elif act == "unpick":
            selection.unpick(image_ids, page)
