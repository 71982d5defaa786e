"""One prompt's pictures under the profile in force and under the draft."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import streamlit as st

from core.drafts.standings import Standings, ranks
from dashboard import formats, profiles
from dashboard.components.pickers import widest_prompt
from dashboard.components.pictures.picture_dialogs import open_picture
from dashboard.components.weights.before_after import RankedPicture, before_after
from dashboard.components.weights.models import ModelNames
from dashboard.components.weights.moves import move, place_words
from dashboard.data import weights as data
from dashboard.media import thumbnail_url
from dashboard.state import weights as state

PICTURES = 12  # of each row
Ints = npt.NDArray[np.int64]


def prompt_pictures(
    before: Standings, after: Standings, titles: tuple[str, str], names: ModelNames
) -> None:
    """The first pictures of a prompt under both; a click opens one."""
    st.subheader("Pictures of one prompt", anchor=False)
    revision = profiles.scores_revision()
    prompt = _prompt(data.weighed_prompts(revision))
    rows = data.prompt_pictures(revision, prompt["prompt_id"])
    if rows.is_empty():
        st.info("No picture of this prompt is shown. Choose another.", icon=":material/image:")
        return
    places = rows["row"].to_numpy()
    old, new = _order(before.scores[places]), _order(after.scores[places])
    facts = rows.rows(named=True)
    title = {int(key): names.title(place) for place, key in enumerate(names.ids)}
    opened = before_after(
        [
            (titles[0], _row(old, new, before.scores[places], facts, title, entering=False)),
            (titles[1], _row(new, old, after.scores[places], facts, title, entering=True)),
        ],
        key=state.WEIGHTS_PICTURES,
    )
    if opened:
        open_picture(opened, [facts[place]["image_id"] for place in new[:PICTURES]])


def _prompt(prompts: pl.DataFrame) -> dict[str, Any]:
    """The prompt whose pictures are shown; its words in full, as letters."""
    rows = {row["prompt_id"]: row for row in prompts.rows(named=True) if row["images"]}
    if st.session_state.get(state.WEIGHTS_PROMPT) not in rows:
        st.session_state[state.WEIGHTS_PROMPT] = widest_prompt(rows.values())
    chosen = st.selectbox(
        "Prompt",
        list(rows),
        format_func=lambda key: formats.shortened(rows[key]["prompt"], 160),
        filter_mode="contains",
        key=state.WEIGHTS_PROMPT,
        persist_state="session",
        label_visibility="collapsed",
        help="Type to search in the words of the prompts.",
    )
    return rows[chosen]


def _order(scores: npt.NDArray[np.float32]) -> Ints:
    """Places of scored pictures, best first."""
    order = np.argsort(-scores, kind="stable")
    scored: Ints = order[: int(np.isfinite(scores).sum())]
    return scored


def _row(
    own: Ints,
    other: Ints,
    scores: npt.NDArray[np.float32],
    facts: Sequence[dict[str, Any]],
    title: dict[int, str],
    *,
    entering: bool,
) -> list[RankedPicture]:
    """The first pictures of one ranking, with what becomes or was of them in the other."""
    theirs = ranks(other, len(facts))
    shown = []
    for rank, place in enumerate(own[:PICTURES], start=1):
        fact, rival = facts[place], int(theirs[place])
        inside = 0 < rival <= PICTURES
        if entering:
            kind, moved = move(rival, rank, PICTURES)
        else:
            kind, moved = ("same", "") if inside else ("left", place_words("to", rival))
        shown.append(
            RankedPicture(
                fact["image_id"],
                thumbnail_url(fact["sha256"]) if fact["sha256"] else None,
                title[fact["model_version_id"]],
                f"{rank} · GRE {scores[place]:.3f}",
                kind,
                moved,
            )
        )
    return shown
