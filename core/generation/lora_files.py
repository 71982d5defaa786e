"""LoRA files: what each adds to which weight, every tensor of it accounted for.

diffusers reads them, in its own layout and in Kohya's, and names the layers that they change.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import shortened
from core.generation.pipelines import EngineError, is_memory_error

if TYPE_CHECKING:
    from torch import Tensor

DOWN, UP = ".lora_A.weight", ".lora_B.weight"  # as peft names the two factors
_OLD_FACTOR = re.compile(r"(?:_lora|\.lora|\.lora_linear_layer)\.(down|up)\.weight$")
# Layers that diffusers' former names call by the name of the processor's part.
_UNET_LAYERS = {"to_out": "to_out.0"}
_TEXT_LAYERS = {"to_q": "q_proj", "to_k": "k_proj", "to_v": "v_proj", "to_out": "out_proj"}
_PARTS = ("unet", "text_encoder", "text_encoder_2")
_KOHYA_ALPHA = ".alpha"
_KOHYA_FACTORS = (".lora_down.weight", ".lora_up.weight")
_OTHER_KINDS = re.compile(
    r"dora_scale|lora_magnitude_vector|lora_mid|hada_|lokr_|oft_|\.diff(_b)?$"
)


@dataclass(frozen=True)
class Change:
    """What one LoRA adds to one weight: scale x up @ down."""

    down: "Tensor"  # (rank, in) or (rank, in, height, width)
    up: "Tensor"  # (out, rank) or (out, rank, 1, 1)
    scale: float


Changes = Mapping[tuple[str, str], Change]  # by part of the pipeline and name of the layer


def read_changes(pipeline: Any, path: Path, name: str) -> Changes:
    """What the LoRA at `path`, a file or a folder of one, changes in the pipeline.

    Every tensor of it must fit a layer. `name` is the LoRA's, for errors. Raises EngineError.
    """
    file = _file(path, name)
    try:
        state, metadata = _read(file)
        _refuse_other_kinds(state, name)
        alphas = _taken_alphas(state)
        named = type(pipeline).lora_state_dict(
            _with_alphas(state, alphas), unet_config=pipeline.unet.config
        )[0]
    except EngineError:
        raise
    except Exception as error:  # libraries raise anything on a damaged or foreign file
        if is_memory_error(error):
            raise
        raise EngineError(
            f"The LoRA {shortened(name)} cannot be read: its tensors are not named as diffusers or "
            "Kohya's trainer name them, or the file is damaged."
        ) from error
    changes: dict[tuple[str, str], Change] = {}
    for part in _PARTS:
        factors = _peft_names(part, named, getattr(pipeline, part, None))
        for layer, down, up in _pairs(factors, name):
            _check_fit(pipeline, part, layer, down, up, name)
            told = _told_scale(metadata, part, layer, down.shape[0])
            changes[part, layer] = Change(down, up, told)
    landed = 2 * len(changes)
    if landed != len(named) or not landed:
        raise EngineError(
            f"The LoRA {shortened(name)} does not fit this base: {len(named) - landed} of its "
            f"{len(named)} tensors have no place there. Take a LoRA made for it."
        )
    return changes


def _file(path: Path, name: str) -> Path:
    if not path.is_dir():
        return path
    files = sorted(path.glob("*.safetensors"))
    if len(files) != 1:
        raise EngineError(
            f"The folder of the LoRA {shortened(name)} holds {len(files)} .safetensors files "
            "instead of one: name the file."
        )
    return files[0]


def _read(file: Path) -> tuple[dict[str, "Tensor"], Mapping[str, Any]]:
    from safetensors import safe_open

    with safe_open(file, framework="pt") as opened:
        told = opened.metadata() or {}
        state = {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118
    # diffusers' name for what peft knows of the adapter.
    metadata = json.loads(told.get("lora_adapter_metadata", "{}"))
    return state, metadata if isinstance(metadata, dict) else {}


def _refuse_other_kinds(state: Mapping[str, Any], name: str) -> None:
    other = next((key for key in state if _OTHER_KINDS.search(key)), None)
    if other is not None:
        raise EngineError(
            f"{shortened(name)} is a DoRA, LoHa, LoKr or another relative of LoRA (it holds "
            f"{shortened(other)}), which are not laid over models here: take a plain LoRA."
        )


def _taken_alphas(state: dict[str, "Tensor"]) -> dict[str, float]:
    """Alphas by the layer's name, taken out of the state."""
    names = [key for key in state if key.endswith(_KOHYA_ALPHA)]
    return {key.removesuffix(_KOHYA_ALPHA): float(state.pop(key)) for key in names}


