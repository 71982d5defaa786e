"""The picture grammar: captioned scenes drawn from a seed, in many styles. No torch here."""

import numpy as np

from core.starter.grammar.captions import full_caption, partial_caption, training_caption
from core.starter.grammar.scene import COLOURS, KINDS, Scene, Thing, draw_scene, sample_scene
from core.starter.grammar.styles import BASE_STYLES, EXTRA_STYLES, PALETTES, STYLES, finish

__all__ = [
    "BASE_STYLES",
    "COLOURS",
    "EXTRA_STYLES",
    "KINDS",
    "PALETTES",
    "STYLES",
    "Scene",
    "Thing",
    "draw_picture",
    "full_caption",
    "partial_caption",
    "sample_scene",
    "training_caption",
]


def draw_picture(scene: Scene, style: str = "flat") -> np.ndarray:
    """The scene as a picture, (128, 128, 3) uint8; the same scene and style, the same bytes."""
    return finish(draw_scene(scene), style, scene.seed)
