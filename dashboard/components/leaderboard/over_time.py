"""How the board settled: ratings and their order as judgments came in."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from core.leaderboards.convergence import Moment
from dashboard import terms
from dashboard.charts import leaderboard as charts
from dashboard.components.leaderboard.choice import Choice
from dashboard.components.leaderboard.names import in_one, model_names
from dashboard.data import leaderboard as data
from dashboard.state import leaderboard as state

FIRST_SHOWN, MOST_SHOWN = 6, 8


def over_time(chosen: Choice) -> None:
    """Ratings of a few models, and Kendall's tau with the final order, at twelve moments."""
    moments = data.moments(chosen.revision, chosen.chosen)
    if len(moments) < 2:
        st.info(
            "One judgment so far: how ratings settle shows from the second on.",
            icon=":material/info:",
        )
        return
    st.caption(
        f"The board by Bradley-Terry after the first judgments, at {len(moments)} moments; each "
        "time 1,000 is the average of the models rated by then. Models of the largest group that "
        "met.",
        help=terms.SETTLING,
    )
    lines = _lines(moments[-1])
    models = _models(lines)
    if models:
        st.altair_chart(
            charts.ratings_over_time(_ratings(moments, lines, models)),
            key="leaderboard.ratings_over_time",
        )
    agreeing = _tau(moments)
    if agreeing.height < 2:
        return
    st.subheader("How far the order is settled", anchor=False, help=terms.SETTLING)
    st.altair_chart(charts.tau_over_time(agreeing), key="leaderboard.tau_over_time")
    st.caption(
        "1 is the order of today, 0 an order that has nothing to do with it. A curve that has "
        "been flat near 1 for long says that more judgments would change little."
    )


def _lines(last: Moment) -> dict[object, str]:
    """Models of the last board best first, with their place before the name."""
    names = model_names()
    order = sorted(last.ratings, key=lambda model: -last.ratings[model])
    return {model: f"{place}. {in_one(names, model)}" for place, model in enumerate(order, start=1)}


def _models(lines: dict[object, str]) -> list[object]:
    """Whose lines are drawn: the best at first."""
    options = list(lines)
    kept = [m for m in st.session_state.get(state.LEADERBOARD_LINES) or [] if m in lines]
    st.session_state[state.LEADERBOARD_LINES] = kept or options[:FIRST_SHOWN]
    chosen: list[object] = st.multiselect(
        "Models",
        options,
        format_func=lines.__getitem__,
        max_selections=MOST_SHOWN,
        key=state.LEADERBOARD_LINES,
        persist_state="session",
        placeholder=f"Up to {MOST_SHOWN} models",
    )
    return chosen


def _ratings(
    moments: Sequence[Moment], lines: dict[object, str], models: Sequence[object]
) -> pl.DataFrame:
    names = model_names()
    return pl.DataFrame(
        [
            {
                "judgments": moment.judgments,
                "line": line,
                "model": in_one(names, model),
                "rating": moment.ratings[model],
            }
            for model, line in lines.items()
            if model in models
            for moment in moments
            if model in moment.ratings
        ]
    )


def _tau(moments: Sequence[Moment]) -> pl.DataFrame:
    told = [
        {"judgments": moment.judgments, "tau": moment.tau, "models": len(moment.ratings)}
        for moment in moments
        if moment.tau is not None
    ]
    return pl.DataFrame(told)
