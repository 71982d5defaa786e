"""Backdrops behind the objects: seven places and plain colours."""

from collections.abc import Callable
from random import Random

import numpy as np
from PIL import Image

from core.starter.grammar.nature import cloud, sun_disc
from core.starter.grammar.palette import PLAIN_COLOURS, Rgb
from core.starter.grammar.pen import CANVAS_PX, SIZE_PX, SUPERSAMPLING, Canvas, Pen

# Horizons and windows lie on multiples of 8 px, the patch of the autoencoder.
HORIZONS_PX = (64, 72, 80)
WHITE_CLOUD = Rgb(252, 253, 255)
MOON = Rgb(252, 242, 200)


def blank(top: Rgb, bottom: Rgb, horizon_px: int, ground_top: Rgb, ground_bottom: Rgb) -> Canvas:
    """A sky and a ground, each shaded from top to bottom, with the horizon as a line."""
    rows = np.arange(CANVAS_PX) / SUPERSAMPLING
    sky = _ramp(rows / horizon_px, top, bottom)
    depth = max(1, SIZE_PX - horizon_px)
    ground = _ramp((rows - horizon_px) / depth, ground_top, ground_bottom)
    column = np.where((rows < horizon_px)[:, None], sky, ground)
    pixels = np.repeat(column[:, None, :], CANVAS_PX, axis=1).round().astype(np.uint8)
    canvas = Canvas(Image.fromarray(pixels), Image.new("L", (CANVAS_PX, CANVAS_PX)))
    if horizon_px < SIZE_PX:
        pen = background_pen(canvas)
        pen.line([(-1, horizon_px), (SIZE_PX + 1, horizon_px)], ground_top, 1)
    return canvas


def _ramp(position: np.ndarray, first: Rgb, last: Rgb) -> np.ndarray:
    share = np.clip(position, 0, 1)[:, None]
    ramp: np.ndarray = np.asarray(first) * (1 - share) + np.asarray(last) * share
    return ramp


def background_pen(canvas: Canvas) -> Pen:
    """A pen whose units are finished pixels from the top left."""
    return Pen(canvas, (0, 0), 1)


def _sun(canvas: Canvas, rng: Random, radius_px: float, colour: Rgb) -> None:
    sun_disc(Pen(canvas, (rng.choice((20, 108)), 20), radius_px), colour)


def _hill(canvas: Canvas, x: float, top_px: float, half_width: float, colour: Rgb) -> None:
    background_pen(canvas).ellipse(x, top_px + 40, half_width, 40, colour)


def _foreground(canvas: Canvas, top_px: int, colour: Rgb) -> None:
    """Ground in front of the hills; it hides their lines."""
    canvas.lines_draw.rectangle([0, top_px * SUPERSAMPLING, CANVAS_PX, CANVAS_PX], fill=0)
    pen = background_pen(canvas)
    pen.polygon([(-9, top_px), (137, top_px), (137, 137), (-9, 137)], colour)


def sea(rng: Random) -> Canvas:
    """Waves below a sky with a cloud."""
    horizon = rng.choice(HORIZONS_PX)
    canvas = blank(
        Rgb(140, 202, 244), Rgb(214, 238, 250), horizon, Rgb(50, 134, 200), Rgb(24, 88, 160)
    )
    cloud(
        Pen(canvas, (rng.uniform(18, 110), rng.uniform(14, 24)), rng.uniform(13, 18)), WHITE_CLOUD
    )
    pen = background_pen(canvas)
    for row in range(horizon + 10, SIZE_PX, 14):
        x = rng.uniform(4, 100)
        pen.line(
            [(x, row), (x + 7, row - 2), (x + 14, row), (x + 21, row - 2)], Rgb(126, 192, 232), 1.6
        )
    return canvas


def night(rng: Random) -> Canvas:
    """Stars and a moon over dark land."""
    canvas = blank(Rgb(14, 18, 62), Rgb(66, 56, 124), 96, Rgb(26, 46, 58), Rgb(16, 28, 42))
    pen = background_pen(canvas)
    for _ in range(rng.randint(9, 13)):
        x, y = rng.uniform(4, 124), rng.uniform(4, 84)
        pen.circle(x, y, rng.uniform(0.8, 1.5), Rgb(252, 248, 222), outline=False)
    moon = Pen(canvas, (rng.choice((20, 108)), 20), 11, mirrored=rng.random() < 0.5)
    moon.blob(
        [
            (-0.2, -1),
            (-0.9, -0.5),
            (-0.95, 0.3),
            (-0.3, 0.95),
            (0.55, 0.8),
            (-0.1, 0.4),
            (-0.3, -0.3),
        ],
        MOON,
    )
    return canvas


