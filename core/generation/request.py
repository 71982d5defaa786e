"""A picture asked for: everything that decides what it shows, checked when it is made."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.errors import GemboardError, shortened
from core.generation.samplers import find_sampler

PROMPT_LIMIT = 20_000  # characters, as importers take
NAME_LIMIT = 500  # characters
SIDE_STEP_PX = 8  # a latent's side: the autoencoder shrinks by it
SIDE_LOW_PX, SIDE_HIGH_PX = 64, 4096
STEPS_HIGH = 200
CFG_SCALE_HIGH = 50.0
CLIP_SKIP_HIGH = 12  # layers of the text encoder of Stable Diffusion 1
LORA_SCALE_HIGH = 10.0  # either way
LORAS_HIGH = 16
SEED_HIGH = 2**64 - 1
COUNT_HIGH = 1_000
_SHA256 = re.compile(r"[0-9a-f]{64}")
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # control characters, half pairs


class RequestError(GemboardError):
    """A request that no picture can be made from; its text says why and what to do."""


@dataclass(frozen=True)
class Weights:
    """A model's weights: the hash is what they are, the name is for people."""

    name: str
    sha256: str  # 64 lower-case hex digits

    def __post_init__(self) -> None:
        _check_weights("model", self.name, self.sha256)


@dataclass(frozen=True)
class Lora:
    """A LoRA and how strongly it is applied."""

    name: str
    sha256: str  # 64 lower-case hex digits
    scale: float = 1.0

    def __post_init__(self) -> None:
        _check_weights("LoRA", self.name, self.sha256)
        scale = _decimal(
            f"The scale of the LoRA {shortened(self.name)}",
            self.scale,
            -LORA_SCALE_HIGH,
            LORA_SCALE_HIGH,
        )
        object.__setattr__(self, "scale", scale)


@dataclass(frozen=True)
class Request:
    """One picture to make; what it is made of is brought into one form, then checked.

    Outer blanks of prompts go, line ends become one character, samplers get the name they have
    here, LoRAs stand in the order of their hashes, and a CLIP skip of 1 is none. Raises
    RequestError, or UnknownSamplerError.
    """

    prompt: str
    model: Weights
    seed: int  # 0 to 2^64 - 1
    negative_prompt: str = ""
    loras: tuple[Lora, ...] = ()
    width: int = 512  # px, a multiple of 8
    height: int = 512  # px, a multiple of 8
    steps: int = 30  # as the sampler counts them
    cfg_scale: float = 7.0  # classifier-free guidance; 1 is none
    sampler: str = "Euler a"
    clip_skip: int | None = None  # counted as web UIs do: 2 takes the last layer but one
    guidance_rescale: float = 0.0  # phi of Lin et al. 2023, section 3.4; 0 is none

    @property
    def weights(self) -> "tuple[Weights | Lora, ...]":
        """All that must be loaded: the model, then its LoRAs."""
        return (self.model, *self.loras)

    def __post_init__(self) -> None:
        for name, value in self._checked():
            object.__setattr__(self, name, value)

    def _checked(self) -> Iterator[tuple[str, object]]:
        prompt = _prompt("prompt", self.prompt)
        if not prompt:
            raise RequestError("The prompt is empty: say what the picture should show.")
        yield "prompt", prompt
        yield "negative_prompt", _prompt("negative prompt", self.negative_prompt)
        if not isinstance(self.model, Weights):
            raise RequestError("The request names no model: pick one.")
        yield "loras", _loras(self.loras)
        yield "seed", _whole("The seed", self.seed, 0, SEED_HIGH)
        yield "width", _side("width", self.width)
        yield "height", _side("height", self.height)
        yield "steps", _whole("The number of steps", self.steps, 1, STEPS_HIGH)
        yield "cfg_scale", _decimal("The CFG scale", self.cfg_scale, 0, CFG_SCALE_HIGH)
        if not isinstance(self.sampler, str):
            raise RequestError(f"The sampler {shortened(self.sampler)} is no name: give its name.")
        yield "sampler", find_sampler(self.sampler).name
        if self.clip_skip is not None:
            skip = _whole("The CLIP skip", self.clip_skip, 1, CLIP_SKIP_HIGH)
            yield "clip_skip", None if skip == 1 else skip
        yield "guidance_rescale", _decimal("The guidance rescale", self.guidance_rescale, 0, 1)


