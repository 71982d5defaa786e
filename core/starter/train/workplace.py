"""Where training keeps its files, and which processor it uses."""

import os
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

TRAINING_HOME = Path(os.environ.get("GEMBOARD_HOME", "var")) / "starter-training"
# Seeds of scenes: training draws upwards from 0, so these are never seen in training.
EVALUATION_SEEDS_FROM = 10_000_000
LORA_SEEDS_FROM = 20_000_000


def training_folder(name: str) -> Path:
    """A folder below the training home, made if need be."""
    folder = TRAINING_HOME / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def choose_device(wish: str, threads: int) -> "torch.device":
    """`auto`, `cpu` or `cuda`; `threads` limits a CPU (0: all)."""
    import torch

    if threads:
        torch.set_num_threads(threads)
    if wish == "auto":
        wish = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(wish)


@cache
def fast_dtype(device_type: str) -> "torch.dtype":
    """bfloat16 where the processor multiplies it in hardware, else float32.

    A CPU without AVX512-bf16 or AMX emulates it: a UNet step then takes twenty times as long.
    """
    import torch

    in_hardware = device_type == "cuda" or torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return torch.bfloat16 if in_hardware else torch.float32


def mixed_precision(device: "torch.device") -> AbstractContextManager[None]:
    """Autocast to bfloat16 where that is faster; no effect elsewhere."""
    import torch

    dtype = fast_dtype(device.type)
    return torch.autocast(device.type, dtype, enabled=dtype == torch.bfloat16)
