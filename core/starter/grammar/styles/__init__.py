"""Visual styles: each turns a supersampled scene into a finished picture."""

from collections.abc import Callable

import numpy as np

from core.starter.grammar.pen import Canvas
from core.starter.grammar.styles import lines, paint, palettes, prints
from core.starter.grammar.styles.pixels import Pixels

Style = Callable[[Canvas, np.random.Generator], Pixels]

# The base model is trained on these ten.
BASE_STYLES: dict[str, Style] = {
    style.__name__: style
    for style in (
        *(prints.flat, lines.ink, paint.watercolour, prints.pixel, lines.neon),
        *(prints.pastel, prints.halftone, prints.sepia, lines.crosshatch, paint.oil),
    )
}
# Only LoRAs and the encoder see these.
EXTRA_STYLES: dict[str, Style] = {
    style.__name__: style for style in (lines.blueprint, lines.chalk, lines.glass, prints.riso)
}
PALETTES: dict[str, Style] = {
    style.__name__: style
    for style in (
        *(palettes.autumn, palettes.ocean, palettes.candy),
        *(palettes.moonlight, palettes.grey, palettes.vivid),
    )
}
STYLES: dict[str, Style] = {**BASE_STYLES, **EXTRA_STYLES, **PALETTES}


def finish(canvas: Canvas, style: str, seed: int) -> np.ndarray:
    """The finished picture, (128, 128, 3) uint8."""
    pixels = STYLES[style](canvas, np.random.default_rng(seed))
    return np.clip(np.round(pixels), 0, 255).astype(np.uint8)
