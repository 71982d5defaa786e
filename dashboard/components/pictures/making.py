"""How a picture was made here: all of its recipe that a row of `images` does not hold."""

from core.errors import GemboardError
from core.generation.recipe import Recipe, identity, read_recipe
from dashboard import formats
from dashboard.components.fact_list import Fact

TITLE = "Made here"
HASH_DIGITS = 12  # of a LoRA's hash, enough to tell files apart


def stored_recipe(text: str | None) -> Recipe | None:
    """The recipe; None where there is none or a newer Gemboard wrote it."""
    try:
        return read_recipe(text) if text else None
    except GemboardError:
        return None


def making_facts(recipe: Recipe | None) -> list[Fact]:
    """The same labels for every picture, so that they can stand side by side."""
    told = _values(recipe) if recipe else {}
    labels = {
        "Device": False,
        "Arithmetic": False,
        "Batch": False,
        "Checkpoint": False,
        "Checkpoint hash": True,
        "LoRAs": False,
        "CLIP skip": False,
        "Guidance rescale": False,
        "Libraries": False,
        "Request hash": True,
    }
    return [Fact(label, told.get(label), mono=mono) for label, mono in labels.items()]


def _values(recipe: Recipe) -> dict[str, str]:
    request, batch = recipe.request, recipe.batch
    loras = [
        f"{lora.name} at {lora.scale:g} ({lora.sha256[:HASH_DIGITS]}…)" for lora in request.loras
    ]
    size = len(batch.members)
    return {
        "Device": recipe.device,
        "Arithmetic": recipe.precision,
        "Batch": "alone" if size == 1 else f"place {batch.place + 1} of {size} computed at once",
        "Checkpoint": request.model.name,
        "Checkpoint hash": request.model.sha256,
        "LoRAs": "\n".join(loras) or "none",
        "CLIP skip": "none" if request.clip_skip is None else str(request.clip_skip),
        "Guidance rescale": formats.plain_number(request.guidance_rescale),
        "Libraries": ", ".join(f"{name} {version}" for name, version in recipe.versions),
        "Request hash": identity(request),
    }
