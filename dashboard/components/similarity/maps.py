"""Prompts and models made ready for the heat map: axes in order, entries, one colour scale."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from core.similarity.cosine import PromptSimilarity, mean_similarity
from core.similarity.model_order import descending, leaf_order
from dashboard import formats
from dashboard.components.pictures.gallery import model_title
from dashboard.components.similarity.heat_map import AxisModel, Words

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FIXED = (0.0, 1.0)
LEAST_SPAN = 0.01  # of a stretched scale
ENDS = {
    "downloads": ("most downloaded", "least"),
    "similarity": ("alike models together", ""),
    "gre": ("highest GRE-Score", "lowest"),
}
PROMPT_WORDS = Words(
    one="1 pair of pictures",
    many="pairs of pictures",
    defined="one picture: 1 by definition",
    missing="no picture with features here",
)
MEAN_WORDS = Words(
    one="in 1 prompt",
    many="prompts",
    defined="never several pictures: 1 by definition",
    missing="no prompt with both",
)


def ordered_models(
    found: Sequence[PromptSimilarity],
    order: str,
    downloads: Mapping[int, float],
    gre: Mapping[int, float],
) -> Ints:
    """Ids of all models of `found` in `order`; alike ones by the mean over `found`."""
    models = np.unique(np.concatenate([one.models for one in found])).astype(np.int64)
    if order == "similarity":
        mean = found[0].values if len(found) == 1 else mean_similarity(found, models).mean
        return models[leaf_order(mean)]
    scores = downloads if order == "downloads" else gre
    values = np.array([scores.get(int(model), np.nan) for model in models], dtype=np.float64)
    return models[descending(values, models)]


def mean_gre(cells: Iterable[pl.DataFrame]) -> dict[int, float]:
    """Mean GRE-Score of each model over frames of prompt_cells; those without one are left out."""
    rows = pl.concat(cells).drop_nulls("gre")
    return dict(rows.group_by("model_version_id").agg(pl.col("gre").mean()).iter_rows())


def known_downloads(models: pl.DataFrame) -> dict[int, float]:
    """Downloads by model id; unknown ones are left out."""
    rows = models.drop_nulls("downloads")
    return dict(zip(rows["model_version_id"], rows["downloads"], strict=True))


def axis(models: Ints, rows: pl.DataFrame) -> list[AxisModel]:
    """The models of a map, from rows that name them; `sha256` where the rows have it."""
    known = {row["model_version_id"]: row for row in rows.rows(named=True)}
    return [_axis_model(int(model), known.get(int(model), {})) for model in models]


def scale_of(values: Iterable[Floats], behind: Iterable[Ints], scale: str) -> tuple[float, float]:
    """The colour scale for all maps: fixed, or the span of the measured entries."""
    if scale == "fixed":
        return FIXED
    shown = [v[(b > 0) & np.isfinite(v)] for v, b in zip(values, behind, strict=True)]
    flat = np.concatenate([*shown, np.zeros(0)])
    if not len(flat):
        return FIXED
    low, high = float(flat.min()), float(flat.max())
    return (low, high) if high - low >= LEAST_SPAN else (low - LEAST_SPAN / 2, low + LEAST_SPAN / 2)


def scale_words(values: Iterable[Floats], scale: str) -> str:
    """How the colours are to be read."""
    if scale == "stretched":
        return "cosine; scale stretched to the values shown"
    below = sum(int((v[np.triu_indices(len(v), 1)] < 0).sum()) for v in values)
    note = f"; {formats.whole(below)} below 0 drawn as 0" if below else ""
    return f"cosine; scale fixed from 0 to 1{note}"


def _axis_model(model: int, row: Mapping[str, Any]) -> AxisModel:
    version, downloads = row.get("version_name"), row.get("downloads")
    known = "downloads unknown" if downloads is None else f"{formats.compact(downloads)} downloads"
    return AxisModel(
        id=str(model),
        name=model_title({"model_name": None, **row, "model_version_id": model}),
        detail=" · ".join(part for part in (version, known) if part),
        sha256=row.get("sha256"),
    )
