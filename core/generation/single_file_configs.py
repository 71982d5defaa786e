"""Architecture of SD 1, SD 2 and SDXL, as the configuration files of a pipeline's folder.

The numbers are those of the public models; diffusers would fetch them from the hub otherwise.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.generation.clip_vocabulary import END, LENGTH, VOCABULARY, write_tokenizer
from core.generation.weights_files import Family

Config = dict[str, Any]

PIPELINES: dict[Family, str] = {
    "SD 1": "StableDiffusionPipeline",
    "SD 2": "StableDiffusionPipeline",
    "SDXL": "StableDiffusionXLPipeline",
}
PAD_OF_OPEN_CLIP = "!"  # id 0; SD 2 and SDXL's second text encoder were trained so

_DOWN, _DOWN_CROSS = "DownBlock2D", "CrossAttnDownBlock2D"
_UP, _UP_CROSS = "UpBlock2D", "CrossAttnUpBlock2D"
_UNET: Config = {
    "_class_name": "UNet2DConditionModel",
    "in_channels": 4,
    "out_channels": 4,
    "layers_per_block": 2,
    "block_out_channels": [320, 640, 1280, 1280],
    "down_block_types": [_DOWN_CROSS, _DOWN_CROSS, _DOWN_CROSS, _DOWN],
    "up_block_types": [_UP, _UP_CROSS, _UP_CROSS, _UP_CROSS],
}
_UNETS: dict[Family, Config] = {
    "SD 1": _UNET | {"sample_size": 64, "cross_attention_dim": 768, "attention_head_dim": 8},
    "SD 2": _UNET
    | {
        "sample_size": 96,
        "cross_attention_dim": 1024,
        "attention_head_dim": [5, 10, 20, 20],
        "use_linear_projection": True,
        "upcast_attention": True,  # half precision overflows without
    },
    "SDXL": _UNET
    | {
        "sample_size": 128,
        "cross_attention_dim": 2048,
        "attention_head_dim": [5, 10, 20],
        "block_out_channels": [320, 640, 1280],
        "down_block_types": [_DOWN, _DOWN_CROSS, _DOWN_CROSS],
        "up_block_types": [_UP_CROSS, _UP_CROSS, _UP],
        "transformer_layers_per_block": [1, 2, 10],
        "use_linear_projection": True,
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 256,
        "projection_class_embeddings_input_dim": 2816,  # 1280 of the text, 6 x 256 of sizes
    },
}
_VAE: Config = {
    "_class_name": "AutoencoderKL",
    "in_channels": 3,
    "out_channels": 3,
    "latent_channels": 4,
    "layers_per_block": 2,
    "block_out_channels": [128, 256, 512, 512],
    "down_block_types": ["DownEncoderBlock2D"] * 4,
    "up_block_types": ["UpDecoderBlock2D"] * 4,
    "norm_num_groups": 32,
}
_VAES: dict[Family, Config] = {
    "SD 1": _VAE | {"sample_size": 512, "scaling_factor": 0.18215},
    "SD 2": _VAE | {"sample_size": 768, "scaling_factor": 0.18215},
    "SDXL": _VAE | {"sample_size": 1024, "scaling_factor": 0.13025, "force_upcast": True},
}
_TEXT: Config = {
    "architectures": ["CLIPTextModel"],
    "model_type": "clip_text_model",
    "vocab_size": VOCABULARY,
    "max_position_embeddings": LENGTH,
    "layer_norm_eps": 1e-5,
    "bos_token_id": 0,
    "eos_token_id": 2,  # as published: transformers then takes the token with the highest id
    "pad_token_id": 1,
}
_CLIP_L = _TEXT | {
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "hidden_act": "quick_gelu",
    "projection_dim": 768,
}
_CLIP_H = _TEXT | {
    "hidden_size": 1024,
    "intermediate_size": 4096,
    "num_hidden_layers": 23,  # of 24: SD 2 takes the last but one
    "num_attention_heads": 16,
    "hidden_act": "gelu",
    "projection_dim": 512,
}
_CLIP_G = _TEXT | {
    "architectures": ["CLIPTextModelWithProjection"],
    "hidden_size": 1280,
    "intermediate_size": 5120,
    "num_hidden_layers": 32,
    "num_attention_heads": 20,
    "hidden_act": "gelu",
    "projection_dim": 1280,
}
_TEXTS: dict[Family, dict[str, Config]] = {
    "SD 1": {"text_encoder": _CLIP_L},
    "SD 2": {"text_encoder": _CLIP_H},
    "SDXL": {"text_encoder": _CLIP_L, "text_encoder_2": _CLIP_G},
}
_PADS: dict[Family, dict[str, str]] = {
    "SD 1": {"tokenizer": END},
    "SD 2": {"tokenizer": PAD_OF_OPEN_CLIP},
    "SDXL": {"tokenizer": END, "tokenizer_2": PAD_OF_OPEN_CLIP},
}
_NOISE: Config = {
    "num_train_timesteps": 1000,
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "steps_offset": 1,
    "timestep_spacing": "leading",
}


def write_configs(
    folder: Path,
    family: Family,
    *,
    predicts_velocity: bool = False,
    ends_in_noise: bool = False,
    changes: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Write what a pipeline's folder holds beside weights.

    `ends_in_noise`: its noise schedule was scaled to a signal of zero. `changes` alters
    configurations by part, for checkpoints of other sizes.
    """
    parts = {
        "unet": _UNETS[family],
        "vae": _VAES[family],
        "scheduler": _scheduler(family, predicts_velocity, ends_in_noise),
        **_TEXTS[family],
    }
    for part, config in parts.items():
        name = "scheduler_config.json" if part == "scheduler" else "config.json"
        _write(folder / part / name, {**config, **(changes or {}).get(part, {})})
    for part, pad_token in _PADS[family].items():
        write_tokenizer(folder / part, pad_token)
    _write(folder / "model_index.json", _index(family, parts))


def _scheduler(family: Family, predicts_velocity: bool, ends_in_noise: bool) -> Config:
    noise = _NOISE | {
        "prediction_type": "v_prediction" if predicts_velocity else "epsilon",
        "rescale_betas_zero_snr": ends_in_noise,
    }
    if family == "SDXL":
        return {"_class_name": "EulerDiscreteScheduler", **noise}
    return {
        "_class_name": "DDIMScheduler",
        **noise,
        "clip_sample": False,
        "set_alpha_to_one": False,
    }


def _index(family: Family, parts: Mapping[str, Config]) -> Config:
    libraries = {
        part: ["transformers", config["architectures"][0]]
        if "architectures" in config
        else ["diffusers", config["_class_name"]]
        for part, config in parts.items()
    }
    tokenizers = {part: ["transformers", "CLIPTokenizer"] for part in _PADS[family]}
    index = {"_class_name": PIPELINES[family], **libraries, **tokenizers}
    if family == "SDXL":
        return index | {"force_zeros_for_empty_prompt": True}
    absent = {"safety_checker": [None, None], "feature_extractor": [None, None]}
    return index | absent | {"requires_safety_checker": False}


def _write(path: Path, content: Config) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
