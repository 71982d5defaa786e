"""Which devices of this machine make pictures; torch is not asked, for it takes seconds to load."""

import os
import re
from pathlib import Path

from core.errors import SettingsError

AUTO = "auto"
NVIDIA = Path("/proc/driver/nvidia/gpus")  # one folder per card
_NAME = re.compile(r"cpu|cuda:\d{1,3}")


def local_devices(wanted: str = AUTO) -> tuple[str, ...]:
    """Names as torch has them, from `auto` or a list such as `cuda:0,cuda:1`; all GPUs, or `cpu`.

    Raises SettingsError for a name that is none, or one that stands there twice.
    """
    if wanted.strip() in ("", AUTO):
        return tuple(f"cuda:{number}" for number in range(_cards())) or ("cpu",)
    names = tuple(
        "cuda:0" if name == "cuda" else name for name in map(str.strip, wanted.split(","))
    )
    for name in names:
        if not _NAME.fullmatch(name):
            raise SettingsError(
                "GEMBOARD_GENERATION_DEVICES",
                f"{name!r} is no device: write auto, cpu, or a list such as cuda:0,cuda:1.",
            )
    if len(set(names)) < len(names):
        raise SettingsError("GEMBOARD_GENERATION_DEVICES", "a device stands there twice.")
    return names


def _cards() -> int:
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return len([name for name in visible.split(",") if name.strip() not in ("", "-1")])
    return len(list(NVIDIA.iterdir())) if NVIDIA.is_dir() else 0
