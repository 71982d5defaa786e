"""Weights as they lie on disk: checked against their hash, and told by their shapes what they are.

Nothing is loaded: the headers of safetensors files tell layout, family, and which LoRA fits which
checkpoint. Pickles are refused, whatever their ending says.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from core.errors import shortened
from core.generation.attention_shapes import (
    LDM_PREFIX,
    Sides,
    checkpoint_attention,
    cross_attention_width,
    lora_attention,
)
from core.generation.safetensors_header import (
    PICKLE_ENDINGS,
    SafetensorsHeader,
    Shapes,
    UnfitWeightsError,
    read_header,
)
from core.generation.weights_hash import check_weights, listing_sha256, weights_sha256

__all__ = [
    "INDEX",
    "Family",
    "Layout",
    "UnfitWeightsError",
    "WeightsDescription",
    "check_weights",
    "describe_weights",
    "listing_sha256",
    "weights_sha256",
]

Layout = Literal["folder", "single file", "diffusers LoRA", "Kohya LoRA"]
Family = Literal["SD 1", "SD 2", "SDXL", "own"]  # own: shapes of no public base, as the starter's

INDEX = "model_index.json"
INDEX_LIMIT = 2**20  # bytes
PIPELINES = ("StableDiffusionPipeline", "StableDiffusionXLPipeline")
LATENT_CHANNELS = 4  # of SD 1, SD 2 and SDXL; more are masks or pictures to start from
_WIDTHS: dict[int, Family] = {768: "SD 1", 1024: "SD 2", 2048: "SDXL"}  # of cross attention
_REFINER_WIDTH = 1280
_FIRST_LAYER = f"{LDM_PREFIX}input_blocks.0.0.weight"
_TEXT_LORA = re.compile(
    r"^(?:lora_te(\d?)_|text_encoder(_2)?\.).*q_proj.*(?:lora_down|lora_A|down)"
)
_UNREADABLE_LORA = re.compile(r"\.(?:hada_w[12]_[ab]|lokr_w[12](?:_[ab])?|oft_blocks|diff)$")
_MODEL_METADATA = "ss_base_model_version", "modelspec.architecture", "modelspec.prediction_type"
_TOLD_FAMILIES: tuple[tuple[str, Family], ...] = (
    ("sdxl", "SDXL"),
    ("stable-diffusion-xl", "SDXL"),
    ("sd_v2", "SD 2"),
    ("stable-diffusion-v2", "SD 2"),
    ("sd_v1", "SD 1"),
    ("stable-diffusion-v1", "SD 1"),
)


@dataclass(frozen=True)
class WeightsDescription:
    """What weights are, by their names and shapes."""

    layout: Layout
    family: Family
    bytes: int  # of all files
    attention: Mapping[str, Sides] = field(repr=False)  # of the UNet: out and in, by one name
    metadata: Mapping[str, str] = field(repr=False)  # what the file says of its base, if anything
    predicts_velocity: bool | None = None  # None: the file does not say

    @property
    def is_lora(self) -> bool:
        """Whether it is laid over a checkpoint."""
        return self.layout in ("diffusers LoRA", "Kohya LoRA")

    def fits(self, base: "WeightsDescription") -> bool:
        """Whether this LoRA can be laid over that checkpoint: each matrix it changes is there."""
        if not self.is_lora or base.is_lora:
            return False
        if not self.attention:  # text encoder or convolutions alone
            return self.family == base.family
        return all(base.attention.get(name) == sides for name, sides in self.attention.items())


def describe_weights(path: Path) -> WeightsDescription:
    """What lies at `path`: a file, or a folder in diffusers' layout or with one LoRA file.

    Raises UnfitWeightsError for what no picture can be made with, and for pickles.
    """
    if path.is_dir():
        if (path / INDEX).is_file():
            return _folder(path)
        files = sorted(path.glob("*.safetensors"))
        if len(files) == 1:
            refuse_pickles(path)
            return _file(files[0])
        raise UnfitWeightsError(
            f"{path} is no model in diffusers' layout: {INDEX} is missing. Name the folder that "
            "holds it, or one safetensors file."
        )
    if not path.is_file():
        raise UnfitWeightsError(f"There is no file or folder {path}.")
    return _file(path)


def refuse_pickles(folder: Path) -> None:
    """Raises UnfitWeightsError where a file of the folder may hold a program."""
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() in {*PICKLE_ENDINGS, ".py", ".msgpack", ".h5", ".onnx"}:
            raise UnfitWeightsError(
                f"{shortened(file.relative_to(folder).as_posix())} is no safetensors file and may "
                "hold a program: take the model's safetensors files alone, and remove it."
            )


def _file(path: Path) -> WeightsDescription:
    header = read_header(path)
    size = path.stat().st_size
    metadata = {key: header.metadata[key] for key in _MODEL_METADATA if key in header.metadata}
    name = shortened(path.name)
    if any(_UNREADABLE_LORA.search(key) for key in header.shapes):
        raise UnfitWeightsError(
            f"{name} is a LoHa, LoKr or another form of LyCORIS that cannot be read here: convert "
            "it to a LoRA, or take the model's LoRA version."
        )
    if layout := _lora_layout(header.shapes):
        attention = lora_attention(header.shapes)
        family = _lora_family(name, attention, header)
        return WeightsDescription(layout, family, size, attention, metadata)
    attention = checkpoint_attention(header.shapes, LDM_PREFIX)
    family = _family(name, cross_attention_width(attention))
    _refuse_incomplete(name, header.shapes)
    told = metadata.get("modelspec.prediction_type", "").lower()
    if any(key in header.shapes for key in ("v_pred", "ztsnr")) or told.startswith("v"):
        predicts_velocity: bool | None = True
    else:
        predicts_velocity = False if told.startswith("eps") else None
    return WeightsDescription("single file", family, size, attention, metadata, predicts_velocity)


def _refuse_incomplete(name: str, shapes: Shapes) -> None:
    parts = {
        "the autoencoder": ("first_stage_model.",),
        "the text encoder": ("cond_stage_model.", "conditioner.embedders."),
    }
    for part, prefixes in parts.items():
        if not any(key.startswith(prefixes) for key in shapes):
            raise UnfitWeightsError(
                f"{name} holds a UNet alone, {part} is missing: take the full checkpoint."
            )
    if (channels := shapes.get(_FIRST_LAYER, (0, 0))[1]) != LATENT_CHANNELS:
        raise _no_text_to_image(name, channels)


def _folder(path: Path) -> WeightsDescription:
    name = shortened(path.name)
    refuse_pickles(path)
    index = _json(path / INDEX)
    if index.get("_class_name") not in PIPELINES:
        raise UnfitWeightsError(
            f"{name} is a {shortened(index.get('_class_name'))}: only {' and '.join(PIPELINES)} "
            "can be used."
        )
    for part, told in index.items():
        library = told[0] if isinstance(told, list) and told else None
        if library not in (None, "diffusers", "transformers", "stable_diffusion"):
            raise UnfitWeightsError(
                f"{name} brings a program of its own for {shortened(part)}: take a model without."
            )
    headers = [read_header(file) for file in sorted((path / "unet").glob("*.safetensors"))]
    if not headers:
        raise UnfitWeightsError(f"{name} has no safetensors file in its folder unet.")
    shapes = {key: shape for header in headers for key, shape in header.shapes.items()}
    for file in path.rglob("*.safetensors"):
        if file.parent.name != "unet":
            read_header(file)
    attention = checkpoint_attention(shapes, "")
    family = _family(name, cross_attention_width(attention))
    channels = shapes.get("conv_in.weight", (0, 0))[1]
    if family != "own" and channels != LATENT_CHANNELS:
        raise _no_text_to_image(name, channels)
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    scheduler = path / "scheduler" / "scheduler_config.json"
    told = _json(scheduler).get("prediction_type") if scheduler.is_file() else None
    velocity = None if told is None else told == "v_prediction"
    return WeightsDescription("folder", family, size, attention, {}, velocity)


def _lora_layout(shapes: Shapes) -> Layout | None:
    names: Iterable[str] = shapes
    if any(name.startswith("lora_") and ".lora_down." in name for name in names):
        return "Kohya LoRA"
    if any(re.search(r"\.lora_[AB]\.|[._]lora\.(?:up|down)\.|lora_linear_layer", n) for n in names):
        return "diffusers LoRA"
    return None


def _lora_family(name: str, attention: Mapping[str, Sides], header: SafetensorsHeader) -> Family:
    if (width := cross_attention_width(attention)) is not None:
        return _family(name, width)
    told = " ".join(header.metadata.get(key, "") for key in _MODEL_METADATA).lower()
    for words, family in _TOLD_FAMILIES:
        if words in told:
            return family
    encoders = [(found, header.shapes[key]) for key in header.shapes if (found := _text_lora(key))]
    if any(number == "2" for number, _ in encoders):
        return "SDXL"
    widths = {shape[1] for _, shape in encoders if len(shape) == 2}
    return _WIDTHS.get(max(widths, default=0), "own")


def _text_lora(name: str) -> str | None:
    """Which text encoder a LoRA's tensor belongs to: 1 or 2; None for the UNet's."""
    found = _TEXT_LORA.match(name)
    return None if found is None else "2" if "2" in (found[1] or found[2] or "") else "1"


def _family(name: str, width: int | None) -> Family:
    if width is None or width == _REFINER_WIDTH:
        what = "an SDXL refiner" if width else "none of SD 1, SD 2 and SDXL"
        raise UnfitWeightsError(
            f"{name} is {what}: take a text-to-image checkpoint of these, or a LoRA for one."
        )
    return _WIDTHS.get(width, "own")


def _no_text_to_image(name: str, channels: int) -> UnfitWeightsError:
    return UnfitWeightsError(
        f"{name} starts from {channels} channels, not {LATENT_CHANNELS}: it repaints or alters "
        "pictures. Take the model's text-to-image version."
    )


def _json(path: Path) -> dict[str, object]:
    try:
        if path.stat().st_size > INDEX_LIMIT:
            raise ValueError("too long")
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise ValueError("no object")
    except (OSError, ValueError, RecursionError) as error:
        raise UnfitWeightsError(f"{shortened(path.name)} of the model cannot be read.") from error
    return content
