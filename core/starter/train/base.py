"""Stage `base`: the UNet and the text encoder, trained together on velocity prediction."""

import copy
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from torch import Tensor, nn
from transformers import CLIPTextModel

from core.starter.manifest import BASE_FOLDER
from core.starter.train.autoencoder import PatchEncoder, load_autoencoder
from core.starter.train.base_data import BaseBatches
from core.starter.train.loop import Run, Schedule, average_decay, set_rates, train
from core.starter.train.muon import Muon, split_parameters
from core.starter.train.pipeline import (
    assemble,
    build_scheduler,
    build_text_encoder,
    build_unet,
    load_pipeline,
)
from core.starter.train.replicas import Replicas
from core.starter.train.samples import save_sample_grid
from core.starter.train.tokens import load_tokenizer
from core.starter.train.velocity import velocity_loss
from core.starter.train.workplace import mixed_precision, training_folder

MUON_RATE, ADAM_RATE = 5e-3, 2e-3
SCHEDULE = Schedule(warmup_steps=40, cooldown_share=0.2, final=0.04)
EMA_DECAY = 0.999


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
        set_rates(self.optimizers, (MUON_RATE, ADAM_RATE), rate)
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        decay = average_decay(EMA_DECAY, step)
        with torch.no_grad():
            torch._foreach_lerp_(self.mean_weights, [w.detach() for w in self.weights], 1 - decay)

    def state(self) -> dict[str, Any]:
        """What a checkpoint holds."""
        parts = (self.unet, self.text_encoder, self.mean_unet, self.mean_text_encoder)
        return {
            "parts": [part.state_dict() for part in parts],
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a checkpoint."""
        parts = (self.unet, self.text_encoder, self.mean_unet, self.mean_text_encoder)
        for part, saved in zip(parts, state["parts"], strict=True):
            part.load_state_dict(saved)
        for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)


class BaseTraining(BaseModels):
    """The pair in training: steps on drawn pictures, a sample grid every so often."""

    def __init__(self, options: BaseOptions) -> None:
        super().__init__(options.warm_start, options.device)
        self.options = options
        self.batches = BaseBatches(PatchEncoder(load_autoencoder()), self.tokenizer)
        self.signal_shares = build_scheduler().alphas_cumprod
        threads = torch.get_num_threads() if options.device.type == "cpu" else 1
        self.replicas = Replicas((self.unet, self.text_encoder), threads)
        self.grid_at = time.monotonic() + options.grid_every_s

    def step(self, number: int, share_done: float) -> dict[str, float]:
        """One step on one batch."""
        batch = self.batches.next(self.options.batch_size)
        loss = self.replicas.backward(batch, self._loss)
        self.update(number, SCHEDULE.at(number, share_done))
        return {"loss": loss}

    def _loss(self, modules: Sequence[nn.Module], batch: Sequence[Tensor]) -> Tensor:
        unet, text_encoder = modules
        latents, ids = batch
        device = self.options.device
        with mixed_precision(device):
            words = text_encoder(ids.to(device))[0]
        return velocity_loss(unet, latents, words, self.signal_shares, device)

    def after_save(self, seen: int) -> None:
        """Take in newly drawn pictures; draw a sample grid if one is due."""
        self.batches.add_new_shards()
        if time.monotonic() > self.grid_at:
            self.grid_at = time.monotonic() + self.options.grid_every_s
            self.sample(seen)

    def sample(self, seen: int) -> None:
        """A grid by the averaged weights and whatever decoder there is by now."""
        autoencoder = load_autoencoder().to(self.options.device)
        pipeline = assemble(autoencoder, self.mean_text_encoder, self.tokenizer, self.mean_unet)
        save_sample_grid(pipeline, training_folder("base") / f"grid-{seen:08d}.png")


def train_base(options: BaseOptions) -> None:
    """Train until the wanted number of pictures; go on from the checkpoint if there is one."""
    torch.manual_seed(0)
    training = BaseTraining(options)
    run = Run("base", "picture", options.pictures, options.batch_size, options.save_every_s)
    if train(training, run):
        training.sample(options.pictures)
