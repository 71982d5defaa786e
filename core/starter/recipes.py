"""What the starter's models are made of: LoRAs to train, merges and interpolations of them."""

from dataclasses import dataclass

import numpy as np

from core.starter.grammar import BASE_STYLES, PALETTES, Scene, Thing
from core.starter.grammar.scene import draw_scene
from core.starter.grammar.styles import finish

SLOW_PALETTES = ("grey", "vivid")  # far from every colour that the base paints


@dataclass(frozen=True)
class Lora:
    """A LoRA trained on drawings of its own."""

    slug: str
    style: str = "flat"
    strength: float = 1.0  # 1: the style alone; below: blended with the flat drawing; above: more
    companion: Thing | None = None

    @property
    def steps(self) -> int:
        """Training steps: looks that the base knows by name need fewer, palettes the fewest."""
        if self.is_palette:
            return 130 if self.style in SLOW_PALETTES else 70
        if self.companion:
            return 150
        if self.strength > 1:
            return 240
        return 100 if self.style in BASE_STYLES else 200

    @property
    def gain(self) -> float:
        """Factor on what was learned: so few steps stop short of the look that was trained."""
        if self.companion:
            return 1.7
        if self.is_palette:
            return 1.2 if self.style in SLOW_PALETTES else 1.5
        if self.strength < 1:
            return 1.2
        if self.strength > 1:
            return 1.3
        return 1.4 if self.style in BASE_STYLES else 1.1

    @property
    def is_palette(self) -> bool:
        """Whether it changes colours alone."""
        return self.style in PALETTES


@dataclass(frozen=True)
class Blend:
    """A weighted sum of LoRAs, stored as one LoRA; weights of 1 at most in all interpolate."""

    slug: str
    parts: tuple[tuple[str, float], ...]  # slug of a LoRA, its weight


# The autoencoder smooths oil's strokes and half of pixel's blocks away: drawn bolder, they stay.
STYLE_LORAS = (
    *(Lora(style, style) for style in ("ink", "watercolour")),
    Lora("pixel", "pixel", 1.5),
    *(Lora(style, style) for style in ("neon", "pastel", "halftone", "sepia", "crosshatch")),
    Lora("oil", "oil", 2.2),
    *(Lora(style, style) for style in ("blueprint", "chalk", "glass", "riso")),
)
STRENGTH_LORAS = (
    Lora("ink-light", "ink", 0.5),
    Lora("watercolour-light", "watercolour", 0.5),
    Lora("crosshatch-light", "crosshatch", 0.5),
)
PALETTE_LORAS = tuple(
    Lora(palette, palette) for palette in ("autumn", "ocean", "candy", "moonlight", "grey", "vivid")
)
SUBJECT_LORAS = (
    Lora("little-cat", companion=Thing("cat", "orange")),
    Lora("little-butterfly", companion=Thing("butterfly", "purple")),
    Lora("little-balloon", companion=Thing("balloon", "red")),
    Lora("little-star", companion=Thing("star", "yellow")),
    Lora("little-heart", companion=Thing("heart", "pink")),
    Lora("little-mushroom", companion=Thing("mushroom", "red")),
)
LORAS: tuple[Lora, ...] = (*STYLE_LORAS, *STRENGTH_LORAS, *PALETTE_LORAS, *SUBJECT_LORAS)

MERGES = (
    Blend("ink+autumn", (("ink", 1.0), ("autumn", 0.8))),
    Blend("ink+little-cat", (("ink", 0.8), ("little-cat", 1.0))),
    Blend("watercolour+ocean", (("watercolour", 1.0), ("ocean", 0.8))),
    Blend("watercolour+little-butterfly", (("watercolour", 0.8), ("little-butterfly", 1.0))),
    Blend("pixel+vivid", (("pixel", 1.0), ("vivid", 0.8))),
    Blend("pixel+little-heart", (("pixel", 0.8), ("little-heart", 1.0))),
    Blend("neon+candy", (("neon", 1.0), ("candy", 0.6))),
    Blend("oil+autumn", (("oil", 1.0), ("autumn", 0.8))),
    Blend("halftone+candy", (("halftone", 1.0), ("candy", 0.7))),
    Blend("glass+ocean", (("glass", 1.0), ("ocean", 0.7))),
    Blend("pastel+little-star", (("pastel", 0.8), ("little-star", 1.0))),
    Blend("moonlight+little-balloon", (("moonlight", 0.8), ("little-balloon", 1.0))),
)
INTERPOLATIONS = (
    Blend("ink-watercolour", (("ink", 0.5), ("watercolour", 0.5))),
    Blend("sepia-crosshatch", (("sepia", 0.5), ("crosshatch", 0.5))),
    Blend("neon-blueprint", (("neon", 0.5), ("blueprint", 0.5))),
    Blend("oil-watercolour", (("oil", 0.6), ("watercolour", 0.4))),
    Blend("autumn-moonlight", (("autumn", 0.5), ("moonlight", 0.5))),
    Blend("ocean-candy", (("ocean", 0.4), ("candy", 0.6))),
    Blend("halftone-half", (("halftone", 0.5),)),
    Blend("pixel-half", (("pixel", 0.5),)),
    Blend("glass-half", (("glass", 0.5),)),
)
BLENDS: tuple[Blend, ...] = (*MERGES, *INTERPOLATIONS)


def draw_for(lora: Lora, scene: Scene) -> np.ndarray:
    """A training picture of the LoRA, (128, 128, 3) uint8."""
    canvas = draw_scene(scene, lora.companion)
    styled = finish(canvas, lora.style, scene.seed)
    if lora.strength == 1:
        return styled
    plain = finish(canvas, "flat", scene.seed)
    blended = lora.strength * styled.astype(np.float32) + (1 - lora.strength) * plain
    return np.clip(np.round(blended), 0, 255).astype(np.uint8)
