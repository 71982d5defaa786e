"""A board as a list: rank spread, model, rating with its interval on one scale, votes."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import floor, log10

import streamlit as st

from core.leaderboards.board import PROVISIONAL, Standing
from dashboard import formats
from dashboard.components.assets import script, style

PAD = 0.03  # of the scale, beyond the outermost end
OPEN = 3  # times as much where an interval goes on
TICKS = 5
STEPS = (1, 2, 2.5, 5, 10)
_mount = st.components.v2.component(
    "gemboard_rated_models",
    html='<div class="root"></div>',
    css=style("elements", "leaderboard/rated_models"),
    js=script("elements", "leaderboard/rated_models"),
)


@dataclass(frozen=True)
class Line:
    """One model; numbers are words already, places on the scale lie between 0 and 1."""

    id: str
    rank: str
    name: str
    version: str
    rating: str
    interval: str
    votes: str
    provisional: bool
    at: float
    lower: float | None
    upper: float | None
    meaning: str  # of the rank and the interval, in a sentence


def rated_models(
    standings: Sequence[Standing],
    names: Mapping[Hashable, tuple[str, str]],
    *,
    percent: bool,
    opens: bool,
    key: str,
) -> str | None:
    """Show models best first; returns the id of the one just clicked, where they open."""
    low, high = scale_of(standings)
    result = _mount(
        key=key,
        data={
            "lines": [asdict(_line(each, names, low, high, percent=percent)) for each in standings],
            "ticks": [
                {"at": _place(value, low, high), "label": words(value, percent=percent)}
                for value in ticks(low, high)
            ],
            "opens": opens,
            "ratingLabel": "Win rate" if percent else "Rating",
            "provisionalMeaning": f"Fewer than {PROVISIONAL} judgments",
        },
        on_opened_change=lambda: None,
    )
    shown = {str(each.model) for each in standings}
    return result.opened if opens and result.opened in shown else None


def scale_of(standings: Sequence[Standing]) -> tuple[float, float]:
    """From the lowest to the highest that is shown, a little wider; never empty."""
    values = [
        value
        for each in standings
        for value in (each.rating, each.lower, each.upper)
        if value is not None
    ]
    low, high = min(values), max(values)
    pad = PAD * (high - low) or 0.05 * max(1.0, abs(high))
    open_low = any(each.lower is None and each.upper is not None for each in standings)
    open_high = any(each.upper is None and each.lower is not None for each in standings)
    return low - (OPEN if open_low else 1) * pad, high + (OPEN if open_high else 1) * pad


def ticks(low: float, high: float) -> list[float]:
    """A few round values between."""
    least = (high - low) / TICKS
    size = 10.0 ** floor(log10(least))
    step = next(size * each for each in STEPS if size * each >= least)
    first = -(-low // step)
    count = int((high - first * step) // step) + 1
    return [round((first + number) * step, 9) for number in range(count)]


def words(value: float | None, *, percent: bool) -> str:
    """A rating as it is shown."""
    if value is None:
        return "open"
    return f"{value:.0%}" if percent else f"{value:,.0f}"


def interval_words(each: Standing, *, percent: bool) -> str:
    """Both ends; an end that the judgments do not set is said in words."""
    lower, upper = words(each.lower, percent=percent), words(each.upper, percent=percent)
    if each.lower is None and each.upper is None:
        return "no interval"
    if each.upper is None:
        return f"from {lower} up"
    return f"up to {upper}" if each.lower is None else f"{lower} to {upper}"


def rank_words(each: Standing) -> str:
    """The places that it may have."""
    return str(each.rank) if each.last_rank <= each.rank else f"{each.rank}–{each.last_rank}"


def _line(
    each: Standing,
    names: Mapping[Hashable, tuple[str, str]],
    low: float,
    high: float,
    *,
    percent: bool,
) -> Line:
    name, version = names.get(each.model, (str(each.model), ""))
    return Line(
        str(each.model),
        rank_words(each),
        name,
        version,
        words(each.rating, percent=percent),
        interval_words(each, percent=percent),
        formats.whole(each.votes),
        each.provisional,
        _place(each.rating, low, high),
        None if each.lower is None else _place(each.lower, low, high),
        None if each.upper is None else _place(each.upper, low, high),
        _meaning(each),
    )


def _meaning(each: Standing) -> str:
    better = each.rank - 1
    told = "No model is significantly better" if not better else (
        f"{better} model{'s are' if better > 1 else ' is'} significantly better"
    )  # fmt: skip
    if each.last_rank > each.rank:
        told += f"; it may stand anywhere from {each.rank} to {each.last_rank}"
    if each.upper is None and each.lower is not None:
        told += ". It never lost here, so nothing says how good it is at most"
    if each.lower is None and each.upper is not None:
        told += ". It never won here, so nothing says how bad it is at most"
    return told + "."


def _place(value: float, low: float, high: float) -> float:
    return round((value - low) / (high - low), 5)
