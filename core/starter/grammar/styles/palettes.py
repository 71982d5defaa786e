"""Palettes: the flat drawing in other colours."""

import numpy as np

from core.starter.grammar.palette import Rgb
from core.starter.grammar.pen import Canvas
from core.starter.grammar.styles.pixels import Pixels, luminance, mix, saturate, shrink


def autumn(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Warm browns, oranges and golds."""
    local = shrink(canvas.colour)
    return mix(local, _tones(local, Rgb(60, 24, 16), Rgb(206, 106, 36), Rgb(255, 236, 190)), 0.68)


def ocean(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Cool blues and greens."""
    local = shrink(canvas.colour)
    return mix(local, _tones(local, Rgb(8, 26, 66), Rgb(22, 140, 164), Rgb(220, 250, 244)), 0.68)


def candy(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Pinks, violets and mint."""
    local = shrink(canvas.colour)
    return mix(local, _tones(local, Rgb(96, 40, 140), Rgb(255, 110, 180), Rgb(226, 255, 246)), 0.62)


def moonlight(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Dark, blue and nearly without colour."""
    local = saturate(shrink(canvas.colour), 0.45)
    return local * np.array([0.42, 0.52, 0.78], np.float32) + Rgb(6, 8, 24)


def grey(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Brightness only."""
    return luminance(shrink(canvas.colour))[..., None].repeat(3, -1)


def vivid(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Strong colour and contrast."""
    return (saturate(shrink(canvas.colour), 1.75) - 128) * 1.3 + 122


def _tones(local: Pixels, dark: Rgb, middle: Rgb, light: Rgb) -> Pixels:
    """Brightness mapped to three tones."""
    tone = luminance(local)[..., None] / 255
    lower, upper = np.clip(tone * 2, 0, 1), np.clip(tone * 2 - 1, 0, 1)
    return mix(mix(dark, middle, lower), light, upper)
