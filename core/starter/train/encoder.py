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
from tqdm import tqdm
from transformers import CLIPTokenizer

from core.starter.train.checkpoint import Checkpoint, Journal
from core.starter.train.encoder_data import MEAN, STD, EncoderBatches
from core.starter.train.muon import Muon, split_parameters
from core.starter.train.tokens import CONTEXT_LENGTH, load_tokenizer
from core.starter.train.workplace import ENCODER_FOLDER, mixed_precision, training_folder

MUON_RATE, ADAM_RATE = 5e-3, 1.5e-3
WARMUP_STEPS, COOLDOWN_SHARE = 40, 0.5
EMA_DECAY = 0.995
LARGEST_LOGIT_SCALE = math.log(100)
LOG_EVERY = 25


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


def train_encoder(options: EncoderOptions) -> None:
    """Train until the wanted number of pictures, then save for open_clip's local-dir."""
    torch.manual_seed(0)
    folder = training_folder("encoder")
    tokenizer = load_tokenizer()
    model = build_encoder(len(tokenizer))
    if options.warm_start and ENCODER_FOLDER.exists():
        model.load_state_dict(open_clip.create_model(f"local-dir:{ENCODER_FOLDER}").state_dict())
    model = model.to(options.device).train()
    average = copy.deepcopy(model).eval()
    optimizers = build_optimizers(model)
    checkpoint = Checkpoint(folder / "checkpoint.pt", options.save_every_s)
    journal = Journal(folder / "losses.jsonl")
    step, seen = 0, 0
    saved = checkpoint.load()
    if saved:
        model.load_state_dict(saved["model"])
        average.load_state_dict(saved["average"])
        for optimizer, state in zip(optimizers, saved["optimizers"], strict=True):
            optimizer.load_state_dict(state)
        step, seen = saved["step"], saved["seen"]

    def save() -> None:
        state = {"model": model.state_dict(), "average": average.state_dict(), "step": step}
        state["optimizers"] = [optimizer.state_dict() for optimizer in optimizers]
        checkpoint.save({**state, "seen": seen})
        export_encoder(average, tokenizer, folder / "open_clip")

    batches = EncoderBatches(tokenizer)
    # Torch's fused attention is slow on small bf16 heads on a CPU: 1.2 against 0.8 s a step.
    on_cpu = options.device.type == "cpu"
    fused = [SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION]
    attention = [SDPBackend.MATH, *([] if on_cpu else fused)]
    losses: list[float] = []
    bar = tqdm(total=options.pictures, initial=seen, desc="encoder", unit="picture", mininterval=10)
    while seen < options.pictures and not checkpoint.stopping:
        rate = rate_at(step, seen / options.pictures)
        with sdpa_kernel(attention):
            loss = train_step(model, optimizers, batches, options, rate)
        step, seen = step + 1, seen + options.batch_size
        _blend(average, model, min(EMA_DECAY, (step + 1) / (step + 10)))
        losses.append(loss)
        bar.update(options.batch_size)
        if step % LOG_EVERY == 0:
            mean_loss = sum(losses[-LOG_EVERY:]) / len(losses[-LOG_EVERY:])
            journal.write(
                step=step, seen=seen, loss=mean_loss, scale=model.logit_scale.exp().item()
            )
            bar.set_postfix(loss=f"{mean_loss:.3f}")
        if checkpoint.is_due():
            save()
    save()


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


def train_step(
    model: open_clip.CLIP,
    optimizers: list[torch.optim.Optimizer],
    batches: EncoderBatches,
    options: EncoderOptions,
    rate: float,
) -> float:
    """One step at a share of the peak rates; returns the loss."""
    pictures, ids, fits = (part.to(options.device) for part in batches.next(options.batch_size))
    with mixed_precision(options.device):
        of_pictures = model.encode_image(pictures)
        of_captions = model.encode_text(ids)
    of_pictures = functional.normalize(of_pictures.float(), dim=-1)
    of_captions = functional.normalize(of_captions.float(), dim=-1)
    loss = contrastive_loss(model.logit_scale.exp() * of_pictures @ of_captions.T, fits)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for optimizer, peak in zip(optimizers, (MUON_RATE, ADAM_RATE), strict=True):
        for group in optimizer.param_groups:
            group["lr"] = peak * rate
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    with torch.no_grad():
        model.logit_scale.clamp_(0, LARGEST_LOGIT_SCALE)
    return loss.item()


def rate_at(step: int, share_done: float) -> float:
    """Share of the peak rates: warm-up, constant, and a cosine over the last half."""
    late = max(0.0, (share_done - 1 + COOLDOWN_SHARE) / COOLDOWN_SHARE)
    cosine = 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, late)))
    return min(1.0, (step + 1) / WARMUP_STEPS) * cosine


def _blend(average: torch.nn.Module, current: torch.nn.Module, decay: float) -> None:
    pairs = list(zip(average.parameters(), current.parameters(), strict=True))
    with torch.no_grad():
        torch._foreach_lerp_([a for a, _ in pairs], [c.detach() for _, c in pairs], 1 - decay)
        for kept, new in zip(average.buffers(), current.buffers(), strict=True):
            kept.copy_(new)  # means and variances, which are running averages already


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
