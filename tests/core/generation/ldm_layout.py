"""Tensors of diffusers' modules under the names of the original layout: what loading must undo."""

import re

import torch

RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "time_emb_proj": "emb_layers.1",
    "conv_shortcut": "skip_connection",
}
UNET = {
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_in": "input_blocks.0.0",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}
VAE_ATTENTION = {
    "group_norm": "norm",
    "to_q": "q",
    "to_k": "k",
    "to_v": "v",
    "to_out.0": "proj_out",
}
OPEN_CLIP = {
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "self_attn.out_proj": "attn.out_proj",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
}
BLOCK = re.compile(r"^(down|up)_blocks\.(\d)\.(resnets|attentions|\w+samplers)\.(\d)\.(.+)$")


def unet_tensors(unet):
    crossed = {
        name.split(".")[1] for name in unet.state_dict() if re.match(r"up.*attentions", name)
    }
    return {
        f"model.diffusion_model.{unet_name(name, crossed)}": value
        for name, value in unet.state_dict().items()
    }


def unet_name(name, crossed):
    stem, _, ending = name.rpartition(".")
    if stem in UNET:
        return f"{UNET[stem]}.{ending}"
    if middle := re.match(r"^mid_block\.(resnets|attentions)\.(\d)\.(.+)$", name):
        place = 1 if middle[1] == "attentions" else 2 * int(middle[2])
        rest = renamed(middle[3], RESNET) if middle[1] == "resnets" else middle[3]
        return f"middle_block.{place}.{rest}"
    side, block, kind, layer, rest = BLOCK.match(name).groups()
    number = 3 * int(block) + int(layer) + (1 if side == "down" else 0)
    blocks = "input_blocks" if side == "down" else "output_blocks"
    if kind == "downsamplers":
        return f"input_blocks.{3 * int(block) + 3}.0.op.{rest.removeprefix('conv.')}"
    if kind == "upsamplers":
        return f"output_blocks.{3 * int(block) + 2}.{2 if block in crossed else 1}.{rest}"
    if kind == "resnets":
        return f"{blocks}.{number}.0.{renamed(rest, RESNET)}"
    return f"{blocks}.{number}.1.{rest}"


def vae_tensors(vae):
    found = {}
    for name, value in vae.state_dict().items():
        new = name.replace("conv_norm_out", "norm_out").replace("conv_shortcut", "nin_shortcut")
        new = re.sub(r"mid_block\.resnets\.(\d)", lambda m: f"mid.block_{int(m[1]) + 1}", new)
        new = re.sub(r"down_blocks\.(\d)\.resnets", r"down.\1.block", new)
        new = re.sub(r"down_blocks\.(\d)\.downsamplers\.0", r"down.\1.downsample", new)
        new = re.sub(r"up_blocks\.(\d)\.resnets", lambda m: f"up.{3 - int(m[1])}.block", new)
        new = re.sub(
            r"up_blocks\.(\d)\.upsamplers\.0", lambda m: f"up.{3 - int(m[1])}.upsample", new
        )
        if "mid_block.attentions.0." in new:
            side, rest = new.split("mid_block.attentions.0.")
            new = f"{side}mid.attn_1.{renamed(rest, VAE_ATTENTION)}"
            if value.ndim == 2:
                value = value[:, :, None, None]
        found[f"first_stage_model.{new}"] = value
    return found


def clip_tensors(encoder, prefix="cond_stage_model.transformer."):
    """Of OpenAI's CLIP; the module's names with `text_model.`, as files have them."""
    return {
        f"{prefix}text_model.{name.removeprefix('text_model.')}": value
        for name, value in encoder.state_dict().items()
    }


def open_clip_tensors(encoder, prefix):
    tensors = {
        name.removeprefix("text_model."): value for name, value in encoder.state_dict().items()
    }
    found = {
        "positional_embedding": tensors["embeddings.position_embedding.weight"],
        "token_embedding.weight": tensors["embeddings.token_embedding.weight"],
        "ln_final.weight": tensors["final_layer_norm.weight"],
        "ln_final.bias": tensors["final_layer_norm.bias"],
        "text_projection": tensors["text_projection.weight"].T
        if "text_projection.weight" in tensors
        else torch.zeros(encoder.config.hidden_size, encoder.config.hidden_size),
        "logit_scale": torch.tensor(4.6),
    }
    for name, value in tensors.items():
        told = re.match(r"encoder\.layers\.(\d+)\.(.+)\.(weight|bias)$", name)
        if told is None:
            continue
        block = f"transformer.resblocks.{told[1]}"
        if told[2] == "self_attn.q_proj":
            others = (tensors[name.replace("q_proj", other)] for other in ("k_proj", "v_proj"))
            found[f"{block}.attn.in_proj_{told[3]}"] = torch.cat([value, *others])
        elif told[2] in OPEN_CLIP:
            found[f"{block}.{OPEN_CLIP[told[2]]}.{told[3]}"] = value
    return {f"{prefix}{name}": value for name, value in found.items()}


def renamed(name, names):
    for old, new in names.items():
        if name.startswith(f"{old}."):
            return new + name.removeprefix(old)
    return name
