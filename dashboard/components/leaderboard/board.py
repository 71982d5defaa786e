"""The board: what it is computed from, models best first, groups that never met apart."""

from collections.abc import Sequence
from itertools import groupby

import polars as pl
import streamlit as st

from core.leaderboards.board import PROVISIONAL, Standing
from core.leaderboards.resampled import MOST_REPLAYED
from core.weights.fit import FEWEST_PEOPLE
from dashboard import formats, terms
from dashboard.components.leaderboard.choice import Choice, open_votes
from dashboard.components.leaderboard.names import model_names
from dashboard.components.leaderboard.rated_models import rated_models
from dashboard.state import leaderboard as state
from dashboard.state.leaderboard import Behind

MOST_ROWS = 25
READ = {
    "bradley-terry": (
        "1,000 is the average model; 400 points more are ten wins of eleven. The line is the 95 % "
        "interval, the rank 1 plus the number of models that are significantly better."
    ),
    "plackett-luce": (
        "The scale of Bradley-Terry, by orders and preferences alone: ties are left out."
    ),
    "elo": (
        "All begin at 1,000 and move by at most 4 points a comparison, in the order in which "
        "people judged. The line is the 95 % interval."
    ),
    "win-rate": (
        "The share of comparisons won, a tie as half, as the mean over the opponents met. The line "
        "is the 95 % interval. Strong opponents are not allowed for."
    ),
}
METHOD_HELP = {
    "bradley-terry": f"{terms.BRADLEY_TERRY}\n\n{terms.RANK_SPREAD}\n\n{terms.PROVISIONAL_RATING}",
    "plackett-luce": f"{terms.PLACKETT_LUCE}\n\n{terms.RANK_SPREAD}",
    "elo": f"{terms.ELO}\n\n{terms.RANK_SPREAD}",
    "win-rate": f"{terms.WIN_RATE}\n\n{terms.RANK_SPREAD}",
}


def counted_judgments(chosen: Choice) -> None:
    """What everything below is computed from, and how many of it are simulated."""
    rows = chosen.counted
    people = rows["person_id"].n_unique()
    told = [
        f"{formats.counted(rows.height, 'judgment')} by "
        f"{'1 person' if people == 1 else f'{people:,} people'}",
        formats.counted(rows["prompt_id"].n_unique(), "prompt"),
        _span(rows["created_at"].dt.date().unique().sort().dt.to_string()),
    ]
    bad = chosen.judged.both_bad.height
    silent = chosen.judged.judgments.height - rows.height - bad
    if bad:
        told.append(f"left out: {formats.whole(bad)} that found both bad")
    if silent:
        told.append(f"left out: {formats.whole(silent)} that compare no two models here")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(" · ".join(told), width="content")
        simulated = int(rows["simulated"].sum())
        if simulated:
            st.badge(
                f"simulated: {formats.whole(simulated)} of "
                f"{formats.counted(rows.height, 'judgment')}",
                icon=":material/experiment:",
                color="orange",
            )


def _span(days: pl.Series) -> str:
    """From the first day to the last."""
    return str(days[0]) if len(days) == 1 else f"{days[0]} to {days[-1]}"


def board(chosen: Choice, standings: Sequence[Standing]) -> None:
    """Models best first; a click lists the judgments behind one."""
    st.caption(READ[chosen.method], help=METHOD_HELP[chosen.method])
    _caveats(chosen, standings)
    names = model_names()
    groups = [tuple(found) for _, found in groupby(standings, key=lambda each: each.group)]
    opened = None
    for group in groups:
        if len(groups) > 1:
            _head(group, alone=len(group) == 1)
        shown = _first(group) if group[0].group == 0 else group
        clicked = rated_models(
            shown,
            names,
            percent=chosen.method == "win-rate",
            opens=True,
            key=f"leaderboard.board.{group[0].group}",
        )
        opened = clicked or opened
    if opened:
        open_votes(Behind(int(opened)))


def _first(group: Sequence[Standing]) -> Sequence[Standing]:
    """The best ones, or all where that is asked for."""
    if len(group) <= MOST_ROWS:
        return group
    everything = st.toggle(
        f"Show all {formats.whole(len(group))} models",
        key=state.LEADERBOARD_ALL_ROWS,
        persist_state="session",
    )
    return group if everything else group[:MOST_ROWS]


def _head(group: Sequence[Standing], *, alone: bool) -> None:
    number = group[0].group + 1
    st.subheader(f"Group {number}", anchor=False)
    models = formats.counted(len(group), "model")
    if number == 1:
        st.caption(
            f"{models} that met, if only through others. The groups below never met these, so "
            "their ratings do not compare: each has an average of its own."
        )
    else:
        st.caption(f"{models} that never met those of another group, not even through others.")


def _caveats(chosen: Choice, standings: Sequence[Standing]) -> None:
    """What limits the board, in sentences."""
    people = chosen.counted["person_id"].n_unique()
    told = []
    if people == 1:
        told.append(
            "One person judged: the intervals say how sure this is for one person's taste, not "
            "for people."
        )
    elif people < FEWEST_PEOPLE:
        told.append(
            f"Fewer than {FEWEST_PEOPLE} people judged, too few to tell how far tastes differ: the "
            "intervals take judgments as independent, and may be too narrow."
        )
    few = sum(each.provisional for each in standings)
    if few == len(standings):
        told.append(f"All ratings are provisional: no model has {PROVISIONAL} judgments yet.")
    elif few:
        told.append(
            f"{few} of {len(standings)} ratings are provisional (hollow), from fewer than "
            f"{PROVISIONAL} judgments."
        )
    open_ended = [(each.lower is None) != (each.upper is None) for each in standings]
    if any(open_ended):
        told.append(
            "Where a model never lost or never won here, its interval has one end: the judgments "
            "do not set the other."
        )
    if all(each.lower is None and each.upper is None for each in standings):
        told.append(_without_intervals(chosen))
    if told:
        st.caption(" ".join(told))


def _without_intervals(chosen: Choice) -> str:
    if chosen.method == "elo":
        return f"No intervals: Elo is not resampled beyond {MOST_REPLAYED:,} comparisons."
    return "No intervals: every model either never lost or never won."


def board_rows(standings: Sequence[Standing], method: str) -> pl.DataFrame:
    """The board as a table to take away, all of it; an end that is not set is empty."""
    names = model_names()
    return pl.DataFrame(
        [
            {
                "rank": each.rank,
                "last_rank": each.last_rank,
                "model_version_id": each.model,
                "model_name": names.get(each.model, (str(each.model), ""))[0],
                "version_name": names.get(each.model, ("", ""))[1],
                "rating": each.rating,
                "lower": each.lower,
                "upper": each.upper,
                "votes": each.votes,
                "provisional": each.provisional,
                "group": each.group + 1,
                "method": method,
            }
            for each in standings
        ],
        schema=BOARD_COLUMNS,
    )


BOARD_COLUMNS = {
    "rank": pl.Int64,
    "last_rank": pl.Int64,
    "model_version_id": pl.Int64,
    "model_name": pl.String,
    "version_name": pl.String,
    "rating": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "votes": pl.Int64,
    "provisional": pl.Boolean,
    "group": pl.Int64,
    "method": pl.String,
}
