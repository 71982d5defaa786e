"""Made things: house, boat, car, rocket, mug, umbrella, balloon."""

from core.starter.grammar.palette import CREAM, GLASS, INK, SUNNY, WOOD, Rgb, contrast, shade
from core.starter.grammar.pen import Pen, arc_points

WALL_GREY = Rgb(214, 206, 198)
STEEL = Rgb(206, 208, 214)


def house(pen: Pen, colour: Rgb) -> None:
    """Walls, roof, chimney, door and two windows."""
    wall = contrast(colour, CREAM, WALL_GREY)
    pen.box(0.36, -0.86, 0.62, -0.1, shade(colour, 0.6))
    pen.box(-0.76, -0.12, 0.76, 1, wall)
    pen.box(0.3, -0.05, 0.76, 1, shade(wall, 0.9), outline=False)
    pen.polygon([(-1, 0.02), (0, -0.98), (1, 0.02)], colour)
    pen.polygon([(0, -0.98), (1, 0.02), (0.46, 0.02)], shade(colour, 0.82), outline=False)
    pen.box(-0.2, 0.36, 0.2, 1, shade(colour, 0.68))
    pen.box(-0.62, 0.22, -0.32, 0.56, GLASS)
    pen.box(0.36, 0.22, 0.66, 0.56, GLASS)


def boat(pen: Pen, colour: Rgb) -> None:
    """A sailing boat: the hull is coloured, the sails are white."""
    pen.box(-0.05, -1, 0.05, 0.42, WOOD)
    pen.polygon([(0.1, -0.95), (0.1, 0.28), (0.86, 0.28)], Rgb(250, 246, 236))
    pen.polygon([(-0.1, -0.72), (-0.1, 0.28), (-0.68, 0.28)], Rgb(232, 226, 212))
    pen.polygon([(-1, 0.4), (1, 0.4), (0.66, 0.95), (-0.66, 0.95)], colour)
    pen.polygon(
        [(-1, 0.4), (1, 0.4), (0.9, 0.57), (-0.9, 0.57)], shade(colour, 1.35), outline=False
    )


def car(pen: Pen, colour: Rgb) -> None:
    """A car from the side, driving to the right."""
    pen.polygon([(-0.7, 0.06), (-0.42, -0.52), (0.34, -0.52), (0.7, 0.06)], colour)
    pen.polygon([(-0.54, 0.04), (-0.33, -0.39), (-0.05, -0.39), (-0.05, 0.04)], GLASS)
    pen.polygon([(0.06, 0.04), (0.06, -0.39), (0.26, -0.39), (0.52, 0.04)], GLASS)
    pen.box(-1, 0.0, 1, 0.52, colour, round_by=0.16)
    pen.box(-0.97, 0.32, 0.97, 0.52, shade(colour, 0.78), round_by=0.1, outline=False)
    pen.circle(0.88, 0.16, 0.11, SUNNY)
    for x in (-0.54, 0.54):
        pen.circle(x, 0.54, 0.29, INK)
        pen.circle(x, 0.54, 0.13, STEEL, outline=False)


def rocket(pen: Pen, colour: Rgb) -> None:
    """A rocket on its flame."""
    pen.blob([(-0.22, 0.6), (0.22, 0.6), (0.2, 0.82), (0, 1.12), (-0.2, 0.82)], Rgb(250, 160, 50))
    pen.blob([(-0.1, 0.6), (0.1, 0.6), (0, 0.9)], SUNNY, outline=False)
    for side in (-1, 1):
        pen.polygon(
            [(side * 0.3, 0.1), (side * 0.74, 0.56), (side * 0.74, 0.84), (side * 0.26, 0.6)],
            shade(colour, 0.72),
        )
    body = [
        (0, -1.05),
        (0.3, -0.55),
        (0.4, 0.0),
        (0.3, 0.62),
        (-0.3, 0.62),
        (-0.4, 0.0),
        (-0.3, -0.55),
    ]
    pen.blob(body, colour)
    nose = [(0, -1.05), (0.18, -0.78), (0.3, -0.52), (-0.3, -0.52), (-0.18, -0.78)]
    pen.polygon(nose, shade(colour, 1.45))
    pen.box(-0.29, 0.46, 0.29, 0.6, shade(colour, 0.8), outline=False)
    pen.circle(0, -0.08, 0.24, CREAM)
    pen.circle(0, -0.08, 0.15, GLASS, outline=False)


def mug(pen: Pen, colour: Rgb) -> None:
    """A mug of coffee."""
    outer = arc_points(0.5, 0.08, 0.5, 0.46, -90, 90)
    inner = arc_points(0.5, 0.08, 0.28, 0.25, 90, -90)
    pen.polygon(outer + inner, shade(colour, 0.84))
    pen.box(-0.74, -0.62, 0.6, 0.86, colour, round_by=0.16)
    pen.box(0.28, -0.5, 0.57, 0.8, shade(colour, 0.86), round_by=0.12, outline=False)
    pen.ellipse(-0.07, -0.62, 0.67, 0.2, shade(colour, 1.4))
    pen.ellipse(-0.07, -0.61, 0.54, 0.13, Rgb(98, 62, 42), outline=False)


def umbrella(pen: Pen, colour: Rgb) -> None:
    """An open umbrella."""
    hook = arc_points(0.18, 0.78, 0.18, 0.18, 180, 0)
    pen.line([(0, -1), (0, 0.78), *hook], WOOD, 0.1)
    scallops = [
        point
        for x in (0.75, 0.25, -0.25, -0.75)
        for point in arc_points(x, 0.06, 0.25, 0.14, 0, -180)
    ]
    pen.polygon(arc_points(0, 0.06, 1, 0.96, 180, 360) + scallops, colour)
    pen.polygon(
        [(0, -0.9), (0.25, -0.45), (0.5, 0.04), (1, 0.04), (0.78, -0.5)], shade(colour, 0.84), False
    )
    pen.blob(
        [(0, -0.9), (-0.24, -0.45), (-0.26, -0.04), (0.0, -0.08), (0.2, -0.45)],
        shade(colour, 1.3),
        False,
    )


def balloon(pen: Pen, colour: Rgb) -> None:
    """A balloon on its string."""
    pen.line([(0, 0.46), (0.1, 0.66), (-0.06, 0.84), (0.04, 1.05)], INK, 0.055)
    pen.polygon([(-0.14, 0.56), (0.14, 0.56), (0, 0.34)], shade(colour, 0.75))
    pen.blob(
        [
            (0, -1),
            (0.5, -0.8),
            (0.68, -0.32),
            (0.4, 0.2),
            (0, 0.44),
            (-0.4, 0.2),
            (-0.68, -0.32),
            (-0.5, -0.8),
        ],
        colour,
    )
    pen.ellipse(-0.28, -0.58, 0.15, 0.24, shade(colour, 1.55), outline=False)
