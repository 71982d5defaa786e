"""Stage `loras`: one LoRA for each recipe, on the finished base, then the blends of them."""

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from diffusers.models.attention_processor import AttnProcessor
from peft import LoraConfig
from torch import Tensor
from tqdm import tqdm

from core.starter.grammar import sample_scene
from core.starter.grammar.captions import STYLE_PHRASES, full_caption
from core.starter.manifest import BASE_FOLDER, LORA_FOLDER
from core.starter.recipes import BLENDS, LORAS, Lora, draw_for
from core.starter.train.autoencoder import PatchEncoder
from core.starter.train.checkpoint import Checkpoint, Journal
from core.starter.train.lora_files import (
    FILE_NAME,
    blend_loras,
    load_lora_checked,
    save_lora,
    write_lora,
)
from core.starter.train.pipeline import load_pipeline
from core.starter.train.samples import SAMPLE_PROMPTS, generate, tile
from core.starter.train.tokens import token_ids
from core.starter.train.velocity import velocity_loss
from core.starter.train.workplace import LORA_SEEDS_FROM, training_folder

RANK = 4
# Colours follow the words and the latents' channels; textures and shapes need the convolutions.
PALETTE_TARGETS = (
    *("to_q", "to_k", "to_v", "to_out.0", "proj_in", "proj_out", "ff.net.0.proj", "ff.net.2"),
    *("conv_in", "conv_out"),
)
TARGETS = (*PALETTE_TARGETS, "conv1", "conv2", "conv_shortcut", "time_emb_proj")
PEAK_RATE, WARMUP_STEPS = 1e-3, 20
CAPTIONS_EACH, EMPTY_SHARE = 3, 0.1


@dataclass(frozen=True)
class LoraOptions:
    """What one run is to do."""

    slugs: tuple[str, ...]  # empty: all
    steps: int  # 0: as many as the recipe says
    batch_size: int
    scenes: int  # drawn for each LoRA
    device: torch.device
    base_folder: Path = BASE_FOLDER
    target_folder: Path = LORA_FOLDER


def train_loras(options: LoraOptions) -> None:
    """Train every wanted LoRA that has no file yet; a stopped one begins anew (minutes each)."""
    stop = Checkpoint(training_folder("loras") / "unused.pt")
    for lora in LORAS:
        wanted = not options.slugs or lora.slug in options.slugs
        if not wanted or (options.target_folder / lora.slug / FILE_NAME).exists():
            continue
        train_one(lora, options, stop)
        if stop.stopping:
            return


def train_one(lora: Lora, options: LoraOptions, stop: Checkpoint) -> None:
    """Train one LoRA on fresh drawings, save it, and check that it loads whole."""
    torch.manual_seed(0)
    random.seed(0)
    pipeline = load_pipeline(options.base_folder).to(options.device)
    latents, words, no_words = prepare(lora, options.scenes, pipeline)
    unet = pipeline.unet
    unet.requires_grad_(False)
    if options.device.type == "cpu":
        unet.set_attn_processor(AttnProcessor())
    targets = list(PALETTE_TARGETS if lora.is_palette else TARGETS)
    unet.add_adapter(LoraConfig(r=RANK, lora_alpha=RANK, target_modules=targets))
    weights = [weight for weight in unet.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=PEAK_RATE, weight_decay=0)
    shares = pipeline.scheduler.alphas_cumprod
    journal = Journal(training_folder("loras") / "losses.jsonl")
    losses: list[float] = []
    steps = options.steps or lora.steps
    bar = tqdm(range(steps), desc=lora.slug, mininterval=10)
    for step in bar:
        if stop.stopping:
            return
        for group in optimizer.param_groups:
            group["lr"] = PEAK_RATE * min(1, (step + 1) / WARMUP_STEPS) * (1 - 0.95 * step / steps)
        chosen = torch.randint(len(latents), (options.batch_size,))
        told = words[chosen, torch.randint(CAPTIONS_EACH, (options.batch_size,))].clone()
        told[torch.rand(options.batch_size) < EMPTY_SHARE] = no_words
        loss = velocity_loss(unet, latents[chosen], told, shares, options.device)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        losses.append(loss.item())
        bar.set_postfix(loss=f"{np.mean(losses[-25:]):.4f}", refresh=False)
    journal.write(slug=lora.slug, steps=steps, loss=float(np.mean(losses[-50:])))
    save_lora(unet, options.target_folder / lora.slug, lora.gain)
    sample_lora(lora.slug, options)


def prepare(
    lora: Lora, scenes: int, pipeline: StableDiffusionPipeline
) -> tuple[Tensor, Tensor, Tensor]:
    """Latents (n, 16, 16, 16), features of three captions each, and those of the empty caption."""
    encoder = PatchEncoder(pipeline.vae.cpu())
    drawn = [sample_scene(LORA_SEEDS_FROM + index) for index in range(scenes)]
    pictures = [draw_for(lora, scene) for scene in tqdm(drawn, desc=f"drawing {lora.slug}")]
    latents = np.concatenate(
        [encoder.encode(np.stack(pictures[i : i + 200])) for i in range(0, scenes, 200)]
    )
    captions = [
        full_caption(scene, random.Random(scene.seed + variant), _told_style(lora, variant))
        for scene in drawn
        for variant in range(CAPTIONS_EACH)
    ]
    device = pipeline.text_encoder.device
    features = []
    with torch.no_grad():
        for start in range(0, len(captions), 256):
            ids = torch.tensor(token_ids(pipeline.tokenizer, captions[start : start + 256]))
            features.append(pipeline.text_encoder(ids.to(device))[0].cpu())
        empty = pipeline.text_encoder(torch.tensor(token_ids(pipeline.tokenizer, [""])).to(device))
    words = torch.cat(features).unflatten(0, (scenes, CAPTIONS_EACH))
    return torch.from_numpy(latents).float(), words, empty[0][0].cpu()


def _told_style(lora: Lora, variant: int) -> str | None:
    """The trained words in one caption of three: the LoRA works without them."""
    return (
        lora.style if variant == 0 and lora.style in STYLE_PHRASES and not lora.companion else None
    )


def sample_lora(slug: str, options: LoraOptions) -> None:
    """Load the saved file in a fresh pipeline and draw eight prompts with it."""
    pipeline = load_pipeline(options.base_folder)
    load_lora_checked(pipeline, options.target_folder / slug)
    prompts = list(SAMPLE_PROMPTS[:8])
    pictures = generate(pipeline, prompts, [1] * len(prompts))
    tile(pictures, columns=8).save(training_folder("loras") / f"{slug}.png")


def blend_all(options: LoraOptions) -> None:
    """Write every blend whose parts exist."""
    folders = {lora.slug: options.target_folder / lora.slug for lora in LORAS}
    for blend in tqdm(BLENDS, desc="blends"):
        if all((folders[slug] / FILE_NAME).exists() for slug, _ in blend.parts):
            write_lora(blend_loras(blend, folders, RANK), options.target_folder / blend.slug)
            sample_lora(blend.slug, options)
