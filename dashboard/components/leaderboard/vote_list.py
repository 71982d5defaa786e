"""Judgments as a list: their pictures with what became of each, the prompt, who and when."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from dashboard.components.assets import script, style

_mount = st.components.v2.component(
    "gemboard_vote_list",
    html='<div class="root"></div>',
    css=style("elements", "leaderboard/vote_list"),
    js=script("elements", "leaderboard/vote_list"),
)


@dataclass(frozen=True)
class Side:
    """One picture of a judgment."""

    model: str
    mark: str  # what became of it
    preferred: bool
    meant: bool  # by a model whose judgments are listed
    src: str | None
    missing: str  # what stands in its place


@dataclass(frozen=True)
class Vote:
    """One judgment; all of it is words."""

    id: str
    headline: str
    prompt: str
    person: str
    when: str
    kind: str
    simulated: bool
    sides: tuple[Side, ...]


def vote_list(title: str, facts: str, votes: Sequence[Vote], *, key: str) -> str | None:
    """Show judgments under a title; returns the id of the one just clicked, if any."""
    result = _mount(
        key=key,
        data={"title": title, "facts": facts, "votes": [asdict(vote) for vote in votes]},
        on_opened_change=lambda: None,
    )
    return result.opened if result.opened in {vote.id for vote in votes} else None
