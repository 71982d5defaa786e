"""The fields of a new campaign, each with what it means."""

from dataclasses import dataclass
from typing import cast

import streamlit as st

from core.sessions.session import BY_GRE, BY_INFORMATION, Pairing, Rules
from dashboard import terms
from dashboard.components.pickers import segments
from dashboard.state import campaigns as state
from warehouse.campaign_plans import ModePolicy, Plan

MOST_NAME = 80
NORMAL, NORMAL_RULES = Plan(), Rules()
LEVELS = {0.0: "Never by itself", 0.8: "80 %", 0.9: "90 %", 0.95: "95 %", 0.99: "99 %"}
CHECK_SHARES = {0.0: "None", 0.05: "1 in 20", 0.1: "1 in 10", 0.2: "1 in 5"}


@dataclass(frozen=True)
class Amount:
    """How much is asked for, and when it is enough."""

    pictures: int
    session_prompts: int
    people: int
    per_pair: float | None
    per_person: int | None
    settled: float | None


@dataclass(frozen=True)
class Pairs:
    """How a battle's pairs are chosen and checked."""

    pairing: Pairing = BY_GRE
    comparisons: int | None = None
    exploration: float = NORMAL_RULES.exploration
    checks: float = 0.0


def name_and_mode() -> tuple[str, ModePolicy]:
    """Name, and who ranks in which mode."""
    name = st.text_input(
        "Name",
        key=state.NAME,
        max_chars=MOST_NAME,
        persist_state="session",
        placeholder="Portraits, autumn",
        help="Annotators see it. Each campaign has a name of its own.",
    )
    mode = segments("Mode", state.POLICIES, state.MODE, help=terms.RANKING_MODES, wrap=True)
    return name, cast(ModePolicy, mode)


def amount() -> Amount:
    """Numbers of pictures, people and judgments, and the stopping rule."""
    st.subheader("How much", anchor=False)
    with st.grid(2, min_column_width=220):
        pictures = _number(
            "Pictures per prompt",
            state.PICTURES,
            NORMAL.pictures_per_prompt,
            2,
            "The best by GRE-Score take part; the same pictures for all annotators, whatever they "
            "picked.",
        )
        session_prompts = _number(
            "Prompts per session",
            state.SESSION_PROMPTS,
            NORMAL.prompts_per_session,
            1,
            "How many prompts one sitting asks for. Whoever has more time starts another session.",
        )
        people = _number(
            "People per prompt",
            state.PEOPLE,
            NORMAL.people_per_prompt,
            1,
            "Overlap: how many different people judge each prompt, so that their agreement can be "
            "measured.",
        )
        per_person = _optional(
            "Most judgments per person",
            state.PER_PERSON,
            "After so many a person is asked no more. Empty: as many as they like.",
        )
        per_pair = _optional(
            "Judgments per pair",
            state.PER_PAIR,
            "A prompt stays open, beyond the people asked for, until its possible pairs of "
            "pictures were judged so often on average. Empty: people per prompt alone decides.",
            whole=False,
        )
        settled = st.selectbox(
            "Stop when the top three are settled",
            list(LEVELS),
            format_func=LEVELS.__getitem__,
            key=state.SETTLED,
            persist_state="session",
            help=terms.TOP_THREE,
        )
    return Amount(
        pictures,
        session_prompts,
        people,
        per_pair,
        None if per_person is None else int(per_person),
        settled or None,
    )


def sorting(*, shown: bool) -> tuple[int, bool]:
    """Size of a batch, and whether pictures can be rejected."""
    if not shown:
        return NORMAL_RULES.batch_size, NORMAL_RULES.reject_bin
    st.subheader("Drag and sort", anchor=False)
    with st.grid(2, min_column_width=220):
        size = _number(
            "Pictures at a time",
            state.BATCH,
            NORMAL_RULES.batch_size,
            2,
            "A batch to be sorted at once; four in the paper.",
            most=12,
        )
        reject = st.toggle(
            "Reject bin",
            value=NORMAL_RULES.reject_bin,
            key=state.REJECT,
            persist_state="session",
            help="A place for pictures that are no good at all. They rank below all others of the "
            "batch, without an order among themselves.",
        )
    return size, reject


def battle(*, shown: bool) -> Pairs:
    """How pairs are chosen, and attention checks."""
    if not shown:
        return Pairs()
    st.subheader("Battle", anchor=False)
    pairing = cast(Pairing, segments("Pairs", state.PAIRINGS, state.PAIRING, help=terms.PAIRING))
    comparisons, exploration = None, NORMAL_RULES.exploration
    with st.grid(2, min_column_width=220):
        if pairing == BY_INFORMATION:
            comparisons = _optional(
                "Comparisons per prompt",
                state.COMPARISONS,
                "How many pairs each person judges of a prompt. Empty, or too few for every "
                "picture to be seen: one less than there are pictures.",
            )
            exploration = (
                st.slider(
                    "Exploration share",
                    0,
                    50,
                    round(100 * NORMAL_RULES.exploration),
                    5,
                    format="%d %%",
                    key=state.EXPLORATION,
                    persist_state="session",
                    help="This share of the pairs is drawn evenly from all instead, so that "
                    "a wrong first impression of a picture is found out.",
                )
                / 100
            )
        checks = st.selectbox(
            "Attention checks",
            list(CHECK_SHARES),
            format_func=CHECK_SHARES.__getitem__,
            key=state.CHECKS,
            persist_state="session",
            help=terms.ATTENTION,
        )
    return Pairs(pairing, None if comparisons is None else int(comparisons), exploration, checks)


def _number(label: str, key: str, normal: int, least: int, help: str, most: int = 200) -> int:
    return int(
        st.number_input(label, least, most, normal, 1, key=key, persist_state="session", help=help)
    )


def _optional(label: str, key: str, help: str, *, whole: bool = True) -> float | None:
    """A number that may stay empty."""
    return st.number_input(
        label,
        min_value=1 if whole else 0.1,
        max_value=100_000 if whole else 1_000.0,
        value=None,
        step=1 if whole else 0.5,
        key=key,
        persist_state="session",
        placeholder="Not asked for",
        help=help,
    )
