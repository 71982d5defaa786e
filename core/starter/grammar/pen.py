"""A pen that draws an object in its own unit square, in colour and as an outline at once."""

import math
from dataclasses import dataclass, field

from PIL import Image, ImageDraw

from core.starter.grammar.palette import Rgb

SIZE_PX = 128
SUPERSAMPLING = 3
CANVAS_PX = SIZE_PX * SUPERSAMPLING
OUTLINE_PX = 2.2  # width in the finished picture

Point = tuple[float, float]


@dataclass(frozen=True)
class Canvas:
    """A coloured picture and the mask of its outlines, both supersampled."""

    colour: Image.Image  # RGB, CANVAS_PX square
    lines: Image.Image  # L, 255 on an outline
    colour_draw: ImageDraw.ImageDraw = field(init=False)
    lines_draw: ImageDraw.ImageDraw = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "colour_draw", ImageDraw.Draw(self.colour))
        object.__setattr__(self, "lines_draw", ImageDraw.Draw(self.lines))

    def fill(self, points: list[Point], colour: Rgb, outline: bool) -> None:
        """A polygon in canvas pixels; an outlined one hides the lines that it covers."""
        self.colour_draw.polygon(points, fill=colour)
        if outline:
            self.lines_draw.polygon(points, fill=0)
            width = round(OUTLINE_PX * SUPERSAMPLING)
            self.lines_draw.line([*points, points[0], points[1]], 255, width, joint="curve")

    def stroke(self, points: list[Point], colour: Rgb, width_px: float, outline: bool) -> None:
        """An open line; `width_px` in canvas pixels."""
        width = max(1, round(width_px))
        self.colour_draw.line(points, colour, width, joint="curve")
        if outline:
            self.lines_draw.line(
                points, 255, min(width, round(OUTLINE_PX * SUPERSAMPLING)), "curve"
            )


@dataclass(frozen=True)
class Pen:
    """Draws in an object's own coordinates: x to the right, y down, about -1 to 1."""

    canvas: Canvas
    centre: Point  # finished pixels
    radius_px: float  # finished pixels for one unit
    mirrored: bool = False

    def place(self, points: list[Point]) -> list[Point]:
        """Own coordinates to canvas pixels."""
        scale = self.radius_px * SUPERSAMPLING
        sign = -1 if self.mirrored else 1
        left, top = self.centre[0] * SUPERSAMPLING, self.centre[1] * SUPERSAMPLING
        return [(left + sign * x * scale, top + y * scale) for x, y in points]

    def polygon(self, points: list[Point], colour: Rgb, outline: bool = True) -> None:
        """A closed polygon."""
        self.canvas.fill(self.place(points), colour, outline)

    def blob(self, points: list[Point], colour: Rgb, outline: bool = True) -> None:
        """A closed smooth curve through the points."""
        self.canvas.fill(self.place(smooth_closed(points)), colour, outline)

    def ellipse(
        self, x: float, y: float, rx: float, ry: float, c: Rgb, outline: bool = True
    ) -> None:
        """An ellipse about a centre."""
        self.canvas.fill(self.place(arc_points(x, y, rx, ry, 0, 360)[:-1]), c, outline)

    def circle(self, x: float, y: float, radius: float, colour: Rgb, outline: bool = True) -> None:
        """A circle about a centre."""
        self.ellipse(x, y, radius, radius, colour, outline)

    def cover(self, x: float, y: float, radius: float, colour: Rgb) -> None:
        """A disc that hides the lines below it and has none of its own."""
        points = self.place(arc_points(x, y, radius, radius, 0, 360))
        self.canvas.colour_draw.polygon(points, fill=colour)
        self.canvas.lines_draw.polygon(points, fill=0)

    def pie(
        self, x: float, y: float, rx: float, ry: float, start: float, end: float, colour: Rgb
    ) -> None:
        """The part of an ellipse above its chord, angles in degrees clockwise from the right."""
        self.canvas.fill(self.place(arc_points(x, y, rx, ry, start, end)), colour, True)

    def box(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        c: Rgb,
        round_by: float = 0,
        outline: bool = True,
    ) -> None:
        """A rectangle, its corners rounded by `round_by`."""
        if not round_by:
            self.polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], c, outline)
            return
        r = round_by
        corners = [
            (x0 + r, y0 + r, 180),
            (x1 - r, y0 + r, 270),
            (x1 - r, y1 - r, 0),
            (x0 + r, y1 - r, 90),
        ]
        points = [p for x, y, start in corners for p in arc_points(x, y, r, r, start, start + 90)]
        self.polygon(points, c, outline)

    def line(self, points: list[Point], colour: Rgb, width: float, outline: bool = True) -> None:
        """An open line; `width` in own units."""
        self.canvas.stroke(
            self.place(points), colour, width * self.radius_px * SUPERSAMPLING, outline
        )


def arc_points(x: float, y: float, rx: float, ry: float, start: float, end: float) -> list[Point]:
    """Points along an ellipse from one angle to another, in degrees, about every 7.5."""
    steps = max(6, round(abs(end - start) / 7.5))
    angles = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]


def smooth_closed(points: list[Point], pieces: int = 8) -> list[Point]:
    """A closed Catmull-Rom spline through the points."""
    curve: list[Point] = []
    count = len(points)
    for i in range(count):
        before, here, there, after = (points[(i + j) % count] for j in (-1, 0, 1, 2))
        for step in range(pieces):
            t = step / pieces
            curve.append(
                (
                    _catmull_rom(before[0], here[0], there[0], after[0], t),
                    _catmull_rom(before[1], here[1], there[1], after[1], t),
                )
            )
    return curve


def _catmull_rom(before: float, here: float, there: float, after: float, t: float) -> float:
    linear = (there - before) * t
    square = (2 * before - 5 * here + 4 * there - after) * t * t
    cube = (3 * here - before - 3 * there + after) * t**3
    return 0.5 * (2 * here + linear + square + cube)
