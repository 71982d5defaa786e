"""The starter's models as a hub would list them, in the columns of the warehouse's roster."""

from dataclasses import dataclass
from random import Random

from core.starter.grammar.captions import STYLE_PHRASES
from core.starter.recipes import BLENDS, INTERPOLATIONS, LORAS, Blend, Lora

BASE_MODEL = "Gemboard Base 1.0"
LICENCE = "MIT"
BASE_SLUG = "base"
FIRST_MODEL_ID, FIRST_VERSION_ID = 900_000, 9_000_000
MOST_DOWNLOADS, TAIL_EXPONENT, DOWNLOAD_SEED = 84_000, 1.25, 20

MODEL_NAMES: dict[str, str] = {
    BASE_SLUG: BASE_MODEL,
    "ink": "Inkwell",
    "watercolour": "Rainy Window",
    "pixel": "Arcade Mosaic",
    "neon": "Night Sign",
    "pastel": "Powder Box",
    "halftone": "Sunday Comic",
    "sepia": "Grandmother's Album",
    "crosshatch": "Etching Club",
    "oil": "Thick Paint",
    "blueprint": "Draughtsman",
    "chalk": "Blackboard",
    "glass": "Chapel Window",
    "riso": "Two Drums",
    "autumn": "October",
    "ocean": "Deep Current",
    "candy": "Sugar Shop",
    "moonlight": "After Midnight",
    "grey": "Silver Print",
    "vivid": "Poster Paint",
    "little-cat": "House Cat",
    "little-butterfly": "Little Butterfly",
    "little-balloon": "Lost Balloon",
    "little-star": "Lucky Star",
    "little-heart": "Love Letter",
    "little-mushroom": "Forest Floor",
    "ink+autumn": "Ink and Leaves",
    "ink+little-cat": "Ink Cat",
    "watercolour+ocean": "Tide Pool",
    "watercolour+little-butterfly": "Spring Sketchbook",
    "pixel+vivid": "Arcade Turbo",
    "pixel+little-heart": "Extra Life",
    "neon+candy": "Candy Neon",
    "oil+autumn": "Harvest Oil",
    "halftone+candy": "Bubblegum Comic",
    "glass+ocean": "Sea Glass",
    "pastel+little-star": "Lullaby",
    "moonlight+little-balloon": "Balloon at Midnight",
    "ink-watercolour": "Pen and Wash",
    "sepia-crosshatch": "Old Engraving",
    "neon-blueprint": "Glow Plan",
    "oil-watercolour": "Mixed Media",
    "autumn-moonlight": "November Night",
    "ocean-candy": "Mermaid",
    "halftone-half": "Sunday Comic Soft",
    "pixel-half": "Arcade Soft",
    "glass-half": "Chapel Window Soft",
}
# Versions of a model that has a name already: slug to (slug of the model, version).
LATER_VERSIONS: dict[str, tuple[str, str]] = {
    "ink-light": ("ink", "v1.1 light"),
    "watercolour-light": ("watercolour", "v1.1 light"),
    "crosshatch-light": ("crosshatch", "v1.1 light"),
}


@dataclass(frozen=True)
class RosterEntry:
    """One model version, named as the warehouse names its columns."""

    model_version_id: int
    model_id: int
    model_name: str
    version_name: str
    base_model: str
    kind: str  # checkpoint, lora or merge
    tags: tuple[str, ...]
    trained_words: tuple[str, ...]
    downloads: int
    path: str  # below core/starter/world
    licence: str
    slug: str


def roster() -> tuple[RosterEntry, ...]:
    """Every model of the starter world; always the same."""
    recipes: list[Lora | Blend | None] = [None, *LORAS, *BLENDS]
    downloads = _downloads(len(recipes))
    model_ids: dict[str, int] = {}
    entries = []
    for index, (recipe, count) in enumerate(zip(recipes, downloads, strict=True)):
        slug = recipe.slug if recipe else BASE_SLUG
        model_slug, version = LATER_VERSIONS.get(slug, (slug, "v1.0"))
        model_id = model_ids.setdefault(model_slug, FIRST_MODEL_ID + len(model_ids))
        entries.append(
            RosterEntry(
                model_version_id=FIRST_VERSION_ID + index,
                model_id=model_id,
                model_name=MODEL_NAMES[model_slug],
                version_name=version,
                base_model=BASE_MODEL,
                kind=_kind(recipe),
                tags=_tags(recipe),
                trained_words=_trained_words(recipe),
                downloads=count,
                path=BASE_SLUG if recipe is None else f"loras/{slug}",
                licence=LICENCE,
                slug=slug,
            )
        )
    return tuple(entries)


def _kind(recipe: Lora | Blend | None) -> str:
    if recipe is None:
        return "checkpoint"
    return "lora" if isinstance(recipe, Lora) else "merge"


def _tags(recipe: Lora | Blend | None) -> tuple[str, ...]:
    if recipe is None:
        return ("base", "flat", "illustration")
    if isinstance(recipe, Blend):
        made = "interpolation" if recipe in INTERPOLATIONS else "merge"
        parts = [tag for slug, _ in recipe.parts for tag in _tags(_lora(slug))]
        return tuple(dict.fromkeys([made, *parts]))
    if recipe.companion:
        return ("subject", recipe.companion.kind)
    return ("palette" if recipe.is_palette else "style", recipe.style)


def _trained_words(recipe: Lora | Blend | None) -> tuple[str, ...]:
    if recipe is None:
        return ()
    if isinstance(recipe, Blend):
        words = [word for slug, _ in recipe.parts for word in _trained_words(_lora(slug))]
        return tuple(dict.fromkeys(words))
    return () if recipe.companion else (STYLE_PHRASES[recipe.style][0],)


def _lora(slug: str) -> Lora:
    return next(lora for lora in LORAS if lora.slug == slug)


def _downloads(count: int) -> list[int]:
    """Download counts with a long tail: the base has most, the rest a seeded order."""
    rng = Random(DOWNLOAD_SEED)
    places = list(range(2, count + 1))
    rng.shuffle(places)
    return [
        round(MOST_DOWNLOADS / place**TAIL_EXPONENT * rng.uniform(0.75, 1.25))
        for place in (1, *places)
    ]
