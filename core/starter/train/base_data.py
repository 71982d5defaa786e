"""Batches for the base model: latents of the drawn pictures, captions worded anew each time."""

import random

import numpy as np
import torch
from torch import Tensor
from transformers import CLIPTokenizer

from core.starter.grammar import BASE_STYLES, sample_scene, training_caption
from core.starter.train.autoencoder import PatchEncoder
from core.starter.train.drawings import SHARD_SIZE, finished_shards, read_shard, style_of
from core.starter.train.tokens import token_ids

EMPTY_CAPTION_SHARE = 0.1  # for classifier-free guidance


class BaseBatches:
    """All drawn pictures in the base styles, in a new order every epoch."""

    def __init__(self, encoder: PatchEncoder, tokenizer: CLIPTokenizer) -> None:
        self.encoder = encoder
        self.tokenizer = tokenizer
        self.seeds: list[int] = []
        self.latents = np.empty((0,), np.float16)  # (n, 16, 16, 16)
        self._known: set[int] = set()
        self._order: list[int] = []
        self.add_new_shards()

    def add_new_shards(self) -> None:
        """Take in what has been drawn since."""
        new = [shard for shard in finished_shards() if shard not in self._known]
        parts = [self.latents] if len(self.latents) else []
        for shard in new:
            chosen = [
                i for i in range(SHARD_SIZE) if style_of(shard * SHARD_SIZE + i) in BASE_STYLES
            ]
            self.seeds += [shard * SHARD_SIZE + i for i in chosen]
            parts.append(self.encoder.encode(read_shard(shard)[chosen]))
        if new:
            self._known.update(new)
            self.latents = np.concatenate(parts)
        if not len(self.latents):
            raise FileNotFoundError("No pictures yet: run `python -m core.starter.train data`.")

    def next(self, size: int) -> tuple[Tensor, Tensor]:
        """Latents (size, 16, 16, 16) and token ids (size, 32)."""
        if len(self._order) < size:
            self._order = random.sample(range(len(self.seeds)), len(self.seeds))
        chosen, self._order = self._order[:size], self._order[size:]
        captions = [self._caption(self.seeds[index]) for index in chosen]
        latents = torch.from_numpy(self.latents[chosen]).float()
        return latents, torch.tensor(token_ids(self.tokenizer, captions))

    @staticmethod
    def _caption(seed: int) -> str:
        if random.random() < EMPTY_CAPTION_SHARE:
            return ""
        rng = random.Random(random.getrandbits(32))
        return training_caption(sample_scene(seed), rng, style_of(seed))
