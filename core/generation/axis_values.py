"""The values of a grid's axis as people type them: `4, 7, 10`, `20..50 by 10`, `512x768`."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from core.errors import GemboardError, shortened
from core.generation.samplers import find_sampler

Parameter = Literal[
    "model", "seed", "prompt", "steps", "cfg_scale", "sampler", "size", "lora_scale",
    "guidance_rescale", "clip_skip",
]  # fmt: skip
PARAMETERS: dict[Parameter, str] = {
    "model": "Model",
    "seed": "Seed",
    "prompt": "Prompt",
    "steps": "Steps",
    "cfg_scale": "CFG scale",
    "sampler": "Sampler",
    "size": "Size",
    "lora_scale": "LoRA scale",
    "guidance_rescale": "Guidance rescale",
    "clip_skip": "CLIP skip",
}
WHOLE: frozenset[Parameter] = frozenset({"seed", "steps", "clip_skip"})
VALUES_HIGH = 200  # of one axis
TEXT_LIMIT = 200_000  # characters
_NUMBER = r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{1,10})?|\.[0-9]{1,10})"
_RANGE = re.compile(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})(?:\s*by\s*({_NUMBER}))?")
_SIZE = re.compile(r"([0-9]{1,5})\s*[x×*]\s*([0-9]{1,5})", re.IGNORECASE)
_SEPARATORS = re.compile(r"[,;\n]")


class AxisError(GemboardError):
    """Values or axes that no grid can be made of; its text says why and what to do."""


def read_values(parameter: Parameter, text: str) -> tuple[str | int | float | tuple[int, int], ...]:
    """The values of a text; prompts stand one on a line, all others between commas.

    Models are picked, not typed. Raises AxisError, or UnknownSamplerError.
    """
    name = PARAMETERS[parameter]
    if len(text) > TEXT_LIMIT:
        raise AxisError(f"{name}: the text is longer than {TEXT_LIMIT:,} characters; shorten it.")
    separator = re.compile("\n") if parameter == "prompt" else _SEPARATORS
    parts = [part.strip() for part in separator.split(text.replace("\r", "\n"))]
    values: list[str | int | float | tuple[int, int]] = []
    for part in filter(None, parts):
        for value in _values(parameter, part):
            values.append(value)
            if len(values) > VALUES_HIGH:
                raise AxisError(f"{name}: more than {VALUES_HIGH} values; take fewer.")
    if not values:
        raise AxisError(f"{name}: no values yet; write {EXAMPLES[parameter]}.")
    return tuple(values)


def _values(parameter: Parameter, part: str) -> Iterator[str | int | float | tuple[int, int]]:
    if parameter == "prompt":
        yield part
    elif parameter == "sampler":
        yield find_sampler(part).name
    elif parameter == "size":
        size = _SIZE.fullmatch(part)
        if size is None:
            raise _unread(parameter, part)
        yield int(size[1]), int(size[2])
    else:
        for number in _numbers(parameter, part):
            if parameter in WHOLE and number != int(number):
                raise AxisError(
                    f"{PARAMETERS[parameter]}: {shortened(number)} is no whole number; write "
                    f"{EXAMPLES[parameter]}."
                )
            yield int(number) if parameter in WHOLE else float(number)


def _numbers(parameter: Parameter, part: str) -> Iterator[Decimal]:
    if re.fullmatch(_NUMBER, part):
        yield Decimal(part)
        return
    found = _RANGE.fullmatch(part)
    if found is None:
        raise _unread(parameter, part)
    first, last, step = Decimal(found[1]), Decimal(found[2]), Decimal(found[3] or 1)
    if step <= 0 or last < first:
        raise AxisError(
            f"{PARAMETERS[parameter]}: {shortened(part)} leads nowhere; write the smaller number "
            "first and a step above 0."
        )
    while first <= last:  # read_values stops asking where there are too many
        yield first
        first += step


def _unread(parameter: Parameter, part: str) -> AxisError:
    return AxisError(
        f"{PARAMETERS[parameter]}: {shortened(part)} cannot be read; write {EXAMPLES[parameter]}."
    )


EXAMPLES: dict[Parameter, str] = {
    "model": "nothing: pick models",
    "seed": "1, 2, 3 or 1..3",
    "prompt": "one prompt on each line",
    "steps": "10, 20, 30 or 10..30 by 10",
    "cfg_scale": "4, 7, 10 or 3..9 by 2",
    "sampler": "Euler a, DDIM",
    "size": "512x512, 512x768",
    "lora_scale": "0.4, 0.8, 1.2 or 0..1 by 0.25",
    "guidance_rescale": "0, 0.3, 0.7",
    "clip_skip": "1, 2",
}