def _with_alphas(state: dict[str, "Tensor"], alphas: Mapping[str, float]) -> dict[str, "Tensor"]:
    """The state with alpha / rank multiplied into the upper factors, as Kohya's trainer means it.

    diffusers would hand alphas to peft by patterns of names, which do not find every layer.
    """
    for layer, alpha in alphas.items():
        down, up = (f"{layer}{factor}" for factor in _KOHYA_FACTORS)
        if down not in state or up not in state:
            raise ValueError(f"an alpha without factors: {layer}")
        state[up] = state[up].float() * (alpha / state[down].shape[0])
    return state


def _peft_names(part: str, named: Mapping[str, "Tensor"], module: Any) -> dict[str, "Tensor"]:
    """The tensors of one part, by the name of the layer and of the factor."""
    prefix = f"{part}."
    own = {key.removeprefix(prefix): each for key, each in named.items() if key.startswith(prefix)}
    if module is None:
        return {}
    if part == "unet":
        return {_peft_name(key, _UNET_LAYERS): each for key, each in own.items()}
    flat = "" if hasattr(module, "text_model") else "text_model."  # none in transformers 5
    return {_peft_name(key.removeprefix(flat), _TEXT_LAYERS): each for key, each in own.items()}


def _peft_name(name: str, layers: Mapping[str, str]) -> str:
    # diffusers' own renaming takes a file's kind from a few names and loses those of another kind.
    name = name.replace(".processor.", ".")
    found = _OLD_FACTOR.search(name)
    if found is None:
        return name
    stem, _, last = name[: found.start()].rpartition(".")
    factor = DOWN if found[1] == "down" else UP
    return f"{stem}.{layers.get(last, last)}{factor}".removeprefix(".")


def _pairs(factors: Mapping[str, "Tensor"], name: str) -> Iterator[tuple[str, "Tensor", "Tensor"]]:
    for key, down in factors.items():
        if not key.endswith(DOWN):
            continue
        layer = key.removesuffix(DOWN)
        up = factors.get(layer + UP)
        if up is None or up.shape[1:2] != down.shape[:1]:
            raise EngineError(
                f"The LoRA {shortened(name)} is damaged: {shortened(layer)} has one factor "
                "without the other, or of another rank."
            )
        yield layer, down, up


def _check_fit(
    pipeline: Any, part: str, layer: str, down: "Tensor", up: "Tensor", name: str
) -> None:
    try:
        weight = getattr(pipeline, part).get_submodule(layer).weight
    except AttributeError:
        raise EngineError(
            f"The LoRA {shortened(name)} does not fit this base, which has no layer "
            f"{shortened(f'{part}.{layer}')}: take a LoRA made for it."
        ) from None
    wanted = (weight.shape[0], weight.shape[1:].numel())
    given = (up.shape[0], down.shape[1:].numel())
    kernel = tuple(down.shape[2:]) not in ((), (1, 1)) and down.shape[1:] != weight.shape[1:]
    if given != wanted or up.shape[2:].numel() != 1 or kernel:
        raise EngineError(
            f"The LoRA {shortened(name)} does not fit this base: it changes "
            f"{shortened(f'{part}.{layer}')} as {given[0]} x {given[1]} numbers and the base has "
            f"{wanted[0]} x {wanted[1]}. Take a LoRA made for it."
        )


def _told_scale(metadata: Mapping[str, Any], part: str, layer: str, rank: int) -> float:
    """alpha / rank, where the file brings peft's own settings; else 1, as diffusers takes it."""
    alpha = metadata.get(f"{part}.lora_alpha")
    if alpha is None:
        return 1.0
    for pattern, own in (metadata.get(f"{part}.alpha_pattern") or {}).items():
        if re.match(rf"(.*\.)?({pattern})$", layer):  # as peft's get_pattern_key
            alpha = own
            break
    divisor = rank**0.5 if metadata.get(f"{part}.use_rslora") else rank
    return float(alpha) / divisor
