"""Stage `decoder`: trains the autoencoder's decoder to undo the linear encoder."""

import copy
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from diffusers import AutoencoderTiny
from torch import Tensor

from core.starter.grammar import STYLES, draw_picture, sample_scene
from core.starter.train.autoencoder import PATCH_PX, PatchEncoder, load_autoencoder
from core.starter.train.checkpoint import Journal
from core.starter.train.drawings import SHARD_SIZE, finished_shards, read_shard
from core.starter.train.loop import (
    Run,
    Schedule,
    average_decay,
    blend_into,
    set_rates,
    train,
)
from core.starter.train.samples import tile
from core.starter.train.workplace import EVALUATION_SEEDS_FROM, mixed_precision, training_folder

PEAK_RATE = 2e-3
SCHEDULE = Schedule(warmup_steps=100, cooldown_share=0.6, final=0.03)
EMA_DECAY = 0.998
CROP_PATCHES = 8  # side of a training crop, in patches
LATENT_NOISE = 0.04  # so that generated latents, never quite right, decode well too


@dataclass(frozen=True)
class DecoderOptions:
    """What one run is to do."""

    crops: int  # in all, over every run
    batch_size: int
    device: torch.device
    save_every_s: float


class CropBatches:
    """Random 64 x 64 crops, on patch borders, of all drawn pictures."""

    def __init__(self) -> None:
        self.shards = [read_shard(shard) for shard in finished_shards()]
        self.generator = np.random.default_rng(time.time_ns())

    def next(self, size: int) -> np.ndarray:
        """(size, 64, 64, 3) uint8."""
        side = CROP_PATCHES * PATCH_PX
        crops = np.empty((size, side, side, 3), np.uint8)
        for index in range(size):
            shard = self.shards[self.generator.integers(len(self.shards))]
            top, left = self.generator.integers(0, 17 - CROP_PATCHES, 2) * PATCH_PX
            picture = self.generator.integers(SHARD_SIZE)
            crops[index] = shard[picture, top : top + side, left : left + side]
        return crops


def as_tensor(pictures: np.ndarray) -> Tensor:
    """(n, h, w, 3) uint8 to (n, 3, h, w) float32, -1 to 1."""
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1


def encode_crops(encoder: PatchEncoder, crops: np.ndarray) -> Tensor:
    """Latents of square crops, unscaled as the decoder takes them: (n, channels, 8, 8)."""
    count, side = len(crops), crops.shape[1] // PATCH_PX
    cut = crops.reshape(count, side, PATCH_PX, side, PATCH_PX, 3).transpose(0, 1, 3, 2, 4, 5)
    latents = cut.reshape(count, side, side, -1) / np.float32(255) @ encoder.weights + encoder.bias
    return torch.from_numpy(latents.transpose(0, 3, 1, 2).copy())


def reconstruction_loss(wanted: Tensor, got: Tensor) -> Tensor:
    """Absolute and squared error, and the absolute error of both gradients for sharp edges."""
    across = (wanted.diff(dim=-1) - got.diff(dim=-1)).abs().mean()
    down = (wanted.diff(dim=-2) - got.diff(dim=-2)).abs().mean()
    return (
        (wanted - got).abs().mean() + 0.5 * functional.mse_loss(got, wanted) + 0.4 * (across + down)
    )


class DecoderTraining:
    """The decoder in training, its running average and its optimizer."""

    def __init__(self, options: DecoderOptions) -> None:
        self.options = options
        self.autoencoder = load_autoencoder().to(options.device)
        self.encoder = PatchEncoder(load_autoencoder())
        # Channels last is 1.6 times as fast here on a CPU; the UNet is faster without.
        self.decoder = self.autoencoder.decoder.train().to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.decoder).eval()
        self.optimizer = torch.optim.AdamW(
            self.decoder.parameters(), lr=PEAK_RATE, betas=(0.9, 0.99), weight_decay=0, fused=True
        )
        self.batches = CropBatches()

    def step(self, number: int, share_done: float) -> dict[str, float]:
        """One step on one batch."""
        set_rates([self.optimizer], (PEAK_RATE,), SCHEDULE.at(number, share_done))
        crops = self.batches.next(self.options.batch_size)
        latents = encode_crops(self.encoder, crops)
        noisy = (latents + LATENT_NOISE * torch.randn_like(latents)).to(self.options.device)
        wanted = as_tensor(crops).to(self.options.device)
        with mixed_precision(self.options.device):
            got = self.decoder(noisy.contiguous(memory_format=torch.channels_last))
        got = got.float()
        loss = reconstruction_loss(wanted, got)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.decoder.parameters(), 1.0)
        self.optimizer.step()
        blend_into(self.average, self.decoder, average_decay(EMA_DECAY, number))
        return {"loss": loss.item(), "mse": (got - wanted).square().mean().item() / 4}

    def state(self) -> dict[str, Any]:
        """What a checkpoint holds."""
        return {
            "decoder": self.decoder.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a checkpoint."""
        self.decoder.load_state_dict(state["decoder"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])

    def after_save(self, seen: int) -> None:
        """The average, where the other stages read it."""
        save_autoencoder(self.autoencoder, self.average)


def train_decoder(options: DecoderOptions) -> None:
    """Train until the wanted number of crops; the learning rate falls over the last 60 %."""
    torch.manual_seed(0)
    run = Run("decoder", "crop", options.crops, options.batch_size, options.save_every_s)
    if train(DecoderTraining(options), run):
        figures = measure_psnr(load_autoencoder())
        Journal(training_folder("decoder") / "losses.jsonl").write(**figures)


def save_autoencoder(autoencoder: AutoencoderTiny, decoder: torch.nn.Module) -> None:
    """Put the averaged decoder into the folder that the other stages read."""
    copied = copy.deepcopy(autoencoder).cpu()
    copied.decoder.load_state_dict(decoder.state_dict())
    copied.save_pretrained(training_folder("vae"))


def measure_psnr(autoencoder: AutoencoderTiny, each: int = 20) -> dict[str, float]:
    """PSNR in dB of fresh drawings after encoding and decoding, by style; saves a sheet."""
    figures, sheet = {}, []
    for style in STYLES:
        seeds = range(EVALUATION_SEEDS_FROM, EVALUATION_SEEDS_FROM + each)
        drawn = np.stack([draw_picture(sample_scene(seed), style) for seed in seeds])
        wanted = as_tensor(drawn)
        with torch.no_grad():
            got = autoencoder.decode(autoencoder.encode(wanted).latents).sample.clamp(-1, 1)
        errors = ((got - wanted) / 2).square().mean((1, 2, 3))
        figures[style] = float((-10 * errors.log10()).mean())
        restored = ((got + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
        sheet += [drawn[0], restored[0]]
    tile(sheet, columns=10).save(training_folder("decoder") / "reconstructions.png")
    return figures
