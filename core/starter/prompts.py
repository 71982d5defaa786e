"""The prompts of the starter's grid, of its models' own specifications, and of the queries."""

from dataclasses import dataclass

FIRST_PROMPT_ID, FIRST_SPECIFICATION_ID, FIRST_QUERY_ID = 900_000, 905_000, 910_000
SPECIFICATION_TAG, QUERY_TAG = "specification", "query"
GRID_SEEDS = (11, 12)
QUERY_SEEDS = (21, 22, 23)


@dataclass(frozen=True)
class Prompt:
    """One prompt, named as the warehouse names its columns."""

    prompt_id: int
    tag: str
    prompt: str
    note: str


# Tag to pairs of a simple and an extended wording; an empty one is left out.
GRID: dict[str, tuple[tuple[str, str], ...]] = {
    "animals": (
        ("a cat", "a picture of an orange cat in a meadow"),
        ("a bird", "a blue bird in the snow"),
        ("a fish", "a yellow fish at sea"),
        ("", "a purple butterfly in a sunny field"),
    ),
    "buildings": (
        ("a house", "a red house in a snowy winter landscape"),
        ("", "a white house on a city street"),
    ),
    "vehicles": (
        ("a car", "a green car in the desert"),
        ("a boat", "a red boat in front of a setting sun"),
        ("a rocket", "an orange rocket under the night sky"),
    ),
    "plants": (
        ("a tree", "a pink tree on a green meadow"),
        ("a flower", "a red flower on a light blue background"),
        ("a mushroom", "a purple mushroom in a meadow"),
    ),
    "things": (
        ("a mug", "a blue mug on a cream background"),
        ("an umbrella", "a yellow umbrella in front of a city skyline"),
        ("a balloon", "a green balloon at sunset"),
    ),
    "symbols": (
        ("a star", "a white star on a starry night"),
        ("a heart", "a red heart on a lilac background"),
    ),
    "numbers": (
        ("two cats", "two black cats in the snow"),
        ("three balloons", "three blue balloons among sand dunes"),
        ("", "two pink flowers on a mint background"),
    ),
    "together": (
        ("a car next to a house", "a yellow car next to a blue house in a meadow"),
        ("", "a red mushroom to the left of a green tree in the evening light"),
        ("", "a white bird above an orange boat by the sea"),
    ),
}

# Models whose makers show prompts of their own, as on a hub: slug to prompts.
SPECIFICATION_PROMPTS: dict[str, tuple[str, ...]] = {
    "base": ("a red car in a meadow", "two blue fish at sea", "a yellow house at sunset"),
    "ink": ("a cat, ink drawing", "an umbrella in the city, ink outline", "a tree, ink style"),
    "watercolour": (
        "a pink flower in a meadow, watercolour",
        "a boat by the sea, watercolour painting",
        "a bird, soft watercolour style",
    ),
    "neon": (
        "a car in the city, neon glow",
        "a purple rocket at night, neon on black",
        "a heart, neon style",
    ),
    "pixel": ("a red heart, pixel art", "a rocket at night, pixel mosaic", "a cat, pixel style"),
    "sepia": ("a house in a meadow, sepia", "a car, old sepia print", "a mug, sepia photograph"),
    "oil": ("a boat at sunset, oil painting", "a tree, thick oil paint", "a fish, oil style"),
    "blueprint": ("a rocket, blueprint", "a house, blueprint style", "a car, blueprint lines"),
    "autumn": (
        "a tree in a meadow, autumn palette",
        "a mushroom, in autumn colours",
        "a house at sunset, warm autumn palette",
    ),
    "little-cat": ("a house in the snow", "a mug on a peach background", "a tree in a meadow"),
    "little-star": ("a boat at night", "a rocket under the night sky", "a house in winter"),
    "neon+candy": ("a pink star, neon glow", "a balloon, candy palette", "a cat, neon style"),
}

QUERY_PROMPTS: tuple[str, ...] = (
    "a green fish on a peach background",
    "an orange butterfly in a meadow",
    "a black cat in the desert",
    "a pink house at sunset",
    "a blue car in the snow",
    "a yellow boat at sea",
    "a purple rocket in the city",
    "an orange tree in winter",
    "a white flower on a grey background",
    "a red mug on a mint background",
    "two green umbrellas by the sea",
    "three red stars at night",
    "a blue mushroom next to a pink bird in a meadow",
    "a yellow heart above a purple balloon in the evening light",
)


def grid_prompts() -> tuple[Prompt, ...]:
    """The prompts that every model is asked."""
    worded = [
        (tag, wording, note)
        for tag, pairs in GRID.items()
        for pair in pairs
        for wording, note in zip(pair, ("simple", "extended"), strict=True)
        if wording
    ]
    return tuple(
        Prompt(FIRST_PROMPT_ID + index, tag, wording, note)
        for index, (tag, wording, note) in enumerate(worded)
    )


def specification_prompts() -> dict[str, tuple[Prompt, ...]]:
    """Slug to the prompts that the model's own makers show."""
    first = FIRST_SPECIFICATION_ID
    found = {}
    for slug, wordings in SPECIFICATION_PROMPTS.items():
        found[slug] = tuple(
            Prompt(first + index, SPECIFICATION_TAG, wording, f"shown by the makers of {slug}")
            for index, wording in enumerate(wordings)
        )
        first += len(wordings)
    return found


def query_prompts() -> tuple[Prompt, ...]:
    """Prompts outside the grid, whose pictures are there to be identified."""
    return tuple(
        Prompt(FIRST_QUERY_ID + index, QUERY_TAG, wording, "kept apart for identification")
        for index, wording in enumerate(QUERY_PROMPTS)
    )
