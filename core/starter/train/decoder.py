"""Stage `decoder`: trains the autoencoder's decoder to undo the linear encoder."""

import copy
import math
import time
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as functional
from diffusers import AutoencoderTiny
from torch import Tensor
from tqdm import tqdm

from core.starter.grammar import STYLES, draw_picture, sample_scene
from core.starter.train.autoencoder import PATCH_PX, PatchEncoder, load_autoencoder
from core.starter.train.checkpoint import Checkpoint, Journal
from core.starter.train.drawings import SHARD_SIZE, finished_shards, read_shard
from core.starter.train.samples import tile
from core.starter.train.workplace import EVALUATION_SEEDS_FROM, mixed_precision, training_folder

PEAK_RATE, FINAL_RATE = 2e-3, 0.03
WARMUP_STEPS = 100
EMA_DECAY = 0.998
CROP_PATCHES = 8  # side of a training crop, in patches
LATENT_NOISE = 0.04  # so that generated latents, never quite right, decode well too
LOG_EVERY = 50


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


def train_decoder(options: DecoderOptions) -> None:
    """Train until the wanted number of crops; the learning rate falls over the last 60 %."""
    torch.manual_seed(0)
    folder = training_folder("decoder")
    autoencoder = load_autoencoder().to(options.device)
    encoder = PatchEncoder(load_autoencoder())
    # Channels last is 1.6 times as fast here on a CPU; the UNet is faster without.
    decoder = autoencoder.decoder.train().to(memory_format=torch.channels_last)
    average = copy.deepcopy(decoder).eval()
    optimizer = torch.optim.AdamW(
        decoder.parameters(), lr=PEAK_RATE, betas=(0.9, 0.99), weight_decay=0, fused=True
    )
    checkpoint = Checkpoint(folder / "checkpoint.pt", options.save_every_s)
    journal = Journal(folder / "losses.jsonl")
    step, seen = 0, 0
    saved = checkpoint.load()
    if saved:
        decoder.load_state_dict(saved["decoder"])
        average.load_state_dict(saved["average"])
        optimizer.load_state_dict(saved["optimizer"])
        step, seen = saved["step"], saved["seen"]

    def save() -> None:
        state = {"decoder": decoder.state_dict(), "average": average.state_dict()}
        checkpoint.save({**state, "optimizer": optimizer.state_dict(), "step": step, "seen": seen})
        save_autoencoder(autoencoder, average)

    batches = CropBatches()
    errors: list[float] = []
    bar = tqdm(total=options.crops, initial=seen, desc="decoder", unit="crop", mininterval=10)
    while seen < options.crops and not checkpoint.stopping:
        for group in optimizer.param_groups:
            group["lr"] = PEAK_RATE * rate_at(step, seen / options.crops)
        crops = batches.next(options.batch_size)
        latents = encode_crops(encoder, crops)
        noisy = (latents + LATENT_NOISE * torch.randn_like(latents)).to(options.device)
        wanted = as_tensor(crops).to(options.device)
        with mixed_precision(options.device):
            got = decoder(noisy.contiguous(memory_format=torch.channels_last))
        got = got.float()
        loss = reconstruction_loss(wanted, got)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        optimizer.step()
        step, seen = step + 1, seen + options.batch_size
        blend_into(average, decoder, min(EMA_DECAY, (step + 1) / (step + 10)))
        errors.append((got - wanted).square().mean().item() / 4)
        bar.update(options.batch_size)
        if step % LOG_EVERY == 0:
            psnr = -10 * math.log10(sum(errors[-LOG_EVERY:]) / len(errors[-LOG_EVERY:]))
            journal.write(step=step, seen=seen, loss=loss.item(), psnr_db=psnr)
            bar.set_postfix(psnr=f"{psnr:.1f} dB")
        if checkpoint.is_due():
            save()
    save()
    if not checkpoint.stopping:
        journal.write(**measure_psnr(load_autoencoder()))


def rate_at(step: int, share_done: float) -> float:
    """Share of the peak rate."""
    fall = max(0.0, (share_done - 0.4) / 0.6)
    cosine = FINAL_RATE + (1 - FINAL_RATE) * 0.5 * (1 + math.cos(math.pi * min(1.0, fall)))
    return min(1.0, (step + 1) / WARMUP_STEPS) * cosine


def blend_into(average: torch.nn.Module, current: torch.nn.Module, decay: float) -> None:
    """Move an exponential moving average towards the current weights."""
    pairs = list(zip(average.parameters(), current.parameters(), strict=True))
    with torch.no_grad():
        torch._foreach_lerp_([a for a, _ in pairs], [c.detach() for _, c in pairs], 1 - decay)


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
