"""Styles made of outlines: ink, neon, cross-hatch, blueprint, chalk, stained glass."""

import numpy as np

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
    smooth_noise,
)

PAPER = Rgb(252, 250, 242)
BLACK_INK = Rgb(20, 18, 26)
HATCH_PERIOD_PX = 8
PANE_PX = 32


def ink(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Black outlines over a faint wash of the colours."""
    wash = mix(shrink(canvas.colour), PAPER, 0.74)
    return mix(wash, BLACK_INK, outlines(canvas, 1.2))


def neon(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Glowing tubes in the colours of the things, on black."""
    local = shrink(canvas.colour)
    low, high = local.min(-1, keepdims=True) * 0.75, local.max(-1, keepdims=True)
    tube = (local - low) / np.maximum(high - low, 1) * 255 * outlines(canvas, 1.3)
    glow: Pixels = np.asarray(Rgb(8, 6, 20)) + tube * 0.95 + blur(tube, 4) * 1.1
    return glow


def crosshatch(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Pencil lines, the denser the darker, in black on white."""
    brightness = luminance(shrink(canvas.colour))
    pencil = np.zeros_like(brightness)
    for threshold, direction in ((208, 1), (140, -1)):
        pencil = np.where(brightness < threshold, np.maximum(pencil, _hatch(direction)), pencil)
    dark = np.where(brightness < 78, 0.42, 0)
    pencil = np.maximum(pencil * 0.8, dark)
    paper = mix(Rgb(250, 249, 246), Rgb(46, 46, 54), pencil[..., None])
    return mix(paper, Rgb(24, 24, 30), outlines(canvas, 1.1))


def blueprint(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """White lines on blue paper with a faint grid."""
    brightness = luminance(shrink(canvas.colour))[..., None] / 255
    paper = mix(Rgb(22, 66, 140), Rgb(44, 98, 178), brightness)
    rows, columns = np.indices(brightness.shape[:2])
    grid = ((rows % 16 == 0) | (columns % 16 == 0)).astype(np.float32)[..., None]
    return mix(
        mix(paper, Rgb(120, 170, 230), grid * 0.4), Rgb(236, 244, 255), outlines(canvas, 1.1)
    )


def chalk(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Coloured chalk on a green-black board."""
    local = shrink(canvas.colour)
    dust = 0.3 + 0.06 * smooth_noise(rng, 32)[..., None]
    board = mix(Rgb(34, 52, 48), saturate(local, 0.9), dust)
    return mix(board, mix(local, Rgb(250, 250, 244), 0.7), outlines(canvas, 0.95))


def glass(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Saturated panes between thick leads."""
    panes = saturate(shrink(canvas.colour), 1.5) * (0.98 + 0.16 * smooth_noise(rng, 8)[..., None])
    cames = np.zeros((SIZE_PX, SIZE_PX, 1), np.float32)
    for offset in (0, 1):
        cames[offset::PANE_PX] = cames[:, offset::PANE_PX] = 1
    lead = np.maximum(outlines(canvas, 1.2, widen_px=2), cames)
    return mix(panes, Rgb(22, 20, 26), lead)


def _hatch(direction: int) -> np.ndarray:
    """Diagonal lines of period 8 px, (128, 128), 0 to 1."""
    rows, columns = np.arange(CANVAS_PX)[:, None], np.arange(CANVAS_PX)[None, :]
    period = HATCH_PERIOD_PX * SUPERSAMPLING
    return shrink_mask((rows + direction * columns) % period < period * 0.22)
