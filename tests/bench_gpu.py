"""On a GPU: a pipeline in the shapes of Stable Diffusion 1.5 with random weights.

Pictures a second beside plain diffusers with the same batch, the share of the card's peak that this
is, and LoRA switching beside a full reload.
"""

import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from core.generation.engine import Engine
from core.generation.request import Lora, Request, Weights
from core.generation.weights_hash import weights_sha256
from tests.bench_generation import ROUNDS, Rate

BATCH, SIDE_PX, STEPS = 8, 512, 30
RANK = 16


def gpu_rates() -> Iterator[Rate]:
    """Rates of the engine on the first card."""
    import torch

    folder = Path(tempfile.mkdtemp(prefix="gemboard-gpu-"))
    try:
        base, lora = folder / "base", folder / "lora"
        write_base(base)
        write_lora(base, lora)
        places = {weights_sha256(path): path for path in (base, lora)}
        engine = Engine("cuda:0")
        plain = [request(base, None, seed) for seed in range(BATCH)]
        with_lora = [request(base, lora, seed) for seed in range(BATCH)]
        engine.load(plain[0], places)
        ours = rate(lambda: engine.generate(plain, lambda *told: None))
        pipeline = plain_pipeline(base)
        theirs = rate(lambda: plain_batch(pipeline))
        what = f"SD 1.5 shapes, batch of {BATCH}, {STEPS} steps"
        yield Rate(what, ours, "plain diffusers", theirs)
        flop = ours / BATCH * batch_flop(pipeline)
        yield Rate("the same in TFLOP/s", flop / 1e12, "the card's matrix product", peak() / 1e12,
                   "TFLOP/s")  # fmt: skip
        engine.load(with_lora[0], places)
        switch = seconds(lambda: (engine.load(plain[0], places), engine.load(with_lora[0], places)))
        reload = seconds(lambda: plain_pipeline(base))
        yield Rate("LoRA on and off", 1 / switch, "loading the pipeline anew", 1 / reload,
                   "switches/s")  # fmt: skip
        torch.cuda.synchronize()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_base(folder: Path) -> None:
    """A pipeline with Stable Diffusion 1.5's shapes; its pictures are noise."""
    import torch
    from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline
    from diffusers import UNet2DConditionModel as Unet
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

    from core.starter.manifest import BASE_FOLDER

    tokenizer = CLIPTokenizer.from_pretrained(BASE_FOLDER / "tokenizer")
    text = CLIPTextConfig(
        vocab_size=49408, hidden_size=768, intermediate_size=3072, num_hidden_layers=12,
        num_attention_heads=12, max_position_embeddings=tokenizer.model_max_length,
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id,
    )  # fmt: skip
    blocks = ("DownEncoderBlock2D",) * 4, ("UpDecoderBlock2D",) * 4
    vae = AutoencoderKL(
        down_block_types=blocks[0], up_block_types=blocks[1], latent_channels=4,
        block_out_channels=(128, 256, 512, 512), layers_per_block=2,
    )  # fmt: skip
    pipeline = StableDiffusionPipeline(
        vae=vae, text_encoder=CLIPTextModel(text), tokenizer=tokenizer,
        unet=Unet(cross_attention_dim=768, attention_head_dim=8, sample_size=64),
        scheduler=DDIMScheduler(), safety_checker=None, feature_extractor=None,
        requires_safety_checker=False,
    )  # fmt: skip
    pipeline.to(dtype=torch.float16).save_pretrained(folder, safe_serialization=True)


def write_lora(base: Path, folder: Path) -> None:
    """A LoRA of the attention, as most on hubs are."""
    import torch
    from diffusers import StableDiffusionPipeline
    from diffusers import UNet2DConditionModel as Unet
    from peft import LoraConfig, get_peft_model_state_dict

    unet = Unet.from_pretrained(base / "unet", dtype=torch.float16)
    targets = ["to_q", "to_k", "to_v", "to_out.0"]
    unet.add_adapter(LoraConfig(r=RANK, lora_alpha=RANK, target_modules=targets))
    tensors = {name: torch.randn_like(value) * 0.01
               for name, value in get_peft_model_state_dict(unet).items()}  # fmt: skip
    StableDiffusionPipeline.save_lora_weights(folder, unet_lora_layers=tensors)


def request(base: Path, lora: Path | None, seed: int) -> Request:
    loras = (Lora("lora", weights_sha256(lora)),) if lora else ()
    return Request(
        "a house", Weights("base", weights_sha256(base)), seed, loras=loras, width=SIDE_PX,
        height=SIDE_PX, steps=STEPS, sampler="DDIM",
    )  # fmt: skip


def plain_pipeline(base: Path) -> object:
    import torch
    from diffusers import StableDiffusionPipeline

    pipeline = StableDiffusionPipeline.from_pretrained(
        base, dtype=torch.float16, safety_checker=None, requires_safety_checker=False
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to("cuda:0")


def plain_batch(pipeline: object) -> None:
    import torch

    pipeline(
        ["a house"] * BATCH, num_inference_steps=STEPS, guidance_scale=7.0, width=SIDE_PX,
        height=SIDE_PX, generator=[torch.Generator().manual_seed(seed) for seed in range(BATCH)],
    )  # fmt: skip


def batch_flop(pipeline: object) -> int:
    """Operations of one batch, as PyTorch counts them."""
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        plain_batch(pipeline)
    return counter.get_total_flops()


def peak() -> float:
    """What the card's matrix product reaches in half precision, FLOP a second."""
    import torch

    side = 8192
    left, right = (torch.randn(side, side, dtype=torch.float16, device="cuda") for _ in range(2))

    def product() -> None:
        torch.matmul(left, right)
        torch.cuda.synchronize()

    return 2 * side**3 / seconds(product)


def rate(work: object) -> float:
    return BATCH / seconds(work)


def seconds(work: object) -> float:
    """Median of a few, after one to warm up."""
    work()
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)
