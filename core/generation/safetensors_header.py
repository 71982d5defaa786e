"""The header of a safetensors file: names, types and shapes, read with no tensor and no torch.

https://github.com/huggingface/safetensors#format: eight bytes of length, that much JSON, the data.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from core.errors import shortened
from core.generation.devices import GenerationError

LENGTH_BYTES = 8
HEADER_LIMIT = 25 * 2**20  # bytes; SDXL has 0.4 MB, and trainers write whole tag lists into it
TENSORS_LIMIT = 50_000  # SDXL has 2,515
RANK_LIMIT = 8
METADATA_LIMIT = 300  # characters of one value; longer ones are lists that nobody here reads
PICKLE_ENDINGS = frozenset({".bin", ".ckpt", ".pickle", ".pkl", ".pt", ".pth"})
_BYTES = (  # of one value
    dict.fromkeys(("BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2"), 1)
    | dict.fromkeys(("I16", "U16", "F16", "BF16"), 2)
    | dict.fromkeys(("I32", "U32", "F32"), 4)
    | dict.fromkeys(("I64", "U64", "F64"), 8)
)
_ZIP = b"PK\x03\x04"
_PICKLE = 0x80, range(2, 6)  # first byte, and the protocols that may follow

Shapes = Mapping[str, tuple[int, ...]]


class UnfitWeightsError(GenerationError):
    """Weights that cannot be taken; its text says why and what to do."""


@dataclass(frozen=True)
class SafetensorsHeader:
    """What a file says of itself."""

    shapes: Shapes  # by the tensor's name
    metadata: Mapping[str, str]  # strangers' words, the short ones


def read_header(path: Path) -> SafetensorsHeader:
    """The header, once it proves to fit the file. Raises UnfitWeightsError."""
    name = shortened(path.name)
    if path.suffix.lower() in PICKLE_ENDINGS:
        raise _pickle(name)
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(LENGTH_BYTES + 1)
            length = int.from_bytes(start[:LENGTH_BYTES], "little")
            if start[LENGTH_BYTES:] != b"{" or length > HEADER_LIMIT:
                raise _no_safetensors(name, start, length)
            text = start[LENGTH_BYTES:] + file.read(length - 1)
    except OSError as error:
        raise UnfitWeightsError(f"{name} cannot be read ({error.strerror}).") from error
    if len(text) < length:
        raise _cut_off(name)
    return _checked(name, text, size - LENGTH_BYTES - length)


def _checked(name: str, text: bytes, data_bytes: int) -> SafetensorsHeader:
    try:
        content = json.loads(text)
        metadata = content.pop("__metadata__", None) or {}
        if not content or len(content) > TENSORS_LIMIT:
            raise ValueError("no tensors, or too many")
        ends = [_checked_end(entry) for entry in content.values()]
        shapes = {key: tuple(entry["shape"]) for key, entry in content.items()}
        told = {
            key: value
            for key, value in metadata.items()
            if isinstance(value, str) and len(value) <= METADATA_LIMIT
        }
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UnfitWeightsError(
            f"The header of {name} is broken: fetch the file again, or save it anew."
        ) from error
    if max(ends) > data_bytes:
        raise _cut_off(name)
    return SafetensorsHeader(shapes, told)


def _checked_end(entry: Mapping[str, Any]) -> int:
    """Where the tensor's data end. Raises ValueError and others."""
    shape, (start, end) = entry["shape"], entry["data_offsets"]
    numbers = [*shape, start, end]
    if len(shape) > RANK_LIMIT or any(type(one) is not int or one < 0 for one in numbers):
        raise ValueError("no shape")
    each = _BYTES.get(str(entry["dtype"]))
    if each is not None and prod(shape) * each != end - start:
        raise ValueError("shape and size disagree")
    return int(end)


def _no_safetensors(name: str, start: bytes, length: int) -> UnfitWeightsError:
    if start.startswith(_ZIP) or (
        start[:1] == bytes([_PICKLE[0]]) and len(start) > 1 and start[1] in _PICKLE[1]
    ):
        return _pickle(name)
    if start[LENGTH_BYTES:] == b"{" and length < 2**40:
        return UnfitWeightsError(
            f"The header of {name} has {length:,} bytes, more than the {HEADER_LIMIT:,} that are "
            "read: save the file anew without its long metadata."
        )
    return UnfitWeightsError(
        f"{name} is no safetensors file: fetch it again, or take the model's version that is."
    )


def _cut_off(name: str) -> UnfitWeightsError:
    return UnfitWeightsError(f"{name} is cut off: fetch it again.")


def _pickle(name: str) -> UnfitWeightsError:
    return UnfitWeightsError(
        f"{name} is a pickle, which can run any program when it is loaded: take the model's "
        "safetensors version, or convert it where you trust it."
    )
