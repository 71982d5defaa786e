"""Names of a UNet's attention in the layouts that files come in, brought into one form.

The form is diffusers' own with underscores, as Kohya writes it:
`down_blocks_0_attentions_1_transformer_blocks_0_attn2_to_k`.
"""

import re
from collections.abc import Mapping

from core.generation.safetensors_header import Shapes

Sides = tuple[int, int]  # features out, features in

LDM_PREFIX = "model.diffusion_model."
DIFFUSERS_LORA = re.compile(
    r"^(?:unet\.|(?=(?:down_blocks|up_blocks|mid_block)\.))(.+?)"
    r"(?:\.processor\.(to_[qkv]|to_out)_lora|\.lora_linear_layer|\.lora)?"
    r"\.(?:(lora_A|down)|(lora_B|up))(?:\.[\w-]+)?\.weight$"
)
KOHYA_LORA = re.compile(r"^lora_unet_(.+)\.(?:(lora_down)|(lora_up))\.weight$")
_ATTENTION = re.compile(r"attn[12]_to_(?:q|k|v|out)")
_LDM_BLOCK = re.compile(r"^(input|middle|output)_blocks?_(\d+)(?:_(\d+))?_(transformer_blocks_.+)$")
_BLOCK_LENGTH = 3  # SD 1, SD 2 and SDXL: two layers and what changes the size


def checkpoint_attention(shapes: Shapes, prefix: str) -> dict[str, Sides]:
    """Sides of every attention matrix of a UNet whose names begin with `prefix`."""
    found: dict[str, Sides] = {}
    for name, shape in shapes.items():
        if name.startswith(prefix) and name.endswith(".weight") and len(shape) == 2:
            module = one_name(name.removeprefix(prefix).removesuffix(".weight"))
            if _ATTENTION.search(module):
                found[module] = (shape[0], shape[1])
    return found


def lora_attention(shapes: Shapes) -> dict[str, Sides]:
    """Sides of every attention matrix that a LoRA changes."""
    ins: dict[str, int] = {}
    outs: dict[str, int] = {}
    for name, shape in shapes.items():
        told = _lora_part(name)
        if told is None or len(shape) < 2:
            continue
        module, is_down = told
        if is_down:
            ins[module] = shape[1]
        else:
            outs[module] = shape[0]
    return {
        module: (outs[module], ins[module])
        for module in ins.keys() & outs.keys()
        if _ATTENTION.search(module)
    }


def cross_attention_width(attention: Mapping[str, Sides]) -> int | None:
    """Features of a token as the UNet takes them; None where no cross attention is there."""
    widths = {
        sides[1]
        for module, sides in attention.items()
        if module.endswith(("attn2_to_k", "attn2_to_v"))
    }
    return max(widths) if widths else None


def one_name(module: str) -> str:
    """A module's name in the one form, whatever layout it comes from."""
    flat = module.replace(".", "_")
    flat = re.sub(r"to_out_0$", "to_out", flat)
    told = _LDM_BLOCK.match(flat)
    if told is None:
        return flat
    side, first, _, rest = told.groups()
    number = int(first)
    if side == "middle":
        return f"mid_block_attentions_0_{rest}"
    if side == "input":
        block, layer = divmod(number - 1, _BLOCK_LENGTH)
        return f"down_blocks_{block}_attentions_{layer}_{rest}"
    block, layer = divmod(number, _BLOCK_LENGTH)
    return f"up_blocks_{block}_attentions_{layer}_{rest}"


def _lora_part(name: str) -> tuple[str, bool] | None:
    """Module and whether it is the matrix on the side that goes in; None for other tensors."""
    if told := KOHYA_LORA.match(name):
        return one_name(told[1]), told[2] is not None
    if told := DIFFUSERS_LORA.match(name):
        module = f"{told[1]}.{told[2]}" if told[2] else told[1]
        return one_name(module), told[3] is not None
    return None
