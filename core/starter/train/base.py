"""Stage `base`: the UNet and the text encoder, trained together on velocity prediction."""

import copy
import math
import time
from dataclasses import dataclass

import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from torch import Tensor
from tqdm import tqdm
from transformers import CLIPTextModel

from core.starter.train.autoencoder import PatchEncoder, load_autoencoder
from core.starter.train.base_data import BaseBatches
from core.starter.train.checkpoint import Checkpoint, Journal
from core.starter.train.muon import Muon, split_parameters
from core.starter.train.pipeline import (
    assemble,
    build_scheduler,
    build_text_encoder,
    build_unet,
    load_pipeline,
)
from core.starter.train.samples import save_sample_grid
from core.starter.train.timesteps import draw_timesteps
from core.starter.train.tokens import load_tokenizer
from core.starter.train.workplace import BASE_FOLDER, mixed_precision, training_folder

MUON_RATE, ADAM_RATE = 5e-3, 2e-3
WARMUP_STEPS = 40
COOLDOWN_SHARE, FINAL_RATE = 0.2, 0.04
EMA_DECAY = 0.999
LOG_EVERY = 25


@dataclass(frozen=True)
class BaseOptions:
    """What one run is to do."""

    pictures: int  # in all, counted over every run since the checkpoint began
    batch_size: int
    device: torch.device
    grid_every_s: float
    save_every_s: float
    warm_start: bool  # from the shipped pipeline, where there is no checkpoint


class BaseModels:
    """The trained pair, its running average and the optimizers."""

    def __init__(self, warm_start: bool, device: torch.device) -> None:
        self.tokenizer = load_tokenizer()
        if warm_start and (BASE_FOLDER / "unet").exists():
            shipped = load_pipeline(BASE_FOLDER)
            self.unet, self.text_encoder = shipped.unet, shipped.text_encoder
        else:
            self.unet, self.text_encoder = build_unet(), build_text_encoder(self.tokenizer)
        if device.type == "cpu":
            # Torch's fused attention is slow on small bf16 heads: 1.0 against 0.6 s a step.
            self.unet.set_attn_processor(AttnProcessor())
        self.unet.to(device).train()
        self.text_encoder.to(device).train()
        self.mean_unet: UNet2DConditionModel = copy.deepcopy(self.unet).eval()
        self.mean_text_encoder: CLIPTextModel = copy.deepcopy(self.text_encoder).eval()
        self.weights = [*self.unet.parameters(), *self.text_encoder.parameters()]
        self.mean_weights = [*self.mean_unet.parameters(), *self.mean_text_encoder.parameters()]
        embeddings = [
            weight
            for module in self.text_encoder.modules()
            if isinstance(module, torch.nn.Embedding)
            for weight in module.parameters()
        ]
        ends = [self.unet.conv_in.weight, self.unet.conv_out.weight]
        matrices, rest = split_parameters(self.weights, [*embeddings, *ends])
        self.optimizers: list[torch.optim.Optimizer] = [
            Muon(matrices, lr=MUON_RATE),
            torch.optim.AdamW(rest, lr=ADAM_RATE, betas=(0.9, 0.99), weight_decay=0, fused=True),
        ]

    def update(self, step: int, rate: float) -> None:
        """One optimizer step at a share of the peak rates, then the running average."""
        torch.nn.utils.clip_grad_norm_(self.weights, 1.0)
        for optimizer, peak in zip(self.optimizers, (MUON_RATE, ADAM_RATE), strict=True):
            for group in optimizer.param_groups:
                group["lr"] = peak * rate
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        decay = min(EMA_DECAY, (step + 1) / (step + 10))
        with torch.no_grad():
            torch._foreach_lerp_(self.mean_weights, [w.detach() for w in self.weights], 1 - decay)

    def state(self) -> dict[str, object]:
        """What a checkpoint holds."""
        parts = (self.unet, self.text_encoder, self.mean_unet, self.mean_text_encoder)
        return {
            "parts": [part.state_dict() for part in parts],
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
        }

    def restore(self, state: dict[str, object]) -> None:
        """Go on from a checkpoint."""
        parts = (self.unet, self.text_encoder, self.mean_unet, self.mean_text_encoder)
        for part, saved in zip(parts, state["parts"], strict=True):  # type: ignore[call-overload]
            part.load_state_dict(saved)
        for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):  # type: ignore[call-overload]
            optimizer.load_state_dict(saved)


