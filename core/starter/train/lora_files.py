"""LoRA files: saved so that every key lands again, blended by weights, compared after loading."""

from pathlib import Path

import torch
from diffusers import StableDiffusionPipeline, UNet2DConditionModel
from peft import get_peft_model_state_dict
from safetensors.torch import load_file
from torch import Tensor

from core.starter.recipes import Blend

FILE_NAME = "pytorch_lora_weights.safetensors"
PREFIX = "unet."
DOWN, UP = ".lora_A.weight", ".lora_B.weight"


class LoraKeysLost(RuntimeError):
    """Loading a LoRA file left some of its tensors behind."""


def save_lora(unet: UNet2DConditionModel, folder: Path, gain: float = 1.0) -> None:
    """Save the UNet's adapter in half precision, its change multiplied by `gain`.

    `convert_state_dict_to_diffusers` renames only the attention's keys, and a file of mixed names
    loads without a word and without its attention half; so peft's own names are kept throughout.
    """
    learned = amplified(get_peft_model_state_dict(unet), gain)
    write_lora({name: value.half() for name, value in learned.items()}, folder)


def amplified(lora: dict[str, Tensor], gain: float) -> dict[str, Tensor]:
    """The LoRA whose change is `gain` times as large."""
    return {name: value * gain if name.endswith(UP) else value for name, value in lora.items()}


def write_lora(tensors: dict[str, Tensor], folder: Path) -> None:
    """Write tensors of peft's names as a LoRA file."""
    folder.mkdir(parents=True, exist_ok=True)
    StableDiffusionPipeline.save_lora_weights(folder, unet_lora_layers=tensors)


def read_lora(folder: Path) -> dict[str, Tensor]:
    """Tensors by peft's names, without the part's prefix."""
    stored = load_file(folder / FILE_NAME)
    return {name.removeprefix(PREFIX): value for name, value in stored.items()}


def load_lora_checked(pipeline: StableDiffusionPipeline, folder: Path) -> None:
    """Load as any user would, then make sure that every tensor has landed."""
    pipeline.unload_lora_weights()
    pipeline.load_lora_weights(folder, adapter_name="starter")
    landed = get_peft_model_state_dict(pipeline.unet, adapter_name="starter")
    stored = read_lora(folder)
    lost = [
        name
        for name, value in stored.items()
        if name not in landed or not torch.allclose(landed[name].float(), value.float())
    ]
    if lost or len(landed) != len(stored):
        raise LoraKeysLost(
            f"{folder.name}: {len(lost)} of {len(stored)} tensors lost, as {lost[:1]}"
        )


def blend_loras(blend: Blend, folders: dict[str, Path], rank: int) -> dict[str, Tensor]:
    """The weighted sum of the parts, brought back to one rank by SVD.

    A layer that only some parts change gets their change alone.
    """
    parts = [(read_lora(folders[slug]), weight) for slug, weight in blend.parts]
    stems = {
        name.removesuffix(DOWN): None for part, _ in parts for name in part if name.endswith(DOWN)
    }
    blended: dict[str, Tensor] = {}
    for stem in stems:
        name = stem + DOWN
        changing = [(part, weight) for part, weight in parts if name in part]
        downs = [part[name].float() for part, _ in changing]
        ups = [part[stem + UP].float() * weight for part, weight in changing]
        down, up = _truncate(
            torch.cat([down.flatten(1) for down in downs]),
            torch.cat([up.flatten(1) for up in ups], dim=1),
            rank,
        )
        blended[name] = down.reshape(-1, *downs[0].shape[1:]).half().contiguous()
        blended[stem + UP] = up.reshape(*up.shape, *ups[0].shape[2:]).half().contiguous()
    return blended


def _truncate(down: Tensor, up: Tensor, rank: int) -> tuple[Tensor, Tensor]:
    """Best factors of the given rank of up @ down; (rank, in) and (out, rank)."""
    if len(down) <= rank:
        return down, up
    q_up, r_up = torch.linalg.qr(up)
    q_down, r_down = torch.linalg.qr(down.T)
    left, strengths, right = torch.linalg.svd(r_up @ r_down.T)
    roots = strengths[:rank].sqrt()
    return roots[:, None] * (right[:rank] @ q_down.T), (q_up @ left[:, :rank]) * roots
