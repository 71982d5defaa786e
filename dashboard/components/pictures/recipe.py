"""A picture's full recipe as JSON, for the clipboard."""

import json
from typing import Any

IMAGE = ("image_id", "seed", "width", "height", "steps", "cfg_scale", "sampler", "source")
MODEL = (
    "model_version_id", "model_id", "model_name", "version_name", "base_model", "kind",
    "trained_words", "url", "licence",
)  # fmt: skip


def recipe_json(row: dict[str, Any], made: str | None = None) -> str:
    """All that is needed to make the picture of a row of image_details again; ids stay exact.

    `made` is the recipe as JSON of a picture that was made here.
    """
    recipe = {
        "prompt": row["prompt"],
        "negative_prompt": row["negative_prompt"],
        "prompt_id": row["prompt_id"],
        **{name: row[name] for name in IMAGE},
        "simulated": row["simulated"],
        "model": {name: row[name] for name in MODEL},
    }
    if made:
        recipe["made_here"] = json.loads(made)
    return json.dumps(recipe, ensure_ascii=False, indent=2)
