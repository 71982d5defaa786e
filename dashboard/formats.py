"""Numbers and dates as words for the screen; None is an empty string."""

from datetime import datetime

MAGNITUDES = ((1e9, "B"), (1e6, "M"), (1e3, "K"))


def whole(number: int | None) -> str:
    """A count with thousands separated: 18,000."""
    return "" if number is None else f"{number:,}"


def counted(number: int, what: str) -> str:
    """A count with its noun: 1 picture, 18,000 pictures."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def compact(number: float | None) -> str:
    """A count in three digits or so: 2.28M."""
    if number is None:
        return ""
    for size, letter in MAGNITUDES:
        if number >= size:
            return f"{number / size:.3g}{letter}"
    return f"{number:.0f}"


def decimal(number: float | None, places: int = 3) -> str:
    """A score with a fixed number of decimals."""
    return "" if number is None else f"{number:.{places}f}"


def plain_number(number: float | None) -> str:
    """A number as short as it goes: 7 rather than 7.0."""
    return "" if number is None else f"{number:g}"


def moment(when: datetime | None) -> str:
    """A point in time to the minute, in UTC."""
    return "" if when is None else f"{when:%Y-%m-%d %H:%M} UTC"


def shortened(text: str, limit: int) -> str:
    """`text` on one line, cut to `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