def rate_at(step: int, share_done: float) -> float:
    """Share of the peak rate: a short warm-up, constant, and a cosine over the last fifth."""
    warmup = min(1.0, (step + 1) / WARMUP_STEPS)
    late = max(0.0, (share_done - 1 + COOLDOWN_SHARE) / COOLDOWN_SHARE)
    return warmup * (FINAL_RATE + (1 - FINAL_RATE) * 0.5 * (1 + math.cos(math.pi * min(1.0, late))))


def velocity_loss(
    models: BaseModels, latents: Tensor, ids: Tensor, signal_shares: Tensor, device: torch.device
) -> Tensor:
    """Mean squared error of the predicted velocity, timesteps stratified over the batch."""
    timesteps = draw_timesteps(len(latents))
    signal = signal_shares[timesteps].view(-1, 1, 1, 1).to(device)
    latents, ids = latents.to(device), ids.to(device)
    noise = torch.randn(latents.shape).to(device)
    noisy = signal.sqrt() * latents + (1 - signal).sqrt() * noise
    velocity = signal.sqrt() * noise - (1 - signal).sqrt() * latents
    with mixed_precision(device):
        words = models.text_encoder(ids)[0]
        guess = models.unet(noisy, timesteps.to(device), words, return_dict=False)[0]
    loss: Tensor = (guess.float() - velocity).pow(2).mean()
    return loss


def train_base(options: BaseOptions) -> None:
    """Train until the wanted number of pictures; go on from the checkpoint if there is one."""
    torch.manual_seed(0)
    folder = training_folder("base")
    models = BaseModels(options.warm_start, options.device)
    autoencoder = load_autoencoder()
    batches = BaseBatches(PatchEncoder(autoencoder), models.tokenizer)
    checkpoint = Checkpoint(folder / "checkpoint.pt", options.save_every_s)
    journal = Journal(folder / "losses.jsonl")
    step, seen = 0, 0
    saved = checkpoint.load()
    if saved:
        models.restore(saved)
        step, seen = saved["step"], saved["seen"]
    signal_shares = build_scheduler().alphas_cumprod
    losses: list[float] = []
    grid_at = time.monotonic() + options.grid_every_s
    bar = tqdm(total=options.pictures, initial=seen, desc="base", unit="picture", mininterval=10)
    while seen < options.pictures and not checkpoint.stopping:
        latents, ids = batches.next(options.batch_size)
        loss = velocity_loss(models, latents, ids, signal_shares, options.device)
        loss.backward()
        models.update(step, rate_at(step, seen / options.pictures))
        step, seen = step + 1, seen + options.batch_size
        losses.append(loss.item())
        bar.update(options.batch_size)
        if step % LOG_EVERY == 0:
            mean_loss = sum(losses[-LOG_EVERY:]) / len(losses[-LOG_EVERY:])
            speed = bar.format_dict["rate"] or 0.0
            journal.write(step=step, seen=seen, loss=mean_loss, pictures_per_s=speed)
            bar.set_postfix(loss=f"{mean_loss:.4f}")
        if checkpoint.is_due():
            checkpoint.save({**models.state(), "step": step, "seen": seen})
            batches.add_new_shards()
        if time.monotonic() > grid_at:
            grid_at = time.monotonic() + options.grid_every_s
            _sample(models, f"grid-{seen:08d}.png")
    checkpoint.save({**models.state(), "step": step, "seen": seen})
    if not checkpoint.stopping:
        _sample(models, f"grid-{seen:08d}.png")


def _sample(models: BaseModels, name: str) -> None:
    """A grid by the averaged weights and whatever decoder there is by now."""
    device = next(models.mean_unet.parameters()).device
    pipeline = assemble(
        load_autoencoder().to(device), models.mean_text_encoder, models.tokenizer, models.mean_unet
    )
    save_sample_grid(pipeline, training_folder("base") / name)
