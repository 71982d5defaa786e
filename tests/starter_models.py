"""A home with the starter's real models and a few prompts, without its pictures."""

import shutil

from core.generation.request import Lora, Request, Weights
from core.generation.weights_hash import weights_sha256
from core.starter.manifest import BASE_FOLDER, ENCODER_FOLDER, LORA_FOLDER
from core.starter.roster import BASE_MODEL, roster
from warehouse.landing import land
from warehouse.records import ModelRecord, PromptRecord

SIDE_PX, STEPS = 64, 3  # small: what is tested is not what the pictures show
ENTRIES = {entry.slug: entry for entry in roster()}


def starter_request(slug="base", prompt="a red house in a meadow", seed=1, **changes):
    """A small picture by one of the starter's models."""
    loras = () if slug == "base" else (Lora(slug, weights_sha256(LORA_FOLDER / slug)),)
    asked = {"width": SIDE_PX, "height": SIDE_PX, "steps": STEPS, "cfg_scale": 4.0}
    return Request(
        prompt,
        Weights("base", weights_sha256(BASE_FOLDER)),
        seed,
        loras=loras,
        sampler="DDIM trailing",
        guidance_rescale=0.6,
        **(asked | changes),
    )


def starter_places(*slugs):
    """Where the weights of these models lie."""
    places = {weights_sha256(BASE_FOLDER): BASE_FOLDER}
    return places | {weights_sha256(LORA_FOLDER / slug): LORA_FOLDER / slug for slug in slugs}


def add_starter_models(warehouse, slugs, prompts, *, encoder=False, side=SIDE_PX):
    """Models by slug, each with its files in the home, and prompts 1 to n."""
    folder = warehouse.home / "models" / "starter"
    rows = []
    for slug in slugs:
        entry = ENTRIES[slug]
        source = BASE_FOLDER if slug == "base" else LORA_FOLDER / slug
        shutil.copytree(source, folder / entry.path)
        rows.append(
            ModelRecord(
                entry.model_version_id,
                entry.model_name,
                version_name=entry.version_name,
                base_model=BASE_MODEL,
                kind=entry.kind,
                downloads=entry.downloads,
                path=f"models/starter/{entry.path}",
                sha256=weights_sha256(source),
            )
        )
    if encoder:
        shutil.copytree(ENCODER_FOLDER, warehouse.home / "models" / ENCODER_FOLDER.name)
    asked = [
        PromptRecord(number, text, "test", width=side, height=side, sampler="DDIM trailing")
        for number, text in enumerate(prompts, start=1)
    ]
    land(warehouse, "test", "test", models=rows, prompts=asked)
    return [row.model_version_id for row in rows]
