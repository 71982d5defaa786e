"""What a device's process and its owner say to each other: one line of JSON each."""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.errors import GemboardError
from core.generation.devices import (
    DeviceMemoryError,
    GenerationCancelledError,
    GenerationError,
    MadeBatch,
    MadePicture,
    Step,
    Work,
    WrongWeightsError,
)
from core.generation.recipe import read_recipe, read_request, write_recipe

_KINDS: dict[str, type[GenerationError]] = {
    "memory": DeviceMemoryError,
    "weights": WrongWeightsError,
    "generation": GenerationError,
}


def line(message: Mapping[str, Any]) -> bytes:
    """One message as its line."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def work_content(work: Work) -> dict[str, Any]:
    """A batch as values that JSON has."""
    return {
        "requests": [asdict(request) for request in work.requests],
        "keep": list(work.keep),
        "places": {sha256: str(path) for sha256, path in work.places.items()},
        "previews": work.previews,
    }


def read_work(content: Mapping[str, Any]) -> Work:
    """The batch of `work_content`."""
    return Work(
        tuple(read_request(each) for each in content["requests"]),
        tuple(content["keep"]),
        {sha256: Path(path) for sha256, path in content["places"].items()},
        content["previews"],
    )


def step_content(step: Step) -> dict[str, Any]:
    """A step as values that JSON has."""
    previews = {str(place): packed(data) for place, data in (step.previews or {}).items()}
    return {"step": step.step, "steps": step.steps, "words": step.words, "previews": previews}


def read_step(content: Mapping[str, Any]) -> Step:
    """The step of `step_content`."""
    previews = {int(place): unpacked(text) for place, text in content["previews"].items()}
    return Step(content["step"], content["steps"], content["words"], previews or None)


def batch_content(made: MadeBatch) -> dict[str, Any]:
    """A finished batch as values that JSON has."""
    pictures = [
        {
            "place": picture.place,
            "png": packed(picture.png),
            "recipe": write_recipe(picture.recipe),
            "nsfw": picture.nsfw_score,
        }
        for picture in made.pictures
    ]
    return {
        "pictures": pictures,
        "load_s": made.load_s,
        "make_s": made.make_s,
        "words": made.words,
    }


def read_batch(content: Mapping[str, Any]) -> MadeBatch:
    """The batch of `batch_content`."""
    pictures = tuple(
        MadePicture(each["place"], unpacked(each["png"]), read_recipe(each["recipe"]), each["nsfw"])
        for each in content["pictures"]
    )
    return MadeBatch(pictures, content["load_s"], content["make_s"], content["words"])


def error_content(error: Exception) -> dict[str, str]:
    """An error as values that JSON has; those that are not ours are named by their kind."""
    if isinstance(error, GenerationCancelledError):
        return {"error": "cancelled", "message": str(error)}
    names = [name for name, kind in _KINDS.items() if isinstance(error, kind)]
    if names:
        return {"error": names[0], "message": str(error)}
    if isinstance(error, GemboardError):
        return {"error": "generation", "message": str(error)}
    first = (str(error).strip().splitlines() or [""])[0]
    return {"error": "generation", "message": f"{type(error).__name__}: {first[:300]}"}


def read_error(content: Mapping[str, Any]) -> GenerationError:
    """The error of `error_content`."""
    if content["error"] == "cancelled":
        return GenerationCancelledError()
    return _KINDS[content["error"]](content["message"])


def packed(data: bytes) -> str:
    """Bytes as text."""
    return base64.b64encode(data).decode("ascii")


def unpacked(text: str) -> bytes:
    """The bytes of `packed`."""
    return base64.b64decode(text)
