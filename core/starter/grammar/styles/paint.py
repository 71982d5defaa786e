"""Painted styles: watercolour and oil."""

import math

import numpy as np
from PIL import Image, ImageDraw

from core.starter.grammar.palette import Rgb
from core.starter.grammar.pen import CANVAS_PX, SIZE_PX, Canvas
from core.starter.grammar.styles.pixels import (
    Pixels,
    blur,
    displace,
    mix,
    outlines,
    saturate,
    shrink,
    smooth_noise,
)

WATERCOLOUR_PAPER = Rgb(255, 253, 247)
STROKE_GRID_PX = 4


def watercolour(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Thin pigment with blooms and darker rims, its edges a little wavy."""
    wave = 5.0  # supersampled pixels
    dx, dy = (wave * smooth_noise(rng, 10, CANVAS_PX) for _ in range(2))
    wavy = Canvas(displace(canvas.colour, dx, dy), displace(canvas.lines, dx, dy))
    pigment = saturate(blur(shrink(wavy.colour), 0.6), 1.15)
    bloom = 0.42 + 0.22 * smooth_noise(rng, 6)[..., None] + 0.06 * smooth_noise(rng, 16)[..., None]
    thin = mix(pigment, WATERCOLOUR_PAPER, np.clip(bloom, 0.05, 0.8))
    return mix(thin, pigment * 0.62, outlines(wavy) * 0.75)


def oil(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Short thick strokes along a slowly turning direction, coarse ones below fine ones."""
    source = saturate(shrink(canvas.colour), 1.2)
    scale = 2
    size = SIZE_PX * scale
    ground = Image.fromarray(np.clip(blur(source, 2), 0, 255).astype(np.uint8))
    picture = ground.resize((size, size), Image.Resampling.BILINEAR)
    draw = ImageDraw.Draw(picture)
    direction = math.pi * (0.25 + 0.22 * smooth_noise(rng, 4))
    for length, width, jitter in ((12, 6, 12), (6, 3, 12)):
        _strokes(draw, source, direction, rng, length, width, jitter, scale)
    strokes = np.asarray(picture.resize((SIZE_PX, SIZE_PX), Image.Resampling.BOX), np.float32)
    return mix(mix(strokes, source, 0.3), source * 0.6, outlines(canvas) * 0.5)


def _strokes(
    draw: ImageDraw.ImageDraw,
    source: Pixels,
    direction: np.ndarray,
    rng: np.random.Generator,
    length: float,
    width: int,
    jitter: float,
    scale: int,
) -> None:
    cells = np.arange(STROKE_GRID_PX // 2, SIZE_PX, STROKE_GRID_PX)
    spots = [(x, y) for y in cells for x in cells]
    brightness = rng.normal(0, jitter, len(spots))
    for index in rng.permutation(len(spots)):
        x, y = spots[index]
        angle = direction[y, x]
        dx, dy = length / 2 * math.cos(angle), length / 2 * math.sin(angle)
        colour = tuple(int(v) for v in np.clip(source[y, x] + brightness[index], 0, 255))
        ends = [((x - dx) * scale, (y - dy) * scale), ((x + dx) * scale, (y + dy) * scale)]
        draw.line(ends, colour, width * scale)
