"""Small files in the layouts of checkpoints and LoRAs: names and shapes, no use as weights."""

import json
from math import prod

UNET = "model.diffusion_model."
INPUT = f"{UNET}input_blocks.0.0.weight"
TO_K = "input_blocks.1.1.transformer_blocks.0.attn2.to_k"
DIFFUSERS_TO_K = "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k"
TO_OUT = "output_blocks.5.1.transformer_blocks.1.attn1.to_out.0"
DIFFUSERS_TO_OUT = "up_blocks.1.attentions.2.transformer_blocks.1.attn1.to_out.0"
MIDDLE = "middle_block.1.transformer_blocks.0.attn2.to_v"
DIFFUSERS_MIDDLE = "mid_block.attentions.0.transformer_blocks.0.attn2.to_v"


def write_safetensors(path, shapes, metadata=None, fill=0):
    """A safetensors file of half-precision tensors; `fill` makes its bytes its own."""
    header, at = {}, 0
    for name, shape in shapes.items():
        size = 2 * prod(shape)
        header[name] = {"dtype": "F16", "shape": list(shape), "data_offsets": [at, at + size]}
        at += size
    if metadata:
        header["__metadata__"] = metadata
    text = json.dumps(header).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(len(text).to_bytes(8, "little") + text + bytes([fill]) * at)
    return path


def ldm(width, *, channels=4, encoder="cond_stage_model.transformer.x"):
    """Names and shapes of a single-file checkpoint, few of them."""
    return {
        INPUT: (8, channels, 3, 3),
        f"{UNET}{TO_K}.weight": (8, width),
        f"{UNET}{MIDDLE}.weight": (8, width),
        f"{UNET}{TO_OUT}.weight": (8, 8),
        "first_stage_model.decoder.conv_in.bias": (8,),
        encoder: (8,),
    }


def folder_of(path, width, *, pipeline="StableDiffusionPipeline", channels=4, **index):
    write_safetensors(
        path / "unet/diffusion_pytorch_model.safetensors",
        {
            "conv_in.weight": (8, channels, 3, 3),
            f"{DIFFUSERS_TO_K}.weight": (8, width),
            f"{DIFFUSERS_MIDDLE}.weight": (8, width),
            f"{DIFFUSERS_TO_OUT}.weight": (8, 8),
        },
    )
    told = {"_class_name": pipeline, "unet": ["diffusers", "UNet2DConditionModel"], **index}
    (path / "model_index.json").write_text(json.dumps(told))
    return path


def lora(modules, down, up, rank=2):
    return {
        name: shape
        for module, (out, into) in modules.items()
        for name, shape in (
            (f"{module}.{down}.weight", (rank, into)),
            (f"{module}.{up}.weight", (out, rank)),
        )
    }


def sides(width):
    return {DIFFUSERS_TO_K: (8, width), DIFFUSERS_MIDDLE: (8, width), DIFFUSERS_TO_OUT: (8, 8)}


def diffusers_lora(width):
    named = {f"unet.{name}": value for name, value in sides(width).items()}
    return lora(named, "lora_A", "lora_B")


def old_diffusers_lora(width):
    return {
        name.replace(".to_k.", ".processor.to_k_lora.")
        .replace(".to_v.", ".processor.to_v_lora.")
        .replace(".to_out.0.", ".processor.to_out_lora."): shape
        for name, shape in lora(
            {f"unet.{name}": value for name, value in sides(width).items()}, "down", "up"
        ).items()
    }


def kohya_lora(width):
    named = {f"lora_unet_{name.replace('.', '_')}": value for name, value in sides(width).items()}
    return {
        **lora(named, "lora_down", "lora_up"),
        **{f"{name}.alpha": () for name in named},
        "lora_te1_text_model_encoder_layers_0_self_attn_q_proj.lora_down.weight": (2, 768),
    }


def kohya_lora_of_ldm_names(width):
    modules = {TO_K: (8, width), MIDDLE: (8, width), TO_OUT: (8, 8)}
    named = {f"lora_unet_{name.replace('.', '_')}": value for name, value in modules.items()}
    return lora(named, "lora_down", "lora_up")
