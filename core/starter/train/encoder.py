"""Stage `encoder`: a small open_clip model, trained on the drawn pictures and their captions."""

import copy
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import open_clip
import torch
import torch.nn.functional as functional
from safetensors.torch import save_file
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from transformers import CLIPTokenizer

from core.starter.manifest import ENCODER_FOLDER
from core.starter.train.encoder_data import MEAN, STD, EncoderBatches
from core.starter.train.loop import (
    Run,
    Schedule,
    average_decay,
    blend_into,
    set_rates,
    train,
)
from core.starter.train.muon import Muon, split_parameters
from core.starter.train.tokens import CONTEXT_LENGTH, load_tokenizer
from core.starter.train.workplace import mixed_precision, training_folder

MUON_RATE, ADAM_RATE = 5e-3, 1.5e-3
SCHEDULE = Schedule(warmup_steps=40, cooldown_share=0.5, final=0.02)
EMA_DECAY = 0.995
LARGEST_LOGIT_SCALE = math.log(100)


@dataclass(frozen=True)
class EncoderOptions:
    """What one run is to do."""

    pictures: int  # in all, over every run
    batch_size: int
    device: torch.device
    save_every_s: float
    warm_start: bool


def model_config(vocabulary: int) -> dict[str, Any]:
    """open_clip's description: a narrow ResNet with attention pooling, a text transformer of three.

    A ViT/16 of the same size needs several times the pictures to tell the kinds of things apart.
    """
    return {
        "embed_dim": 128,
        "vision_cfg": {"image_size": 128, "layers": [1, 1, 2, 1], "width": 20, "head_width": 64},
        "text_cfg": {
            "context_length": CONTEXT_LENGTH,
            "vocab_size": vocabulary,
            "width": 128,
            "heads": 4,
            "layers": 3,
            "pad_id": vocabulary - 1,
        },
    }


def build_encoder(vocabulary: int) -> open_clip.CLIP:
    """An untrained model, its convolutions laid out as a CPU likes them."""
    config = model_config(vocabulary)
    model = open_clip.CLIP(config["embed_dim"], config["vision_cfg"], config["text_cfg"])
    with torch.no_grad():
        model.token_embedding.weight.normal_(std=0.1)
        model.positional_embedding.normal_(std=0.03)
    model.visual.to(memory_format=torch.channels_last)
    return model


def contrastive_loss(logits: Tensor, fits: Tensor) -> Tensor:
    """Cross-entropy both ways, shared evenly among all that fit; logits (pictures, captions)."""
    to_captions = functional.cross_entropy(logits, fits / fits.sum(1, keepdim=True))
    to_pictures = functional.cross_entropy(logits.T, (fits / fits.sum(0, keepdim=True)).T)
    return (to_captions + to_pictures) / 2


class EncoderTraining:
    """The model in training, its running average and its optimizers."""

    def __init__(self, options: EncoderOptions) -> None:
        self.options = options
        self.tokenizer = load_tokenizer()
        model = build_encoder(len(self.tokenizer))
        if options.warm_start and ENCODER_FOLDER.exists():
            shipped = open_clip.create_model(f"local-dir:{ENCODER_FOLDER}")
            model.load_state_dict(shipped.state_dict())
        self.model = model.to(options.device).train()
        self.average = copy.deepcopy(self.model).eval()
        self.optimizers = build_optimizers(self.model)
        self.batches = EncoderBatches(self.tokenizer)
        # Torch's fused attention is slow on small heads on a CPU: 1.2 against 0.8 s a step.
        fused = [SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION]
        self.attention = [SDPBackend.MATH, *([] if options.device.type == "cpu" else fused)]

    def step(self, number: int, share_done: float) -> dict[str, float]:
        """One step on one batch."""
        parts = self.batches.next(self.options.batch_size)
        pictures, ids, fits = (part.to(self.options.device) for part in parts)
        with sdpa_kernel(self.attention), mixed_precision(self.options.device):
            of_pictures = self.model.encode_image(pictures)
            of_captions = self.model.encode_text(ids)
        of_pictures = functional.normalize(of_pictures.float(), dim=-1)
        of_captions = functional.normalize(of_captions.float(), dim=-1)
        scale = self.model.logit_scale.exp()
        loss = contrastive_loss(scale * of_pictures @ of_captions.T, fits)
        with sdpa_kernel(self.attention):
            loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        set_rates(self.optimizers, (MUON_RATE, ADAM_RATE), SCHEDULE.at(number, share_done))
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        with torch.no_grad():
            self.model.logit_scale.clamp_(0, LARGEST_LOGIT_SCALE)
        blend_into(self.average, self.model, average_decay(EMA_DECAY, number))
        return {"loss": loss.item(), "scale": scale.item()}

    def state(self) -> dict[str, Any]:
        """What a checkpoint holds."""
        return {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a checkpoint."""
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)

    def after_save(self, seen: int) -> None:
        """The average, as open_clip reads it."""
        export_encoder(self.average, self.tokenizer, training_folder("encoder") / "open_clip")


def train_encoder(options: EncoderOptions) -> None:
    """Train until the wanted number of pictures; go on from the checkpoint if there is one."""
    torch.manual_seed(0)
    run = Run("encoder", "picture", options.pictures, options.batch_size, options.save_every_s)
    train(EncoderTraining(options), run)


def build_optimizers(model: open_clip.CLIP) -> list[torch.optim.Optimizer]:
    """Muon for matrices, AdamW for the rest."""
    embeddings = [
        *(model.token_embedding.weight, model.positional_embedding),
        *(model.visual.attnpool.positional_embedding, model.visual.conv1.weight),
    ]
    matrices, rest = split_parameters(model.parameters(), embeddings)
    return [
        Muon(matrices, lr=MUON_RATE, decay=0.1),
        torch.optim.AdamW(rest, lr=ADAM_RATE, betas=(0.9, 0.98), weight_decay=0, fused=True),
    ]


def export_encoder(model: open_clip.CLIP, tokenizer: CLIPTokenizer, folder: Path) -> None:
    """Half-precision weights, configuration and tokenizer as open_clip's local-dir wants them."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {
        name: (value.half() if value.is_floating_point() else value).cpu().contiguous()
        for name, value in model.state_dict().items()
    }
    save_file(weights, folder / "open_clip_model.safetensors")
    config = model_config(len(tokenizer))
    config["text_cfg"] |= {"hf_tokenizer_name": "./", "tokenizer_kwargs": {"clean": "lower"}}
    description = {"model_cfg": config, "preprocess_cfg": {"mean": [MEAN] * 3, "std": [STD] * 3}}
    (folder / "open_clip_config.json").write_text(json.dumps(description, indent=2) + "\n")
    tokenizer.save_pretrained(folder)
