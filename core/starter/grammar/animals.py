"""Animals: fish, bird, cat, butterfly."""

from core.starter.grammar.palette import INK, Rgb, contrast, shade
from core.starter.grammar.pen import Pen

EYE = Rgb(255, 255, 255)
BEAK = Rgb(246, 170, 50)
EAR = Rgb(246, 164, 176)
NOSE = Rgb(234, 112, 130)


def fish(pen: Pen, colour: Rgb) -> None:
    """Body, two fins, an eye; it swims to the left."""
    pen.polygon([(0.4, 0), (1.0, -0.56), (0.86, 0), (1.0, 0.56)], shade(colour, 0.76))
    pen.blob([(-0.3, -0.4), (0.0, -0.86), (0.3, -0.72), (0.32, -0.3)], shade(colour, 0.76))
    body = [
        (-1, 0),
        (-0.66, -0.42),
        (-0.1, -0.54),
        (0.36, -0.28),
        (0.6, 0),
        (0.36, 0.28),
        (-0.1, 0.54),
        (-0.66, 0.42),
    ]
    pen.blob(body, colour)
    pen.blob(
        [(-0.84, 0.16), (-0.3, 0.24), (0.3, 0.12), (0.2, 0.36), (-0.2, 0.48), (-0.64, 0.38)],
        shade(colour, 1.35),
        False,
    )
    pen.blob([(0.0, -0.1), (0.3, -0.04), (0.26, 0.16), (0.02, 0.14)], shade(colour, 0.7), False)
    pen.circle(-0.6, -0.12, 0.17, EYE)
    pen.circle(-0.62, -0.12, 0.09, INK, outline=False)


def bird(pen: Pen, colour: Rgb) -> None:
    """A standing bird with a beak, a wing and a tail."""
    for x in (-0.02, 0.2):
        pen.line([(x, 0.4), (x, 0.86)], BEAK, 0.08)
    pen.polygon([(0.42, 0.06), (1.05, -0.32), (1.0, 0.1), (0.5, 0.36)], shade(colour, 0.76))
    pen.polygon([(-0.74, -0.54), (-1.1, -0.34), (-0.72, -0.24)], BEAK)
    body = [
        (-0.44, -0.84),
        (-0.12, -0.62),
        (0.1, -0.3),
        (0.56, -0.06),
        (0.56, 0.3),
        (0.1, 0.54),
        (-0.4, 0.4),
        (-0.66, 0.0),
        (-0.8, -0.46),
        (-0.7, -0.76),
    ]
    pen.blob(body, colour)
    pen.blob([(-0.6, 0.0), (-0.36, -0.06), (-0.1, 0.46), (-0.4, 0.38)], shade(colour, 1.4), False)
    pen.blob(
        [(-0.1, -0.16), (0.28, -0.14), (0.74, 0.06), (0.32, 0.3), (-0.02, 0.2)], shade(colour, 0.7)
    )
    pen.circle(-0.5, -0.5, 0.12, contrast(colour, EYE, Rgb(220, 226, 234)))
    pen.circle(-0.52, -0.5, 0.07, INK, outline=False)


def cat(pen: Pen, colour: Rgb) -> None:
    """The face of a cat."""
    for side in (-1, 1):
        pen.polygon([(side * 0.88, 0.0), (side * 0.78, -1), (side * 0.14, -0.5)], colour)
        pen.polygon(
            [(side * 0.72, -0.36), (side * 0.68, -0.78), (side * 0.36, -0.52)], EAR, outline=False
        )
    face = [
        (0, -0.6),
        (0.56, -0.5),
        (0.92, -0.04),
        (0.84, 0.46),
        (0.4, 0.8),
        (0, 0.86),
        (-0.4, 0.8),
        (-0.84, 0.46),
        (-0.92, -0.04),
        (-0.56, -0.5),
    ]
    pen.blob(face, colour)
    pen.ellipse(
        0,
        0.44,
        0.42,
        0.3,
        shade(colour, 1.5) if sum(colour) < 690 else shade(colour, 0.9),
        outline=False,
    )
    for side in (-1, 1):
        pen.ellipse(side * 0.4, -0.06, 0.18, 0.22, Rgb(252, 250, 214))
        pen.ellipse(side * 0.4, -0.04, 0.08, 0.17, INK, outline=False)
        pen.line([(side * 0.34, 0.42), (side * 0.96, 0.32)], shade(INK, 1.1), 0.045)
        pen.line([(side * 0.34, 0.52), (side * 0.96, 0.6)], shade(INK, 1.1), 0.045)
    pen.polygon([(-0.13, 0.26), (0.13, 0.26), (0, 0.42)], NOSE, outline=False)


def butterfly(pen: Pen, colour: Rgb) -> None:
    """Four wings with eyespots, seen from above."""
    for side in (-1, 1):
        pen.line([(side * 0.02, -0.5), (side * 0.3, -0.94)], INK, 0.06)
        pen.blob(
            [
                (side * x, y)
                for x, y in [(0.06, 0.0), (0.56, 0.08), (0.84, 0.42), (0.6, 0.84), (0.22, 0.62)]
            ],
            shade(colour, 0.78),
        )
        pen.blob(
            [
                (side * x, y)
                for x, y in [
                    (0.06, -0.14),
                    (0.34, -0.7),
                    (0.84, -0.9),
                    (1.0, -0.42),
                    (0.66, 0.06),
                    (0.08, 0.12),
                ]
            ],
            colour,
        )
        pen.circle(
            side * 0.66,
            -0.46,
            0.19,
            shade(colour, 1.5) if sum(colour) < 690 else Rgb(250, 190, 90),
            outline=False,
        )
        pen.circle(side * 0.5, 0.44, 0.13, shade(colour, 1.3), outline=False)
    pen.ellipse(0, 0.04, 0.1, 0.56, INK)
