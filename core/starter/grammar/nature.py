"""Grown and simple shapes: tree, flower, mushroom, star, heart."""

import math

from core.starter.grammar.palette import CREAM, LEAF, SUNNY, WOOD, Rgb, contrast, shade
from core.starter.grammar.pen import Pen

STALK = Rgb(246, 232, 208)
SPOT = Rgb(250, 244, 230)


def tree(pen: Pen, colour: Rgb) -> None:
    """A round crown on a trunk."""
    pen.polygon([(-0.12, 0.2), (0.12, 0.2), (0.2, 1), (-0.2, 1)], WOOD)
    bunches = [(0, -0.46, 0.54), (-0.44, -0.02, 0.44), (0.44, -0.02, 0.44)]
    for x, y, radius in bunches:
        pen.circle(x, y, radius, colour)
    for x, y, radius in [*bunches, (0, 0.02, 0.4)]:
        pen.cover(x, y, radius - 0.045, colour)
    pen.circle(0.34, 0.06, 0.34, shade(colour, 0.85), outline=False)
    pen.circle(-0.16, -0.56, 0.26, shade(colour, 1.22), outline=False)


def flower(pen: Pen, colour: Rgb) -> None:
    """Six petals, a stalk and two leaves."""
    pen.box(-0.06, -0.2, 0.06, 1, LEAF)
    pen.blob([(0.04, 0.72), (0.22, 0.44), (0.58, 0.36), (0.46, 0.66)], LEAF)
    pen.blob([(-0.04, 0.86), (-0.22, 0.6), (-0.58, 0.52), (-0.46, 0.82)], shade(LEAF, 1.15))
    for petal in range(6):
        angle = petal * math.pi / 3 + math.pi / 6
        x, y = 0.36 * math.cos(angle), -0.38 + 0.36 * math.sin(angle)
        pen.circle(x, y, 0.27, colour if petal % 2 else shade(colour, 0.88))
    pen.circle(0, -0.38, 0.23, contrast(colour, Rgb(252, 206, 70), Rgb(158, 96, 50)))


def mushroom(pen: Pen, colour: Rgb) -> None:
    """A spotted cap on a stalk."""
    pen.blob(
        [(-0.2, -0.1), (0.2, -0.1), (0.24, 0.5), (0.34, 0.94), (-0.34, 0.94), (-0.24, 0.5)], STALK
    )
    pen.blob(
        [(0.08, 0.0), (0.2, 0.0), (0.24, 0.5), (0.32, 0.9), (0.1, 0.9)], shade(STALK, 0.88), False
    )
    cap = [
        (0, -0.96),
        (0.6, -0.74),
        (0.96, -0.22),
        (0.9, 0.06),
        (0, 0.14),
        (-0.9, 0.06),
        (-0.96, -0.22),
        (-0.6, -0.74),
    ]
    pen.blob(cap, colour)
    spot = contrast(colour, SPOT, Rgb(200, 150, 120))
    for x, y, radius in ((-0.5, -0.3, 0.18), (0.04, -0.58, 0.2), (0.54, -0.26, 0.17)):
        pen.circle(x, y, radius, spot)


def star(pen: Pen, colour: Rgb) -> None:
    """Five points, each half in the shade."""
    tips = []
    for corner in range(10):
        angle = -math.pi / 2 + corner * math.pi / 5
        radius = 0.46 if corner % 2 else 1.02
        tips.append((radius * math.cos(angle), radius * math.sin(angle)))
    pen.polygon(tips, colour)
    for corner in range(0, 10, 2):
        pen.polygon(
            [(0, 0), tips[corner], tips[(corner + 1) % 10]], shade(colour, 0.85), outline=False
        )


def heart(pen: Pen, colour: Rgb) -> None:
    """A heart with a glint."""
    half = [
        (0, -0.5),
        (0.2, -0.78),
        (0.56, -0.86),
        (0.9, -0.58),
        (0.92, -0.14),
        (0.62, 0.34),
        (0, 0.92),
    ]
    pen.polygon(_heart_curve(1.0), colour)
    pen.blob(
        [(0.3, 0.5), (0.74, 0.06), (0.86, -0.36), (0.7, -0.02)], shade(colour, 0.8), outline=False
    )
    pen.ellipse(-half[2][0] + 0.08, half[2][1] + 0.34, 0.2, 0.15, shade(colour, 1.5), outline=False)


def _heart_curve(scale: float) -> list[tuple[float, float]]:
    """The classic parametric heart, about a unit wide."""
    points = []
    for step in range(60):
        t = 2 * math.pi * step / 60
        x = 16 * math.sin(t) ** 3
        y = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
        points.append((scale * x / 17, scale * (-y - 2) / 16))
    return points


def sun_disc(pen: Pen, colour: Rgb = SUNNY) -> None:
    """Not an object of captions: the backdrop's sun."""
    pen.circle(0, 0, 1, colour)


def cloud(pen: Pen, colour: Rgb = CREAM) -> None:
    """Not an object of captions: the backdrop's cloud."""
    pen.blob(
        [
            (-1, 0.3),
            (-0.75, -0.12),
            (-0.35, -0.2),
            (0, -0.55),
            (0.45, -0.25),
            (0.85, -0.1),
            (1, 0.3),
        ],
        colour,
    )
