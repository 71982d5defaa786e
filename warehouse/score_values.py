"""Values of metrics for every image: raw ones gathered and computed, then normalised."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from core.errors import MetricUnavailableError
from core.metrics.metric import (
    Floats,
    GridMetric,
    Ints,
    Metric,
    ModelMetric,
    Pictures,
    Roster,
)
from core.weights.normalisation import Normalisation, normalise
from warehouse.database import Warehouse
from warehouse.scored_pictures import held_values, read_pictures, read_roster


@dataclass(frozen=True)
class RawValues:
    """Raw values by metric, each (n,) in the order of the pictures, NaN where there is none."""

    pictures: Pictures
    roster: Roster
    values: dict[str, Floats]  # those of models are missing: their roster says them
    mixed_prompts: int  # prompts where values that are there meet computed ones
    unavailable: dict[str, str]  # metric -> what it lacks here


def raw_values(
    warehouse: Warehouse,
    registered: Mapping[str, Metric],
    names: Collection[str],
    encoder: str | None,
) -> RawValues:
    """Values of the metrics `names`: what datasets brought or was measured, else computed.

    Raises ScoreError where stored features do not fit the encoder.
    """
    pictures = read_pictures(warehouse, encoder)
    held = held_values(warehouse, pictures.image_ids)
    values, unavailable = {}, {}
    mixed = np.zeros(len(pictures.starts), dtype=bool)
    for name in sorted(names):
        metric = registered.get(name)
        if isinstance(metric, ModelMetric):
            continue
        own = held.get(name, np.full(len(pictures.image_ids), np.nan))
        values[name] = own
        if not isinstance(metric, GridMetric):
            continue
        try:
            computed = metric.compute(pictures)
        except MetricUnavailableError as error:
            unavailable[name] = str(error)
            continue
        values[name] = np.where(np.isnan(own), computed, own)
        if name in held and pictures.shown:
            mixed |= _mixed(own[: pictures.shown], computed[: pictures.shown], pictures.starts)
    return RawValues(pictures, read_roster(warehouse), values, int(mixed.sum()), unavailable)


def normalised_rows(
    warehouse: Warehouse,
    registered: Mapping[str, Metric],
    raw: RawValues,
    names: Collection[str],
    way: Normalisation,
) -> pl.DataFrame:
    """Rows of `scored_metrics` for the metrics `names`; hidden images, which stand last, get no q.

    A metric of models is normalised among all models, whether they have pictures or not.
    """
    definitions = warehouse.select("select metric, scope, larger_is_better from metrics")
    everything = np.zeros(1, dtype=np.int64)
    shown = raw.pictures.shown
    frames = []
    for name, scope, larger_is_better in definitions.sort("metric").iter_rows():
        metric = registered.get(name)
        if name not in names:
            continue
        if isinstance(metric, ModelMetric):
            of_models = metric.compute(raw.roster)
            q_of_models = normalise(
                of_models,
                everything[: min(1, len(of_models))],
                way,
                larger_is_better=larger_is_better,
            )
            owners = raw.pictures.model_version_ids
            values = _of_models(of_models, raw.roster, owners)
            q = _of_models(q_of_models, raw.roster, owners)[:shown]
        elif name in raw.values:
            values = raw.values[name]
            starts = raw.pictures.starts if scope == "prompt" else everything[: min(1, shown)]
            q = normalise(values[:shown], starts, way, larger_is_better=larger_is_better)
        else:
            continue
        frames.append(_rows(raw.pictures, name, values, q))
    return pl.concat(frames)


def _rows(pictures: Pictures, metric: str, values: Floats, q: Floats) -> pl.DataFrame:
    hidden = len(values) - len(q)
    return pl.DataFrame(
        {
            "image_id": pl.Series(pictures.image_ids, dtype=pl.String),
            "prompt_id": pictures.prompt_ids,
            "metric": pl.repeat(metric, len(values), dtype=pl.String, eager=True),
            "value": values,
            "q": pl.Series(np.concatenate([q, np.full(hidden, np.nan)])).fill_nan(None),
        }
    ).filter(pl.col("value").is_finite())


def _of_models(values: Floats, roster: Roster, model_version_ids: Ints) -> Floats:
    """`values` (m,) of the roster for each picture's model, (n,); NaN for models that it lacks."""
    known = roster.model_version_ids
    if not len(known):
        return np.full(len(model_version_ids), np.nan)
    place = np.clip(np.searchsorted(known, model_version_ids), 0, len(known) - 1)
    return np.where(known[place] == model_version_ids, values[place], np.nan)


def _mixed(own: Floats, computed: Floats, starts: Ints) -> np.ndarray:
    """Which prompts have both values that were there and computed ones."""
    there = np.isfinite(own)
    ours = ~there & np.isfinite(computed)
    both: np.ndarray = np.logical_or.reduceat(there, starts) & np.logical_or.reduceat(ours, starts)
    return both
