"""Filters as the panel in the browser keeps them: lists of texts by filter."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.picture_filters import DateRange, PictureFilters, Range
from dashboard.state.explore_link import NUMBERS, RANGES, TEXTS, is_whole


def chosen_texts(filters: PictureFilters) -> dict[str, list[str]]:
    """The filters in force; the words of the prompt are searched elsewhere."""
    chosen: dict[str, list[str]] = {}
    for name, attribute in (TEXTS | NUMBERS).items():
        chosen[name] = [str(value) for value in getattr(filters, attribute)]
    for name in (*RANGES, "added"):
        kept = getattr(filters, name)
        if kept:
            chosen[name] = ["" if e is None else _end(e) for e in (kept.lower, kept.upper)]
    if filters.simulated is not None:
        chosen["simulated"] = [str(filters.simulated).lower()]
    if filters.hidden:
        chosen["hidden"] = ["true"]
    return {name: values for name, values in chosen.items() if values}


def read_choice(chosen: Mapping[str, Any], before: PictureFilters) -> PictureFilters:
    """Filters from what the browser sent, as far as it is well formed; the words stay."""
    lists = {
        name: tuple(str(value) for value in values)
        for name, values in chosen.items()
        if isinstance(values, list)
    }

    def texts(name: str) -> tuple[str, ...]:
        return lists.get(name, ())

    def numbers(name: str) -> tuple[int, ...]:
        return tuple(int(value) for value in lists.get(name, ()) if is_whole(value))

    return PictureFilters(
        words=before.words,
        tags=texts("tag"),
        prompt_ids=numbers("prompt"),
        model_version_ids=numbers("model"),
        base_models=texts("base_model"),
        kinds=texts("kind"),
        model_tags=texts("model_tag"),
        licences=texts("licence"),
        sources=texts("source"),
        simulated=texts("simulated")[-1] == "true" if texts("simulated") else None,
        hidden=texts("hidden")[-1:] == ("true",),
        downloads=_range(texts("downloads")),
        gre=_range(texts("gre")),
        clip=_range(texts("clip")),
        distinctiveness=_range(texts("distinctiveness")),
        added=_days(texts("added")),
    )


def _end(end: float | date) -> str:
    return end.isoformat() if isinstance(end, date) else f"{end:.12g}"


def _range(ends: tuple[str, ...]) -> Range:
    lower, upper = (*ends, "", "")[:2]
    return Range(_number(lower), _number(upper))


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _days(ends: tuple[str, ...]) -> DateRange:
    lower, upper = (*ends, "", "")[:2]
    return DateRange(_day(lower), _day(upper))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
