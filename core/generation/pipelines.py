"""Checkpoints as diffusers' pipelines: read from folders and single files, placed on a device."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import GemboardError, shortened
from core.generation.devices import GenerationError
from core.generation.memory import TILE_PX, MemoryPlan
from core.generation.samplers import Sampler

if TYPE_CHECKING:
    from PIL import Image

INDEX = "model_index.json"
CLASSES = ("StableDiffusionPipeline", "StableDiffusionXLPipeline")
# Parts that make no picture: the checker is ours to run, the others serve pictures as prompts.
_LEFT_OUT = ("safety_checker", "feature_extractor", "image_encoder")
_LIBRARIES = ("diffusers", "transformers")  # others would be programs that the folder brings


class EngineError(GenerationError):
    """What was asked for cannot be made with this model; the engine stays usable."""


def load_pipeline(path: Path, name: str, precision: str) -> Any:
    """The pipeline at `path`, a folder or a `.safetensors` file, in main memory.

    Pickles are never read and nothing is fetched. `name` is the model's, for errors. Raises
    EngineError.
    """
    import torch

    dtype = getattr(torch, precision)
    try:
        if path.is_dir():
            pipeline = _from_folder(path, name, dtype)
        else:
            from core.generation.single_file import load_single_file

            pipeline = load_single_file(path, dtype)
    except (GemboardError, MemoryError):
        raise
    except Exception as error:  # libraries raise anything on a damaged file
        if is_memory_error(error):
            raise
        raise EngineError(
            f"The model {shortened(name)} cannot be loaded: {_reason(error)}. Add it anew from a "
            "complete copy."
        ) from error
    pipeline.set_progress_bar_config(disable=True)
    pipeline.watermark = None  # XL marks its pictures where a certain package is installed
    pipeline.unet.eval()
    return pipeline


def place_pipeline(pipeline: Any, device: str, plan: MemoryPlan) -> None:
    """Put the weights where the plan wants them; they may lie anywhere before."""
    import torch

    release_pipeline(pipeline)
    # A step of a starter picture takes 24 instead of 28 ms on a CPU; half precision on GPUs gains.
    pipeline.unet.to(memory_format=torch.channels_last)
    if plan.offload == "none":
        pipeline.to(device)
    elif plan.offload == "model":
        pipeline.enable_model_cpu_offload(device=device)
    else:
        pipeline.enable_sequential_cpu_offload(device=device)


def release_pipeline(pipeline: Any) -> None:
    """Take the weights back into main memory where they are moved to and fro."""
    if any(hasattr(part, "_hf_hook") for part in pipeline.components.values()):
        pipeline.remove_all_hooks()
        pipeline.to("cpu")


def settle_pipeline(pipeline: Any) -> None:
    """Bring it back to rest after a call, also after one that broke off."""
    pipeline.maybe_free_model_hooks()
    if pipeline.vae.dtype != pipeline.unet.dtype:  # XL's is in single precision while it decodes
        pipeline.vae.to(pipeline.unet.dtype)


def apply_plan(pipeline: Any, plan: MemoryPlan) -> None:
    """Switch slicing and tiling on or off, as the plan of this batch says."""
    if plan.attention_slicing:
        pipeline.enable_attention_slicing()
    else:
        pipeline.disable_attention_slicing()
    for method, wanted in (("slicing", plan.vae_slicing), ("tiling", plan.vae_tiling)):
        switch = getattr(pipeline.vae, f"{'enable' if wanted else 'disable'}_{method}", None)
        if switch is not None:
            switch()
    if plan.vae_tiling:  # XL's own tiles are as large as its pictures
        pipeline.vae.tile_sample_min_size = TILE_PX
        pipeline.vae.tile_latent_min_size = TILE_PX // pipeline.vae_scale_factor


def take_sampler(pipeline: Any, own: Mapping[str, Any], sampler: Sampler) -> None:
    """Give the pipeline a new scheduler; `own` are the options that the checkpoint came with.

    From those each time: what one sampler changed must not reach the next.
    """
    import diffusers

    made = getattr(diffusers, sampler.scheduler)
    pipeline.scheduler = made.from_config(dict(own), **dict(sampler.options))


def as_pictures(pipeline: Any, pixels: Any, name: str) -> "list[Image.Image]":
    """(n, 3, height, width) from 0 to 1 as pictures; EngineError where they are no numbers."""
    if not bool(pixels.isfinite().all()):
        raise EngineError(
            f"{shortened(name)} gave no picture: its numbers overflowed. Take another sampler, "
            "more steps or a lower CFG scale."
        )
    processor = pipeline.image_processor
    pictures: list[Image.Image] = processor.numpy_to_pil(processor.pt_to_numpy(pixels))
    return pictures


def weights_bytes(pipeline: Any) -> int:
    """What the weights of all parts take."""
    return sum(
        parameter.numel() * parameter.element_size()
        for part in pipeline.components.values()
        if hasattr(part, "parameters")
        for parameter in part.parameters()
    )


def is_memory_error(error: BaseException) -> bool:
    """Whether a device's or the machine's memory ran out; torch knows no one class for it."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and (
        "DefaultCPUAllocator" in text
        or "not enough memory" in text
        or "CUDA out of memory" in text
        or "CUBLAS_STATUS_ALLOC_FAILED" in text
    )


