"""Single-file checkpoints of SD 1, SD 2 and SDXL in their original layout, loaded offline."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from core.errors import shortened
from core.generation.safetensors_header import read_header
from core.generation.single_file_configs import PIPELINES, write_configs
from core.generation.weights_files import UnfitWeightsError, WeightsDescription, describe_weights

if TYPE_CHECKING:
    import torch

ZERO_SIGNAL = "ztsnr"  # a tensor by which fine-tunes of SDXL say how their noise is scaled


def load_single_file(
    path: Path,
    dtype: "torch.dtype",
    *,
    predicts_velocity: bool | None = None,
    changes: Mapping[str, Mapping[str, Any]] | None = None,
) -> Any:
    """The diffusers pipeline of a safetensors checkpoint, in main memory; nothing is fetched.

    What SD 2 predicts is asked of the UNet where neither `predicts_velocity` nor the file says it.
    `changes` alters the architecture by part. Raises UnfitWeightsError.
    """
    import diffusers
    import transformers

    found = describe_weights(path)
    if found.layout != "single file" or found.family not in PIPELINES:
        raise UnfitWeightsError(
            f"{shortened(path.name)} is no single-file checkpoint of {', '.join(PIPELINES)}: keep "
            "checkpoints of other shapes as folders in diffusers' layout."
        )
    told = found.predicts_velocity if predicts_velocity is None else predicts_velocity
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()
    with TemporaryDirectory(prefix="gemboard-") as folder:
        write_configs(
            Path(folder),
            found.family,
            predicts_velocity=bool(told),
            ends_in_noise=ZERO_SIGNAL in read_header(path).shapes,
            changes=changes,
        )
        pipeline = _loaded(path, folder, found, dtype)
    _check_complete(pipeline, path)
    if told is None and found.family == "SD 2" and seems_to_predict_velocity(pipeline.unet):
        pipeline.scheduler = type(pipeline.scheduler).from_config(
            pipeline.scheduler.config, prediction_type="v_prediction"
        )
    return pipeline


def seems_to_predict_velocity(unet: Any) -> bool:
    """Whether a UNet of SD 2 gives velocity rather than noise, told by what it makes of noise.

    At the last time step all is noise, so a UNet that predicts noise gives back about what it was
    given; the web UI of AUTOMATIC1111 tells the two apart so (`sd_models_config.py`).
    """
    import torch

    dtype, width = unet.dtype, unet.config.cross_attention_dim
    unet.float()
    with torch.no_grad():
        noise = torch.full((1, unet.config.in_channels, 8, 8), 0.5)
        answer = unet(noise, torch.tensor([999]), torch.full((1, 2, width), 0.5)).sample
    unet.to(dtype)
    return bool((answer - noise).mean() < -1)


def _loaded(path: Path, folder: str, found: WeightsDescription, dtype: "torch.dtype") -> Any:
    import diffusers

    pipeline_class = getattr(diffusers, PIPELINES[found.family])
    try:
        return pipeline_class.from_single_file(
            str(path), config=folder, dtype=dtype, local_files_only=True
        )
    except NotImplementedError as error:  # torch cannot copy what the file did not bring
        raise _incomplete(path, "the UNet or autoencoder") from error
    except (ValueError, KeyError, AttributeError) as error:
        raise UnfitWeightsError(
            f"{shortened(path.name)} has not the shapes of {found.family}, though its names say "
            "so: keep it as a folder in diffusers' layout."
        ) from error


def _check_complete(pipeline: Any, path: Path) -> None:
    """What the file lacks stays without values, and diffusers says nothing of text encoders."""
    for name, part in pipeline.components.items():
        parameters = part.parameters() if hasattr(part, "parameters") else ()
        if any(value.is_meta for value in parameters):
            raise _incomplete(path, f"the {name.replace('_', ' ')}")


def _incomplete(path: Path, what: str) -> UnfitWeightsError:
    return UnfitWeightsError(
        f"{shortened(path.name)} lacks tensors of {what}: fetch the full checkpoint again."
    )
