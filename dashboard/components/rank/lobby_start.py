"""Beginning a session of one's own: from the basket, from prompts, or chosen."""

from typing import cast

import polars as pl
import streamlit as st

from core.sessions.candidates import FEWEST
from core.sessions.session import Mode, Rules
from dashboard import formats, navigation, profiles, selection
from dashboard.access import current_person
from dashboard.components.notices import literal
from dashboard.components.pickers import segments
from dashboard.components.profile_note import profile_words
from dashboard.components.rank.beginning import start_button
from dashboard.components.rank.lobby_mode import known_mode, mode_note
from dashboard.components.rank.prompt_picker import prompt_order, prompt_ticks
from dashboard.data import campaigns as data
from dashboard.resources import selection_revisions
from dashboard.state import rank as state
from dashboard.state import simulated
from warehouse.campaign_estimates import answers
from warehouse.campaign_plans import Plan


def start_box(prompts: pl.DataFrame) -> None:
    """Three ways to begin; `prompts` are those that can be ranked."""
    st.subheader("Start a session", anchor=False)
    mode_note()
    with st.container(border=True):
        picks = selection.basket()
        if st.session_state.get(state.RANK_PICKED) != (not picks.is_empty()):
            st.session_state[state.RANK_PICKED] = not picks.is_empty()
            st.session_state[state.RANK_WAY] = "choose" if picks.is_empty() else "picks"
        way = segments("What to rank", state.WAYS, state.RANK_WAY, label_visibility="collapsed")
        if way == "picks":
            _picks(picks, prompts)
        elif way == "prompts":
            _prompts(prompts)
        else:
            _choose(prompts)


def _picks(picks: pl.DataFrame, prompts: pl.DataFrame) -> None:
    if picks.is_empty():
        st.text("Your selection is empty.")
        st.caption("Pick pictures that you like on Explore or Map, then rank their prompts here.")
        explore = navigation.entry("explore")
        if explore:
            st.page_link(explore.page(), label="Pick pictures", icon=explore.icon)
        return
    of_picks = picks["prompt_id"].unique(maintain_order=True).to_list()
    told = _candidates(of_picks, prompts)
    left_out = len(of_picks) - told.height
    st.text(f"Rank the prompts of your {formats.counted(picks.height, 'pick')}, in this order.")
    if not told.is_empty():
        _table(told)
    if left_out:
        st.caption(
            f"{formats.counted(left_out, 'prompt')} left out: fewer than two pictures of "
            f"{'it' if left_out == 1 else 'them'} can be shown."
        )
    start_button("Start", "picks", told["prompt_id"].to_list(), disabled=told.is_empty())


def _prompts(prompts: pl.DataFrame) -> None:
    ticked = prompt_ticks(prompts, state.RANK_PROMPTS)
    order = prompt_order(ticked, prompts, state.RANK_ORDER)
    told = _candidates(order, prompts)
    if not told.is_empty():
        _told(told)
    start_button("Start", "prompts", order, disabled=not order)


def _choose(prompts: pl.DataFrame) -> None:
    count = min(Plan.prompts_per_session, prompts.height)
    st.text(
        f"{formats.counted(count, 'prompt')} whose pictures were judged least: those that you "
        "judged already come last, and chance decides among equals."
    )
    _fill_note()
    start_button("Start", "choose")


def _candidates(prompt_ids: list[int], prompts: pl.DataFrame) -> pl.DataFrame:
    """The prompts in this order with prompt, picks, and pictures that will take part."""
    person_id = current_person().person_id
    counts = data.candidates(
        profiles.scores_revision(),
        selection_revisions()[person_id],
        person_id,
        tuple(prompt_ids),
        simulated.shown(st.session_state),
    )
    filled = pl.min_horizontal(pl.col("others"), (FEWEST - pl.col("picks")).clip(lower_bound=0))
    return (
        pl.DataFrame({"prompt_id": prompt_ids}, schema={"prompt_id": pl.Int64})
        .join(prompts.select("prompt_id", "prompt"), on="prompt_id", maintain_order="left")
        .join(counts, on="prompt_id", maintain_order="left")
        .with_columns(size=pl.col("picks") + filled)
        .filter(pl.col("size") > 1)
    )


def _table(told: pl.DataFrame) -> None:
    """A line for each prompt, and what they come to."""
    words = [formats.shortened(prompt, 120) for prompt in told["prompt"]]
    st.dataframe(
        pl.DataFrame({"Prompt": words, "Your picks": told["picks"], "Pictures": told["size"]}),
        hide_index=True,
        key="rank.picks_table",
        column_config={
            "Prompt": st.column_config.TextColumn(width="medium"),
            "Your picks": st.column_config.NumberColumn(width="small"),
            "Pictures": st.column_config.NumberColumn(
                width="small", help="Your picks, filled up with the best unpicked by GRE-Score."
            ),
        },
    )
    _told(told)


def _told(told: pl.DataFrame) -> None:
    """How much there is to do, as far as the mode is known."""
    sizes = told["size"].to_list()
    words = f"{formats.counted(told.height, 'prompt')}, {formats.counted(sum(sizes), 'picture')}"
    mode = known_mode()
    if mode:
        fewest, most = answers(cast(Mode, mode), sizes, Rules())
        many = formats.whole(most) if fewest == most else f"{fewest} to {most}"
        words += f": {many} {'batches to sort' if mode == 'sort' else 'answers'}"
    st.caption(f"{words}.")
    _fill_note()


def _fill_note() -> None:
    """Where the number of pictures comes from."""
    st.caption(
        f"All pictures that you picked for a prompt take part; fewer than {FEWEST} are filled up "
        f"with the best unpicked. {FEWEST} is Gemboard’s own number, a campaign may set another. "
        f"The best are those by {literal(profile_words())}."
    )
