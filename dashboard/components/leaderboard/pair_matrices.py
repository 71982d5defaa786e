"""Who beats whom: the share won by the row against the column, and how often the two met."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.leaderboards.behind import wins_and_games, without_ties
from core.leaderboards.board import Standing
from core.leaderboards.comparisons import Comparisons, Floats
from dashboard import formats
from dashboard.components.leaderboard.board import READ
from dashboard.components.leaderboard.choice import Choice, open_votes
from dashboard.components.leaderboard.names import in_one, model_names
from dashboard.components.leaderboard.rated_models import interval_words, rank_words, words
from dashboard.components.similarity.heat_map import AxisModel, HeatMap, Words, heat_map
from dashboard.state import leaderboard as state
from dashboard.state.leaderboard import Behind

MET = Words(one="1 comparison", many="comparisons", defined="never met", missing="never met")
NAMED_UP_TO = 30  # of two maps beside each other
HINT = "Point at a cell, or use the arrow keys; a click or Enter lists the votes."


def counted_comparisons(chosen: Choice) -> Comparisons:
    """What the method counts: Plackett-Luce knows no ties."""
    comparisons = chosen.judged.comparisons
    return without_ties(comparisons) if chosen.method == "plackett-luce" else comparisons


def pair_matrices(chosen: Choice, standings: Sequence[Standing]) -> None:
    """Both maps, models best first; a click on a cell lists the judgments behind it."""
    comparisons = counted_comparisons(chosen)
    wins, games = wins_and_games(comparisons)
    order = [comparisons.models.index(each.model) for each in standings]
    wins, games = wins[np.ix_(order, order)], games[np.ix_(order, order)]
    shares = np.divide(wins, games, out=np.full(wins.shape, np.nan), where=games > 0)
    met = int((np.triu(games, 1) > 0).sum())
    possible = len(order) * (len(order) - 1) // 2
    st.caption(
        f"{formats.counted(int(games.sum()) // 2, 'comparison')} of {met:,} pairs of models, "
        f"{met / possible:.0%} of the {possible:,} there are; best by "
        f"{state.METHODS[chosen.method]} first. A sorted batch counts with every pair that it "
        "orders, a tie as half won.",
        help=READ[chosen.method],
    )
    axis = _axis(standings, percent=chosen.method == "win-rate")
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Share won", anchor=False)
        clicked = heat_map(
            _drawn("shares", "Share won by the row against the column", axis, shares, games),
            key="leaderboard.map.shares",
            group="leaderboard",
        )
    with right:
        st.subheader("Comparisons", anchor=False)
        counts = np.where(games > 0, games, np.nan).astype(np.float64)
        counted = _drawn("counts", "How often two models met", axis, counts, games)
        also = heat_map(counted, key="leaderboard.map.counts", group="leaderboard")
    pair = clicked or also
    if pair:
        _open(pair, standings, games)


def _open(pair: tuple[int, int], standings: Sequence[Standing], games: np.ndarray) -> None:
    one, other = pair
    if one == other:
        open_votes(Behind(one))
    place = {each.model: number for number, each in enumerate(standings)}
    if games[place[one], place[other]]:
        open_votes(Behind(one, other))
    st.toast("These two never met: there are no votes to list.", icon=":material/info:")


def _axis(standings: Sequence[Standing], *, percent: bool) -> list[AxisModel]:
    names = model_names()
    axis = []
    for each in standings:
        rating = words(each.rating, percent=percent)
        detail = f"rank {rank_words(each)}, {rating} ({interval_words(each, percent=percent)})"
        axis.append(AxisModel(str(each.model), in_one(names, each.model), detail, None))
    return axis


def _drawn(
    name: str, label: str, axis: Sequence[AxisModel], values: Floats, games: np.ndarray
) -> HeatMap:
    shares = name == "shares"
    most = 2.0 * max(1, -(-int(games.max(initial=0)) // 2))  # its half is on the legend too
    return HeatMap(
        name=name,
        label=label,
        axis=axis,
        values=values,
        behind=games,
        words=MET,
        scale=(0.0, 1.0) if shares else (0.0, most),
        scale_words="won by the row" if shares else "comparisons",
        ends=("best", "last"),
        unit="percent" if shares else "count",
        shares=shares,
        joined="against",
        named_up_to=NAMED_UP_TO,
        hint=HINT,
    )
