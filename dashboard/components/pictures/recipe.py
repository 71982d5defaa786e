"""A picture's full recipe as JSON, for the clipboard."""

import json
from typing import Any

IMAGE = ("image_id", "seed", "width", "height", "steps", "cfg_scale", "sampler", "source")
MODEL = (
    "model_version_id", "model_id", "model_name", "version_name", "base_model", "kind",
    "trained_words", "url", "licence",
)  # fmt: skip


def recipe_json(row: dict[str, Any]) -> str:
    """All that is needed to make the picture of a row of image_details again; ids stay exact."""
    recipe = {
        "prompt": row["prompt"],
        "negative_prompt": row["negative_prompt"],
        "prompt_id": row["prompt_id"],
        **{name: row[name] for name in IMAGE},
        "simulated": row["simulated"],
        "model": {name: row[name] for name in MODEL},
    }
    return json.dumps(recipe, ensure_ascii=False, indent=2)
