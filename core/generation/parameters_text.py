"""The "parameters" text of web UIs such as AUTOMATIC1111's, which they keep in a PNG.

The prompt, then `Negative prompt: ...`, both over several lines where they have them, and a last
line of `Key: value` pairs between commas. The form is loose: a prompt with a line that begins with
`Negative prompt:` is cut there by every reader. What is exact is our recipe (see recipe.py).
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.errors import GemboardError
from core.generation.pairs import read_pairs, write_pairs
from core.generation.request import SEED_HIGH, Request

TEXT_LIMIT = 256 * 1024  # characters
LORAS_LIMIT = 100  # more in one prompt are left in its text
NEGATIVE = "Negative prompt:"
FEWEST_PAIRS = 3  # a last line with fewer belongs to the prompt, as web UIs read it
MODEL_HASH_DIGITS, LORA_HASH_DIGITS = 10, 12  # of the hex digits, as web UIs shorten them
_TAG = re.compile(r"<lora:([^:<>\n]{1,200}):([^:<>\n]{1,40})>")
_NUMBER = re.compile(r"[+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,3})?")
_WHOLE = re.compile(r"\d{1,20}")
_SIZE = re.compile(r"(\d{1,5})x(\d{1,5})")
_HASH = re.compile(r"[0-9a-fA-F]{6,64}")
_UNFIT_IN_TAGS = re.compile(r"[:<>\n,]")


class ParametersError(GemboardError):
    """A text that is too long to be anybody's parameters."""


@dataclass(frozen=True)
class LoraTag:
    """`<lora:name:scale>` in a prompt."""

    name: str
    scale: float


@dataclass(frozen=True)
class Parameters:
    """What a text tells; None where it tells nothing that can be read."""

    prompt: str  # without the LoRAs' tags
    negative_prompt: str
    loras: tuple[LoraTag, ...] = ()
    steps: int | None = None
    sampler: str | None = None  # as written
    schedule: str | None = None  # beside the sampler, by web UIs since 1.9
    cfg_scale: float | None = None
    seed: int | None = None
    width: int | None = None  # px
    height: int | None = None  # px
    model_name: str | None = None
    model_hash: str | None = None  # first digits, lower case
    clip_skip: int | None = None
    guidance_rescale: float | None = None
    lora_hashes: tuple[tuple[str, str], ...] = ()  # name, first digits of its hash
    other: tuple[tuple[str, str], ...] = ()  # keys unknown here, or known with unfit values


def write_parameters(request: Request) -> str:
    """The text of a request, as web UIs read it; LoRAs stand as tags after the prompt."""
    tags = " ".join(f"<lora:{_plain(lora.name)}:{_written(lora.scale)}>" for lora in request.loras)
    lines = [f"{request.prompt} {tags}".rstrip()]
    if request.negative_prompt:
        lines.append(f"{NEGATIVE} {request.negative_prompt}")
    pairs = [
        ("Steps", str(request.steps)),
        ("Sampler", request.sampler),
        ("CFG scale", _written(request.cfg_scale)),
        ("Seed", str(request.seed)),
        ("Size", f"{request.width}x{request.height}"),
        ("Model hash", request.model.sha256[:MODEL_HASH_DIGITS]),
        ("Model", request.model.name),
    ]
    if request.clip_skip is not None:
        pairs.append(("Clip skip", str(request.clip_skip)))
    if request.guidance_rescale:
        pairs.append(("Guidance rescale", _written(request.guidance_rescale)))
    if request.loras:
        hashes = (
            f"{_plain(lora.name)}: {lora.sha256[:LORA_HASH_DIGITS]}" for lora in request.loras
        )
        pairs.append(("Lora hashes", ", ".join(hashes)))
    pairs.append(("Version", "Gemboard"))
    return "\n".join([*lines, write_pairs(pairs)])


def read_parameters(text: str) -> Parameters:
    """What a text tells, whoever wrote it; nothing in it is ever run.

    Raises ParametersError where it is too long.
    """
    if len(text) > TEXT_LIMIT:
        raise ParametersError(
            f"The parameters have {len(text):,} characters, more than the {TEXT_LIMIT:,} that "
            "are read: this is no web UI's text."
        )
    lines = text.replace("\r\n", "\n").strip().split("\n")
    pairs = read_pairs(lines[-1])
    if len(pairs) < FEWEST_PAIRS:
        pairs = []
    else:
        lines.pop()
    prompt, negative = _prompts(lines)
    prompt, loras = _split_tags(prompt)
    known, other = _read_known(pairs)
    return Parameters(prompt, negative, loras, **known, other=tuple(other))


def _prompts(lines: list[str]) -> tuple[str, str]:
    parts: tuple[list[str], list[str]] = ([], [])
    is_negative = 0
    for line in lines:
        if not is_negative and line.lstrip().startswith(NEGATIVE):
            is_negative = 1
            line = line.lstrip().removeprefix(NEGATIVE)
        parts[is_negative].append(line)
    prompt, negative = ("\n".join(part).strip() for part in parts)
    return prompt, negative


def _split_tags(prompt: str) -> tuple[str, tuple[LoraTag, ...]]:
    """The prompt without its LoRAs; tags with anything but one number stay in it."""
    found: list[LoraTag] = []

    def taken(match: re.Match[str]) -> str:
        scale = _number(match[2].strip())
        if scale is None or len(found) == LORAS_LIMIT:
            return match[0]
        found.append(LoraTag(match[1].strip(), scale))
        return ""

    return _TAG.sub(taken, prompt).strip(), tuple(found)


def _read_known(pairs: list[tuple[str, str]]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    known: dict[str, Any] = {}
    other: list[tuple[str, str]] = []
    for key, value in pairs:
        field, read = _FIELDS.get(key.casefold(), (None, None))
        content = read(value) if read else None
        if field is None or content is None:
            other.append((key, value))
        elif field == "size":
            assert isinstance(content, tuple)
            known["width"], known["height"] = content
        else:
            known[field] = content
    return known, other


def _whole(value: str) -> int | None:
    number = int(value) if _WHOLE.fullmatch(value) and value.isascii() else None
    return number if number is not None and number <= SEED_HIGH else None


def _number(value: str) -> float | None:
    if not (_NUMBER.fullmatch(value) and value.isascii()):
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def _written(number: float) -> str:
    return repr(number).removesuffix(".0")


def _text(value: str) -> str | None:
    return value or None


def _size(value: str) -> tuple[int, int] | None:
    match = _SIZE.fullmatch(value)
    return (int(match[1]), int(match[2])) if match and value.isascii() else None


def _hash(value: str) -> str | None:
    return value.lower() if _HASH.fullmatch(value) else None


def _lora_hashes(value: str) -> tuple[tuple[str, str], ...] | None:
    found = []
    for part in value.split(","):
        name, colon, digits = part.rpartition(":")
        if not colon or (short := _hash(digits.strip())) is None:
            return None
        found.append((name.strip(), short))
    return tuple(found)


def _plain(name: str) -> str:
    return _UNFIT_IN_TAGS.sub("_", name).strip()


_FIELDS: dict[str, tuple[str, Callable[[str], object | None]]] = {
    "steps": ("steps", _whole),
    "sampler": ("sampler", _text),
    "schedule type": ("schedule", _text),
    "cfg scale": ("cfg_scale", _number),
    "seed": ("seed", _whole),
    "size": ("size", _size),
    "model": ("model_name", _text),
    "model hash": ("model_hash", _hash),
    "clip skip": ("clip_skip", _whole),
    "guidance rescale": ("guidance_rescale", _number),
    "lora hashes": ("lora_hashes", _lora_hashes),
}