def with_seeds(request: Request, count: int) -> tuple[Request, ...]:
    """`count` requests, the seed of each one higher than that before, from 2^64 - 1 to 0."""
    _whole("The number of pictures", count, 1, COUNT_HIGH)
    return tuple(
        replace(request, seed=(request.seed + each) % (SEED_HIGH + 1)) for each in range(count)
    )


def _check_weights(kind: str, name: object, sha256: object) -> None:
    if not isinstance(name, str) or not name.strip():
        raise RequestError(f"A {kind} has no name: give it one.")
    if len(name) > NAME_LIMIT or not name.isprintable():
        raise RequestError(
            f"The name {shortened(name)} of a {kind} is longer than {NAME_LIMIT} characters or "
            "holds characters that cannot be shown: rename it."
        )
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        raise RequestError(
            f"The hash {shortened(sha256)} of the {kind} {shortened(name)} is no SHA-256 "
            "(64 hex digits in lower case): add its file anew."
        )


def _prompt(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise RequestError(f"The {name} {shortened(value)} is no text: write one.")
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > PROMPT_LIMIT:
        raise RequestError(
            f"The {name} has {len(text):,} characters: shorten it to {PROMPT_LIMIT:,} at most."
        )
    if unfit := _UNFIT.search(text):
        raise RequestError(
            f"The {name} holds the control character U+{ord(unfit[0]):04X} at place "
            f"{unfit.start() + 1}: take it out."
        )
    return text


def _loras(loras: object) -> tuple[Lora, ...]:
    if not isinstance(loras, tuple) or not all(isinstance(lora, Lora) for lora in loras):
        raise RequestError("The LoRAs are not a list of LoRAs: give each by name, hash and scale.")
    if len(loras) > LORAS_HIGH:
        raise RequestError(f"{len(loras)} LoRAs are too many: pick {LORAS_HIGH} at most.")
    if len({lora.sha256 for lora in loras}) < len(loras):
        raise RequestError("A LoRA is named twice: name it once, with one scale.")
    return tuple(sorted(loras, key=lambda lora: lora.sha256))


def _side(name: str, value: object) -> int:
    side = _whole(f"The {name}", value, SIDE_LOW_PX, SIDE_HIGH_PX, " px")
    if below := side % SIDE_STEP_PX:
        lower = side - below
        raise RequestError(
            f"The {name} of {side} px is not a multiple of {SIDE_STEP_PX}: take {lower} or "
            f"{lower + SIDE_STEP_PX}."
        )
    return side


def _whole(subject: str, value: object, low: int, high: int, unit: str = "") -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise RequestError(f"{subject} {shortened(value)} is no whole number: give one.")
    if not low <= value <= high:
        raise RequestError(
            f"{subject} {_short_number(value)}{unit} is out of range: take {low} to {high}{unit}."
        )
    return value


def _decimal(subject: str, value: object, low: float, high: float) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise RequestError(f"{subject} {shortened(value)} is no number: give one.")
    if not low <= value <= high:  # NaN neither
        raise RequestError(
            f"{subject} {_short_number(value)} is out of range: take {low:g} to {high:g}."
        )
    return float(value) + 0.0  # -0.0 becomes 0.0


def _short_number(value: float) -> str:
    # Python refuses to write out whole numbers of thousands of digits.
    if isinstance(value, int) and value.bit_length() > 200:
        return "of more than 60 digits"
    return f"of {value}"
