"""Printed styles: flat, pixel mosaic, pastel, halftone, sepia, riso."""

import numpy as np
from PIL import Image

from core.starter.grammar.palette import Rgb
from core.starter.grammar.pen import CANVAS_PX, SIZE_PX, SUPERSAMPLING, Canvas
from core.starter.grammar.styles.pixels import (
    Pixels,
    blur,
    luminance,
    mix,
    outlines,
    saturate,
    shrink,
    shrink_mask,
)

BLOCK_PX = 4  # of the mosaic and of the halftone screen


def flat(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """The drawing as it is."""
    return shrink(canvas.colour)


def pixel(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Square blocks of few colours."""
    blocks = SIZE_PX // BLOCK_PX
    small = np.asarray(canvas.colour.resize((blocks, blocks), Image.Resampling.BOX), np.float32)
    few = np.round(saturate(small, 1.15) / 42.5) * 42.5
    return few.repeat(BLOCK_PX, 0).repeat(BLOCK_PX, 1)


def pastel(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Pale and soft."""
    return blur(mix(shrink(canvas.colour), Rgb(255, 246, 250), 0.58), 0.7)


def halftone(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Comic print: a light tint, dots that grow with darkness, thin outlines."""
    blocks = SIZE_PX // BLOCK_PX
    small = np.asarray(canvas.colour.resize((blocks, blocks), Image.Resampling.BOX), np.float32)
    darkness = 1 - luminance(small) / 275
    radius = np.sqrt(np.clip(darkness, 0.02, 1)) * 0.68
    dots = _dots(radius)[..., None]
    local = saturate(shrink(canvas.colour), 1.25)
    paper = mix(local, Rgb(255, 248, 232), 0.72)
    return mix(mix(paper, local * 0.86, dots), Rgb(34, 30, 40), outlines(canvas, 0.75))


def sepia(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Brown tones, darker towards the corners."""
    tone = luminance(shrink(canvas.colour))[..., None] / 255
    rows, columns = np.indices((SIZE_PX, SIZE_PX), sparse=True)
    distance = ((rows - 63.5) / 90) ** 2 + ((columns - 63.5) / 90) ** 2
    print_ = mix(Rgb(44, 24, 8), Rgb(255, 234, 192), tone)
    return print_ * (1 - 0.42 * distance[..., None])


def riso(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Two inks, coral for light and teal for dark, on cream paper."""
    tone = luminance(shrink(canvas.colour))[..., None] / 255
    warm = mix(Rgb(255, 112, 96), Rgb(252, 244, 226), np.clip(tone * 2 - 0.9, 0, 1))
    return mix(Rgb(24, 92, 112), warm, np.clip(tone * 3.2 - 0.9, 0, 1))


def _dots(radius: np.ndarray) -> np.ndarray:
    """A screen of discs; `radius` of each in blocks. (128, 128), 0 to 1."""
    period = BLOCK_PX * SUPERSAMPLING
    offset = (np.arange(CANVAS_PX) % period - (period - 1) / 2) / period
    distance = np.hypot(offset[:, None], offset[None, :])
    return shrink_mask(distance < radius.repeat(period, 0).repeat(period, 1))
