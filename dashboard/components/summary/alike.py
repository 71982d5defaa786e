"""How far a person goes with the GRE-Score and with other people."""

import math

import streamlit as st

from core.ratings.alike import Alike
from dashboard import formats, profiles, terms
from dashboard.components.notices import literal
from warehouse.summaries import Summary

ENOUGH = 5  # judgments, below which a share says nothing


def agreement(told: Summary) -> None:
    """Two shares with their intervals and counts, or what is missing."""
    left, right = st.columns(2, gap="large")
    with left:
        _share(
            "With the GRE-Score",
            told.with_scores,
            terms.WITH_GRE,
            f"By the profile in force, {literal(profiles.active_profile().name)}. "
            f"{_left_out(told.with_scores, 'with a picture without a score')}",
        )
    with right:
        others = told.with_others
        people = "1 other person" if others.people == 1 else f"{others.people} other people"
        _share(
            "With other people",
            others,
            terms.WITH_OTHERS,
            f"{people}. {_left_out(others, 'that nobody else decided')}",
        )


def _share(label: str, alike: Alike, meaning: str, notes: str) -> None:
    with st.container(border=True):
        known = alike.judgments >= ENOUGH and not math.isnan(alike.share)
        st.metric(label, f"{alike.share:.0%}" if known else "–", help=meaning)
        counted = (
            f"{formats.counted(alike.pairs, 'pair')} from "
            f"{formats.counted(alike.judgments, 'judgment')}"
        )
        if known:
            st.caption(
                f"95 % interval {alike.lower:.0%} to {alike.upper:.0%}, over {counted}. {notes}"
            )
        else:
            st.caption(
                f"Not enough overlap: {counted}, and a share takes {ENOUGH} judgments. {notes}"
            )


def _left_out(alike: Alike, unknown: str) -> str:
    return f"Left out: {alike.undecided} undecided, {alike.unknown} {unknown}."
