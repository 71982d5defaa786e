"""How a pipeline is fitted to a device's memory: a pure choice, and the words that tell of it.

What changes the arithmetic (precision, slicing, tiling) follows from the device's whole memory and
the size of the batch alone, so that a recipe gives the same picture however busy the device is.
What only moves weights to and fro (off-loading) follows from what is free.
"""

from dataclasses import dataclass
from typing import Literal

Offload = Literal["none", "model", "sequential"]

# Peak of the tensors alive beside the weights, in float32 bytes per pixel of one picture, counted
# by running diffusers' networks without numbers (device meta): AutoencoderKL 3,073 at any size;
# UNet2DConditionModel with both halves of guidance 1,040 in the shapes of Stable Diffusion 1.5 at
# 512 x 512 and 630 in those of XL at 1024 x 1024. A quarter is added for what kernels take.
DECODE_BYTES = 3_840
DENOISE_BYTES = 1_300
TILE_PX = 512  # side of the tiles that a picture is decoded in
LARGEST_PART = 0.81  # the UNet's share of Stable Diffusion 1.5's weights; of XL's 0.74
LARGEST_LAYER = 0.03  # the largest tensor's share of Stable Diffusion 1.5's weights; of XL's 0.01
USABLE = 0.9  # of a device's memory: the rest is its driver's and what falls between blocks
_GIB = 1024**3


@dataclass(frozen=True)
class MemoryPlan:
    """How memory is saved; of the choices that fit, the one that costs least."""

    precision: str  # float32, float16, bfloat16
    attention_slicing: bool = False
    vae_slicing: bool = False
    vae_tiling: bool = False
    offload: Offload = "none"
    words: str = ""  # what was chosen and why, for people


# From cheap to dear. Slicing decodes one picture after another; moving whole parts costs a transfer
# a picture; tiles leave faint seams; moving layer by layer is many times slower; sliced attention
# comes last, for PyTorch's own attention already needs little (diffusers' guide on memory).
_LADDER: tuple[tuple[Offload, bool, bool, bool], ...] = (
    ("none", False, False, False),
    ("none", True, False, False),
    ("model", True, False, False),
    ("model", True, True, False),
    ("sequential", True, True, False),
    ("sequential", True, True, True),
)
_OFFLOADS: tuple[Offload, ...] = ("none", "model", "sequential")


def plan_memory(
    free_bytes: int,
    total_bytes: int,
    device_kind: str,
    weights_bytes: int,
    width: int,
    height: int,
    batch: int,
) -> MemoryPlan:
    """The cheapest way in which a batch fits a device of `device_kind` (cpu or cuda).

    `weights_bytes` is what the weights take in the device's precision, `free_bytes` what is free
    before they are there, width and height are in pixels. Where nothing fits, the thriftiest.
    """
    precision = default_precision(device_kind)
    halved = 1 if precision == "float32" else 2
    pixels = width * height

    def needed(offload: Offload, slicing: bool, tiling: bool, attention: bool) -> float:
        decoded = min(pixels, TILE_PX**2) if tiling else pixels
        # Not halved: XL's autoencoder is computed in float32 everywhere.
        decode = DECODE_BYTES * decoded * (1 if slicing else batch)
        denoise = DENOISE_BYTES * pixels * batch / halved / (2 if attention else 1)
        share = {"none": 1.0, "model": LARGEST_PART, "sequential": LARGEST_LAYER}[offload]
        return weights_bytes * share + max(decode, denoise)

    # Weights cannot be moved off a CPU.
    rungs = _LADDER
    if device_kind == "cpu":
        rungs = tuple(dict.fromkeys(("none", *rung[1:]) for rung in _LADDER))
    fitting = [rung for rung in rungs if needed(*rung) <= total_bytes * USABLE]
    offload, slicing, tiling, attention = fitting[0] if fitting else rungs[-1]
    for further in _OFFLOADS[_OFFLOADS.index(offload) :] if device_kind != "cpu" else ():
        offload = further
        if needed(offload, slicing, tiling, attention) <= free_bytes * USABLE:
            break
    words = _words(offload, slicing, tiling, attention)
    need = needed(offload, slicing, tiling, attention)
    if need > min(free_bytes, total_bytes) * USABLE:
        words += (
            f"; about {_gib(need)} are needed and {_gib(free_bytes)} are free, which may not do"
        )
    elif (offload, slicing, tiling, attention) != _LADDER[0]:
        whole = needed(*_LADDER[0])
        words += (
            f", because the whole would need about {_gib(whole)} of {_gib(total_bytes)} "
            f"({_gib(free_bytes)} free)"
        )
    return MemoryPlan(precision, attention, slicing, tiling, offload, words)


def default_precision(device_kind: str) -> str:
    """Half precision where the hardware is made for it; on a CPU it is slower than single."""
    return "float32" if device_kind == "cpu" else "float16"


def _words(offload: Offload, slicing: bool, tiling: bool, attention: bool) -> str:
    chosen = []
    if offload == "model":
        chosen.append("parts of the model wait in main memory until they are used")
    if offload == "sequential":
        chosen.append("layers wait in main memory until they are used, which is slow")
    if slicing:
        chosen.append("pictures are decoded one by one")
    if tiling:
        chosen.append(f"pictures are decoded in tiles of {TILE_PX} px")
    if attention:
        chosen.append("attention is computed in slices")
    return ", ".join(chosen) or "everything fits into memory"


def _gib(size: float) -> str:
    return f"{size / _GIB:.1f} GiB"
