"""Batches for the encoder: drawn pictures, captions that tell more or less, and who fits whom."""

import random

import numpy as np
import torch
from torch import Tensor
from transformers import CLIPTokenizer

from core.starter.grammar import sample_scene
from core.starter.grammar.captions import is_true_of, sample_mention, write_caption
from core.starter.train.drawings import SHARD_SIZE, finished_shards, read_shard, style_of
from core.starter.train.tokens import token_ids

LARGEST_SHIFT_PX = 6
MEAN, STD = 0.5, 0.5


def normalise(pictures: np.ndarray) -> Tensor:
    """(n, 128, 128, 3) uint8 to (n, 3, 128, 128) float32 as the encoder takes them."""
    tensor = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2)
    return (tensor.float() / 255 - MEAN) / STD


class EncoderBatches:
    """Random drawn pictures of every style, shifted a little, each with a fresh caption."""

    def __init__(self, tokenizer: CLIPTokenizer) -> None:
        self.tokenizer = tokenizer
        self.shards = {shard: read_shard(shard) for shard in finished_shards()}
        if not self.shards:
            raise FileNotFoundError("No pictures yet: run `python -m core.starter.train data`.")
        # Flat pictures are half of the pool and need fewer looks than that.
        seeds = [shard * SHARD_SIZE + index for shard in self.shards for index in range(SHARD_SIZE)]
        self.flat = [seed for seed in seeds if style_of(seed) == "flat"]
        self.styled = [seed for seed in seeds if style_of(seed) != "flat"]

    def next(self, size: int) -> tuple[Tensor, Tensor, Tensor]:
        """Pictures (n, 3, 128, 128), token ids (n, 32), who fits whom (pictures, captions)."""
        seeds = random.sample(self.flat, size // 4) + random.sample(self.styled, size - size // 4)
        rng = random.Random(random.getrandbits(64))
        scenes = [sample_scene(seed) for seed in seeds]
        styles = [style_of(seed) for seed in seeds]
        mentions = [sample_mention(rng) for _ in seeds]
        captions = [
            write_caption(scene, mention, rng, style)
            for scene, mention, style in zip(scenes, mentions, styles, strict=True)
        ]
        told = list(zip(scenes, styles, mentions, strict=True))
        fits = torch.tensor(
            [
                [
                    is_true_of(scene, style, mention, other, other_style)
                    for scene, style, mention in told
                ]
                for other, other_style in zip(scenes, styles, strict=True)
            ]
        )
        pictures = np.stack([self._shifted(seed) for seed in seeds])
        return normalise(pictures), torch.tensor(token_ids(self.tokenizer, captions)), fits.float()

    def _shifted(self, seed: int) -> np.ndarray:
        shard, index = divmod(seed, SHARD_SIZE)
        across, down = (random.randint(-LARGEST_SHIFT_PX, LARGEST_SHIFT_PX) for _ in range(2))
        return np.roll(self.shards[shard][index], (down, across), (0, 1))
