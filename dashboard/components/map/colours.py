"""Colours of a map: by score, base model, tag or model; few enough to be told apart."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from dashboard import formats
from dashboard.state.map import COLOURS, MOST_MODELS

# Okabe and Ito's set for all kinds of colour vision, its yellow left out (too pale on a light
# ground) and each hue darkened on light and lit on dark; grey is everything else.
GROUPS = (
    ("#0072b2", "#56a8e0"),
    ("#d97706", "#f0a830"),
    ("#00896b", "#2bc79b"),
    ("#b8508a", "#e38fbe"),
    ("#6b4fa0", "#a78bdc"),
    ("#c0392b", "#ff8066"),
    ("#3d9cc9", "#9adcf5"),
)
OTHERS = ("#a6aaa7", "#5d6462")
# Cividis reads the same to all kinds of colour vision; its dark end is lit on a dark ground.
RAMP_LIGHT = (
    "#00224e", "#1f3a6e", "#3f4c6b", "#575d6d", "#707173", "#8a8779", "#a69d75", "#c4b56c",
)  # fmt: skip
RAMP_DARK = (
    "#3f5a94", "#56689a", "#6d7796", "#85888f", "#a09b86", "#bfb27a", "#ddca68", "#fee838",
)  # fmt: skip
NO_SCORE = "no score yet"


def palette(
    colour: str,
    points: pl.DataFrame,
    models: pl.DataFrame,
    prompts: pl.DataFrame,
    chosen: Sequence[int],
) -> dict[str, Any]:
    """Colours for rows of map_points; `models` and `prompts` in the order of their places there.

    `chosen` are the models to tell apart; the most downloaded ones where none is chosen.
    """
    if colour == "score":
        return _score(points)
    if colour == "tag":
        kinds = prompts["tag"].fill_null("no tag").to_list()
        return _groups(colour, "prompt", kinds, points["prompt_id"], prompts["prompt_id"])
    ids = models["model_version_id"]
    if colour == "base":
        kinds = models["base_model"].fill_null("unknown").to_list()
    elif colour == "model_tag":
        kinds = _main_tags(models, points)
    else:
        told = set(chosen or ids.head(MOST_MODELS).to_list())
        names = models["model_name"].fill_null("").to_list()
        versions = models["version_name"].fill_null("").to_list()
        kinds = [
            " ".join(filter(None, (name or f"Model {i}", version))) if i in told else None
            for i, name, version in zip(ids, names, versions, strict=True)
        ]
    return _groups(colour, "model", kinds, points["model_version_id"], ids)


def _score(points: pl.DataFrame) -> dict[str, Any]:
    scores = points["gre"].drop_nulls()
    low, high = (scores.min(), scores.max()) if len(scores) else (0.0, 1.0)
    steps = [
        {"label": "", "light": light, "dark": dark, "count": 0}
        for light, dark in zip(RAMP_LIGHT, RAMP_DARK, strict=True)
    ]
    missing = {"light": OTHERS[0], "dark": OTHERS[1], "count": points["gre"].null_count()}
    return {
        "by": "score",
        "title": COLOURS["score"],
        "codes": [],
        "entries": [*steps, {"label": NO_SCORE, **missing}],
        "range": [low, high],
        "ends": [formats.decimal(float(str(end)), 2) for end in (low, high)],
    }


def _groups(
    colour: str, by: str, kinds: Sequence[str | None], of_points: pl.Series, ids: pl.Series
) -> dict[str, Any]:
    """The most frequent kinds get a colour each; the rest, and None, share the grey."""
    place = {key: i for i, key in enumerate(ids)}
    counts = Counter(kinds[place[key]] for key in of_points)
    ranked = sorted((k for k in counts if k is not None), key=lambda kind: (-counts[kind], kind))
    told = ranked[: len(GROUPS)]
    code = {kind: i for i, kind in enumerate(told)}
    rest = sum(count for kind, count in counts.items() if kind not in code)
    entries = [
        {"label": kind, "light": light, "dark": dark, "count": counts[kind]}
        for kind, (light, dark) in zip(told, GROUPS, strict=False)
    ]
    others = {"label": "others", "light": OTHERS[0], "dark": OTHERS[1], "count": rest}
    return {
        "by": by,
        "title": COLOURS[colour],
        "codes": [code.get(kind, len(told)) if kind else len(told) for kind in kinds],
        "entries": [*entries, others],
        "range": [0, 1],
        "ends": [],
    }


def _main_tags(models: pl.DataFrame, points: pl.DataFrame) -> list[str | None]:
    """One tag of each model: of its tags the one that most pictures of the map share."""
    pictures = Counter(points["model_version_id"])
    spread: Counter[str] = Counter()
    tags = [list(dict.fromkeys(row or [])) for row in models["tags"].to_list()]
    for key, own in zip(models["model_version_id"], tags, strict=True):
        for tag in own:
            spread[tag] += pictures[key]
    return [max(own, key=lambda tag: (spread[tag], tag)) if own else None for own in tags]


def places(keys: pl.Series, ids: pl.Series) -> np.ndarray:
    """Place of each key among `ids`."""
    table = {key: i for i, key in enumerate(ids)}
    return np.array([table[key] for key in keys], dtype=np.uint16)
