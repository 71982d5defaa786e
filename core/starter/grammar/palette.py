"""Colours of the picture grammar and simple arithmetic on them."""

from typing import NamedTuple


class Rgb(NamedTuple):
    """A colour; channels 0 to 255."""

    red: int
    green: int
    blue: int


OBJECT_COLOURS: dict[str, Rgb] = {
    "red": Rgb(222, 52, 54),
    "orange": Rgb(244, 140, 40),
    "yellow": Rgb(250, 208, 58),
    "green": Rgb(54, 156, 78),
    "blue": Rgb(44, 104, 212),
    "purple": Rgb(136, 70, 182),
    "pink": Rgb(244, 132, 176),
    "white": Rgb(246, 244, 238),
    "black": Rgb(44, 44, 54),
}

PLAIN_COLOURS: dict[str, Rgb] = {
    "cream": Rgb(246, 236, 212),
    "light blue": Rgb(188, 218, 238),
    "grey": Rgb(176, 178, 184),
    "mint": Rgb(186, 228, 206),
    "lilac": Rgb(214, 202, 234),
    "peach": Rgb(252, 214, 188),
}

INK = Rgb(42, 40, 50)
CREAM = Rgb(252, 242, 222)
WOOD = Rgb(122, 80, 50)
LEAF = Rgb(74, 150, 74)
GLASS = Rgb(150, 204, 234)
SUNNY = Rgb(255, 222, 104)


def shade(colour: Rgb, factor: float) -> Rgb:
    """Darker below 1 (towards black), lighter above 1 (towards white)."""
    if factor <= 1:
        return Rgb(*(round(channel * factor) for channel in colour))
    return Rgb(*(round(channel + (255 - channel) * (factor - 1)) for channel in colour))


def contrast(colour: Rgb, first: Rgb, second: Rgb) -> Rgb:
    """`first`, unless it lies close to `colour`; then `second`."""
    distance = sum(abs(a - b) for a, b in zip(colour, first, strict=True))
    return first if distance > 90 else second
