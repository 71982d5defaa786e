"""One picture with every fact about it, or two to four side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

import polars as pl
import streamlit as st

from dashboard import formats, profiles, terms
from dashboard.components.assets import script, style
from dashboard.components.fact_list import Fact
from dashboard.components.pictures.gallery import NO_PICTURE, badges, model_title
from dashboard.components.pictures.making import TITLE, making_facts, stored_recipe
from dashboard.components.pictures.recipe import recipe_json
from dashboard.components.profile_note import profile_words
from dashboard.data import generate as data
from dashboard.media import base_path, has_png, picture_url

COLUMNS = (
    ("Metric", ""),
    ("Raw", "The value as measured"),
    ("Quality q", "Scaled to 0–1, larger is better: within the prompt, popularity over all models"),
    ("λ", "Weight in the active profile"),
    ("λ · q", "What it adds to the GRE-Score"),
)

_mount = st.components.v2.component(
    "gemboard_picture_sheet",
    html='<div class="root"></div>',
    css=style("elements", "pictures/picture_sheet"),
    js=script("elements", "pictures/picture_sheet"),
)


def picture_sheet(images: pl.DataFrame, metrics: pl.DataFrame, *, key: str) -> None:
    """Show rows of image_details with theirs of image_metric_details."""
    revision = profiles.scores_revision()
    made = {each: data.picture_recipe(revision, each) for each in images["image_id"]}
    entries = [
        _entry(row, metrics.filter(pl.col("image_id") == row["image_id"]).rows(named=True), made)
        for row in images.rows(named=True)
    ]
    _mount(key=key, data={"pictures": entries})


def _entry(
    row: dict[str, Any], metrics: Sequence[dict[str, Any]], made: Mapping[str, str | None]
) -> dict[str, Any]:
    """`made` holds the recipe of each picture on the sheet that was made here."""
    has_size = row["width"] and row["height"]
    recipe, facts = made[row["image_id"]], _facts(row)
    if any(made.values()):
        facts[TITLE] = making_facts(stored_recipe(recipe))
    return {
        "title": model_title(row),
        "subtitle": row["version_name"] or "",
        "full": picture_url(row["sha256"]) if row["sha256"] else None,
        "placeholder": NO_PICTURE,
        "alt": f"Picture by {model_title(row)}",
        "aspect": f"{row['width'] / row['height']:.4f}" if has_size else "1",
        "badges": badges(row),
        "columns": COLUMNS,
        "metrics": [_metric(metric) for metric in metrics],
        "gre": formats.decimal(row["gre"]) or "no score yet",
        "greNumber": row["gre"],
        "scoredBy": profile_words().removeprefix("GRE-Score "),
        "recipe": recipe_json(row, recipe),
        "download": _png(row) if recipe else None,
        "link": f"{base_path()}/explore?image={quote(row['image_id'], safe='')}",
        "groups": [
            {"title": title, "facts": [asdict(fact) for fact in group]}
            for title, group in facts.items()
        ],
    }


def _png(row: dict[str, Any]) -> dict[str, str] | None:
    """The stored original, where it is the PNG that carries the recipe."""
    if not row["sha256"] or not has_png(row["sha256"]):
        return None
    return {"href": picture_url(row["sha256"]), "name": f"{row['sha256'][:16]}.png"}


def _metric(metric: dict[str, Any]) -> dict[str, Any]:
    q, weight = metric["q"], metric["lambda"]
    note = ""
    if q is not None:
        note = f"q {formats.decimal(q, 2)}"
        if weight is not None:
            note += f", adds {formats.decimal(metric['contribution'], 2)}"
    return {
        "label": metric["label"],
        "help": terms.METRIC_HELP.get(metric["metric"], metric["description"]),
        "value": formats.decimal(metric["value"]) or "no score yet",
        "q": formats.decimal(q),
        "share": q,
        "lambda": formats.plain_number(weight) or "–",
        "contribution": formats.decimal(metric["contribution"]) or "–",
        "note": note,
    }


def _facts(row: dict[str, Any]) -> dict[str, list[Fact]]:
    size = f"{row['width']} × {row['height']} px" if row["width"] and row["height"] else None
    return {
        "Prompt": [
            Fact("Prompt", row["prompt"]),
            Fact("Negative", row["negative_prompt"] or "none"),
            Fact("Tag", row["tag"]),
            Fact("Note", row["note"] or "none"),
            Fact("Prompt id", str(row["prompt_id"]), mono=True),
        ],
        "Model": [
            Fact("Model", model_title(row)),
            Fact("Version", row["version_name"]),
            Fact("Base model", row["base_model"]),
            Fact("Kind", row["kind"]),
            Fact("Tags", ", ".join(row["tags"] or []) or "none"),
            Fact("Trained words", ", ".join(row["trained_words"] or []) or "none"),
            Fact("Downloads", formats.whole(row["downloads"])),
            Fact("Licence", row["licence"]),
            Fact("Address", row["url"], href=row["url"]),
            Fact("Version id", str(row["model_version_id"]), mono=True),
            Fact("Model id", _text(row["model_id"]), mono=True),
        ],
        "Picture": [
            Fact("Seed", _text(row["seed"]), mono=True),
            Fact("Size", size),
            Fact("Steps", _text(row["steps"])),
            Fact("CFG scale", formats.plain_number(row["cfg_scale"])),
            Fact("Sampler", row["sampler"]),
            Fact("NSFW score", formats.decimal(row["nsfw_score"])),
            Fact("Source", row["source"]),
            Fact("Synthetic", "yes: drawn or simulated" if row["simulated"] else "no"),
            Fact("Created", formats.moment(row["created_at"])),
            Fact("Image id", row["image_id"], mono=True),
            Fact("SHA-256", row["sha256"], mono=True),
        ],
    }


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