def _from_folder(path: Path, name: str, dtype: Any) -> Any:
    import diffusers
    import transformers

    diffusers.utils.logging.set_verbosity_error()
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()
    index = _index(path, name)
    kind = index.get("_class_name")
    if kind not in CLASSES:
        raise EngineError(
            f"The model {shortened(name)} is a {shortened(kind)}, and pictures are made with "
            f"{' and '.join(CLASSES)} alone: take another model."
        )
    left_out = {part: None for part in _LEFT_OUT if part in index}
    variant = _check_parts(path, name, {k: v for k, v in index.items() if k not in left_out})
    return getattr(diffusers, str(kind)).from_pretrained(
        path,
        dtype=dtype,
        use_safetensors=True,
        local_files_only=True,
        variant=variant,
        **left_out,
        **({"requires_safety_checker": False} if kind == CLASSES[0] else {}),
    )


def _index(path: Path, name: str) -> Mapping[str, Any]:
    try:
        index = json.loads((path / INDEX).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise EngineError(
            f"The folder of the model {shortened(name)} holds no {INDEX}: name the folder that "
            "diffusers saved, or a .safetensors file."
        ) from None
    except (OSError, ValueError) as error:
        raise EngineError(
            f"The {INDEX} of the model {shortened(name)} cannot be read: add the model anew."
        ) from error
    if not isinstance(index, dict):
        raise EngineError(f"The {INDEX} of the model {shortened(name)} is no JSON object.")
    return index


def _check_parts(path: Path, name: str, index: Mapping[str, Any]) -> str | None:
    """The variant of the weights files, such as fp16; None is the plain one."""
    plain = True
    for part, told in index.items():
        if not isinstance(told, list) or len(told) != 2 or told[0] is None:
            continue
        if told[0] not in _LIBRARIES:
            raise EngineError(
                f"The model {shortened(name)} brings a program of its own for its part "
                f"{shortened(part)}, which is not run: take a model without."
            )
        folder = path / part
        if not folder.is_dir():
            raise EngineError(
                f"The model {shortened(name)} lacks its part {shortened(part)}: add it anew from "
                "a complete copy."
            )
        if part.startswith(("unet", "vae", "text_encoder")):
            files = [file.name for file in folder.glob("*.safetensors")]
            if not files:
                raise EngineError(
                    f"The part {shortened(part)} of the model {shortened(name)} has no "
                    ".safetensors file, and pickles are not read: take a copy with such files."
                )
            plain = plain and any(".fp16." not in file for file in files)
    return None if plain else "fp16"


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return shortened(lines[0] if lines else type(error).__name__, 200)
