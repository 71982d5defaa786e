"""Stage `data`: draws the training pictures in shards of a thousand, each picture from its seed."""

from pathlib import Path
from random import Random

import numpy as np
from tqdm import tqdm

from core.starter.grammar import (
    BASE_STYLES,
    EXTRA_STYLES,
    PALETTES,
    draw_picture,
    sample_scene,
)
from core.starter.train.workplace import training_folder

SHARD_SIZE = 1000
FLAT_SHARE, BASE_STYLE_SHARE = 0.5, 0.3  # the rest: styles and palettes of LoRAs
BASE_STYLE_NAMES = tuple(name for name in BASE_STYLES if name != "flat")
LORA_STYLE_NAMES = (*EXTRA_STYLES, *PALETTES)


def style_of(seed: int) -> str:
    """The style in which the training picture of this seed is drawn."""
    rng = Random(seed ^ 0x57713)
    draw = rng.random()
    if draw < FLAT_SHARE:
        return "flat"
    if draw < FLAT_SHARE + BASE_STYLE_SHARE:
        return rng.choice(BASE_STYLE_NAMES)
    return rng.choice(LORA_STYLE_NAMES)


def shard_path(shard: int) -> Path:
    """Where a shard lies."""
    return training_folder("pictures") / f"shard-{shard:04d}.npy"


def finished_shards() -> list[int]:
    """Numbers of the shards that are drawn."""
    names = training_folder("pictures").glob("shard-*.npy")
    return sorted(int(path.stem.removeprefix("shard-")) for path in names)


def read_shard(shard: int) -> np.ndarray:
    """Pictures of seeds shard * 1000 and on, (1000, 128, 128, 3) uint8, not loaded until used."""
    pictures: np.ndarray = np.load(shard_path(shard), mmap_mode="r")
    return pictures


def draw_shards(count: int, first: int = 0) -> None:
    """Draw the shards first .. first + count - 1, except those that exist."""
    done = set(finished_shards())
    wanted = [shard for shard in range(first, first + count) if shard not in done]
    for shard in tqdm(wanted, desc="drawing", unit="shard"):
        pictures = np.empty((SHARD_SIZE, 128, 128, 3), np.uint8)
        for index in range(SHARD_SIZE):
            seed = shard * SHARD_SIZE + index
            pictures[index] = draw_picture(sample_scene(seed), style_of(seed))
        path = shard_path(shard)
        partial = path.with_suffix(".partial")
        with partial.open("wb") as file:
            np.save(file, pictures)
        partial.replace(path)
