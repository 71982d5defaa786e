"""Sample grids: the same prompts and seeds each time, so that progress can be seen."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from PIL import Image

from core.starter.cells import GUIDANCE, RESCALE, STEPS

GAP_PX = 4
SAMPLE_PROMPTS = (
    "a red house in a meadow",
    "a blue fish at sea",
    "two green trees on a light blue background",
    "a yellow star at night",
    "a purple cat in the city",
    "three orange balloons in the desert",
    "a red car next to a blue house in a meadow",
    "a white boat by the sea",
    "a pink flower on a mint background",
    "a black umbrella on a city street",
    "an orange mug on a cream background",
    "a red mushroom to the left of a yellow bird in a meadow",
    "a blue butterfly at sunset",
    "a green rocket at night",
    "two red hearts in the snow",
    "a bird",
    "a red house in a meadow, ink drawing",
    "a blue fish at sea, watercolour painting",
    "a yellow star at night, neon glow",
    "a purple cat in the city, pixel art",
    "a red car in the desert, halftone print",
    "a green tree in a meadow, oil painting",
    "a pink flower on a mint background, cross-hatch drawing",
    "an orange mug on a cream background, sepia",
)


def generate(
    pipeline: StableDiffusionPipeline,
    prompts: list[str],
    seeds: list[int],
    steps: int = STEPS,
    batch_size: int = 24,
) -> list[Image.Image]:
    """One picture for each prompt and seed."""
    pictures: list[Image.Image] = []
    for start in range(0, len(prompts), batch_size):
        part = slice(start, start + batch_size)
        pictures += pipeline(
            prompts[part],
            num_inference_steps=steps,
            guidance_scale=GUIDANCE,
            guidance_rescale=RESCALE,
            height=128,
            width=128,
            generator=[torch.Generator().manual_seed(seed) for seed in seeds[part]],
        ).images
    return pictures


def tile(pictures: Sequence[Image.Image | np.ndarray], columns: int) -> Image.Image:
    """The pictures in rows, on white."""
    cell = 128 + GAP_PX
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * cell - GAP_PX, rows * cell - GAP_PX), "white")
    for index, picture in enumerate(pictures):
        image = Image.fromarray(picture) if isinstance(picture, np.ndarray) else picture
        sheet.paste(image, (index % columns * cell, index // columns * cell))
    return sheet


def save_sample_grid(pipeline: StableDiffusionPipeline, path: Path) -> None:
    """Generate the sample prompts, one seed, twenty steps."""
    prompts = list(SAMPLE_PROMPTS)
    tile(generate(pipeline, prompts, [1] * len(prompts)), columns=8).save(path)