def meadow(rng: Random) -> Canvas:
    """A hill, flowers and the sun."""
    horizon = rng.choice(HORIZONS_PX)
    canvas = blank(
        Rgb(150, 212, 248), Rgb(226, 244, 250), horizon, Rgb(140, 204, 90), Rgb(84, 158, 62)
    )
    _sun(canvas, rng, 10, Rgb(255, 222, 96))
    _hill(canvas, rng.uniform(16, 112), horizon - 12, 58, Rgb(116, 188, 84))
    _foreground(canvas, horizon + 8, Rgb(132, 198, 86))
    ground = background_pen(canvas)
    for _ in range(rng.randint(5, 8)):
        x, y = rng.uniform(4, 124), rng.uniform(horizon + 16, 124)
        ground.circle(x, y, 1.6, Rgb(254, 248, 206), outline=False)
    return canvas


def desert(rng: Random) -> Canvas:
    """Dunes under a pale sun."""
    horizon = rng.choice(HORIZONS_PX)
    canvas = blank(
        Rgb(250, 186, 118), Rgb(255, 230, 180), horizon, Rgb(236, 190, 114), Rgb(206, 150, 82)
    )
    _sun(canvas, rng, 12, Rgb(255, 246, 206))
    _hill(canvas, rng.uniform(0, 128), horizon - 10, 60, Rgb(224, 174, 100))
    _hill(canvas, rng.uniform(0, 128), horizon + 18, 70, Rgb(240, 200, 128))
    return canvas


def city(rng: Random) -> Canvas:
    """Houses with lit windows over a street."""
    canvas = blank(
        Rgb(186, 204, 232), Rgb(244, 228, 220), 104, Rgb(122, 124, 134), Rgb(92, 94, 106)
    )
    pen = background_pen(canvas)
    x = 0
    while x < SIZE_PX:
        width, top = rng.choice((16, 24)), rng.choice((24, 32, 40, 48, 56))
        pen.box(
            x,
            top,
            x + width,
            104,
            rng.choice((Rgb(150, 158, 184), Rgb(132, 142, 172), Rgb(168, 172, 192))),
        )
        for row in range(top + 8, 96, 16):
            for left in range(x, x + width - 7, 8):
                lit = Rgb(252, 232, 158) if rng.random() < 0.6 else Rgb(112, 122, 152)
                pen.box(left + 2, row + 1, left + 6, row + 7, lit, outline=False)
        x += width
    return canvas


def snow(rng: Random) -> Canvas:
    """Firs in the snow, and more of it falling."""
    horizon = rng.choice(HORIZONS_PX)
    canvas = blank(
        Rgb(166, 190, 220), Rgb(222, 230, 242), horizon, Rgb(250, 252, 255), Rgb(216, 228, 244)
    )
    pen = background_pen(canvas)
    for x in (rng.uniform(4, 34), rng.uniform(48, 80), rng.uniform(94, 124)):
        height = rng.uniform(20, 32)
        pen.polygon(
            [(x - 9, horizon + 4), (x, horizon - height), (x + 9, horizon + 4)], Rgb(70, 122, 112)
        )
    for _ in range(rng.randint(12, 18)):
        pen.circle(
            rng.uniform(3, 125), rng.uniform(3, horizon), 1.5, Rgb(255, 255, 255), outline=False
        )
    return canvas


def sunset(rng: Random) -> Canvas:
    """The sun sinking into dark land."""
    horizon = rng.choice(HORIZONS_PX)
    canvas = blank(
        Rgb(120, 78, 160), Rgb(255, 158, 96), horizon, Rgb(112, 62, 110), Rgb(62, 40, 84)
    )
    x = rng.uniform(36, 92)
    pen = background_pen(canvas)
    pen.ellipse(x, horizon, 24, 24, Rgb(255, 214, 112))
    _foreground(canvas, horizon, Rgb(112, 62, 110))
    _foreground(canvas, horizon + 16, Rgb(88, 50, 98))
    return canvas


PLACES: dict[str, Callable[[Random], Canvas]] = {
    place.__name__: place for place in (sea, night, meadow, desert, city, snow, sunset)
}


def plain(name: str) -> Canvas:
    """One of the plain colours, everywhere."""
    colour = PLAIN_COLOURS[name]
    return blank(colour, colour, SIZE_PX, colour, colour)
