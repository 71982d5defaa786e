"""Scores of the whole warehouse: raw metrics, normalised metrics, and the record of the run."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from core import scores
from core.errors import ScoreError
from warehouse.database import Warehouse, query_text
from warehouse.encoder_registry import scoring_encoder
from warehouse.landing import stage

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ScoreReport:
    """What one run of `score` did."""

    images: int
    hidden: int
    encoder: str | None
    present: dict[str, int]  # metric -> images that have it
    mixed_prompts: int  # prompts where brought and computed values of a metric meet


@dataclass(frozen=True)
class _Features:
    """Features of the scoring encoder, in the order of the images."""

    rows: npt.NDArray[np.int64]  # (n,) row of each image that has features
    images: npt.NDArray[np.float32]  # (n, dim)
    texts: npt.NDArray[np.float32]  # (n, dim), NaN where the prompt has none


def score(warehouse: Warehouse) -> ScoreReport:
    """Compute every metric of every image and store it with its normalised value.

    CLIP score and mCos come from the features of the scoring encoder; where a dataset brought a
    value of its own, that one stands. Hidden images keep their raw values and enter no min-max and
    no mCos. Raises ScoreError when stored features do not fit the encoder.
    """
    encoder = scoring_encoder(warehouse)
    fingerprint = inputs_hash(warehouse, encoder)  # first: what changes later leaves it outdated
    inputs = warehouse.frame("score_inputs")
    visible = inputs.filter(~pl.col("hidden"))
    starts = scores.group_starts(visible["prompt_id"].to_numpy())
    brought = _brought_values(warehouse, inputs["image_id"])
    computed = _computed_values(warehouse, encoder, inputs, starts, visible.height)
    definitions = warehouse.select("select metric, scope, larger_is_better from metrics")
    model_q = _model_quality(warehouse)

    values: dict[str, Floats] = {}
    normalised: dict[str, Floats] = {}
    for metric, scope, larger_is_better in definitions.iter_rows():
        if metric == "pop":
            values[metric] = scores.popularity(_floats(inputs["downloads"]))
            normalised[metric] = _floats(
                inputs.join(model_q, on="model_version_id", how="left", maintain_order="left")["q"]
            )
            continue
        raw = brought.get(metric, np.full(inputs.height, np.nan))
        if metric in computed:
            raw = np.where(np.isnan(raw), computed[metric], raw)
        values[metric] = raw
        groups = starts if scope == "prompt" else np.zeros(min(1, visible.height), dtype=np.int64)
        normalised[metric] = scores.quality(
            raw[: visible.height], groups, larger_is_better=larger_is_better
        )

    frames = [
        _metric_frame(inputs, visible.height, metric, values[metric], normalised[metric])
        for metric in values
    ]
    _store(warehouse, frames, encoder, inputs.height, fingerprint)
    return ScoreReport(
        images=inputs.height,
        hidden=inputs.height - visible.height,
        encoder=encoder,
        present={m: int(np.isfinite(v[: visible.height]).sum()) for m, v in values.items()},
        mixed_prompts=_mixed_prompts(visible, brought, computed, starts),
    )


def scores_current(warehouse: Warehouse) -> bool:
    """Whether the stored scores were computed from what the warehouse holds now."""
    latest = warehouse.value("select inputs_hash from score_runs order by scored_at desc limit 1")
    if warehouse.value("select count(*) from images") == 0:
        return True
    return str(latest) == inputs_hash(warehouse, scoring_encoder(warehouse))


def inputs_hash(warehouse: Warehouse, encoder: str | None) -> str:
    """Fingerprint of all that scores depend on."""
    return str(warehouse.value(query_text("score_inputs_hash"), {"encoder": encoder}))


def _floats(column: pl.Series) -> Floats:
    """A column as float64 with NaN for null."""
    return column.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _brought_values(warehouse: Warehouse, image_ids: pl.Series) -> dict[str, Floats]:
    """Values that datasets brought, by metric, in the order of `image_ids`."""
    stored = warehouse.select("select image_id, metric, value from image_metrics")
    order = image_ids.to_frame("image_id")
    return {
        str(metric): _floats(
            order.join(rows, on="image_id", how="left", maintain_order="left")["value"]
        )
        for (metric,), rows in stored.group_by("metric")
    }


def _computed_values(
    warehouse: Warehouse,
    encoder: str | None,
    inputs: pl.DataFrame,
    starts: scores.Starts,
    visible: int,
) -> dict[str, Floats]:
    """CLIP score and mCos from features, NaN where there are none; mCos of visible images alone."""
    features = _features(warehouse, encoder, inputs)
    if features is None:
        return {}
    clip = np.full(inputs.height, np.nan)
    clip[features.rows] = scores.clip_scores(features.images, features.texts)
    mcos = np.full(inputs.height, np.nan)
    shown = features.rows < visible
    rows = features.rows[shown]
    prompts = np.searchsorted(starts, rows, side="right")
    mcos[rows] = scores.mean_cosines(features.images[shown], scores.group_starts(prompts))
    return {"clip": clip, "mcos": mcos}


def _features(warehouse: Warehouse, encoder: str | None, inputs: pl.DataFrame) -> _Features | None:
    if encoder is None:
        return None
    with warehouse.cursor() as cursor:
        # execute, not sql: with parameters the latter keeps a slow copy of every vector
        stored = cursor.execute(
            "select image_id, vector from image_features where encoder = $encoder",
            {"encoder": encoder},
        ).to_arrow_table()
        texts = cursor.execute(
            "select prompt_id, vector from prompt_features where encoder = $encoder order by 1",
            {"encoder": encoder},
        ).to_arrow_table()
    places = pl.DataFrame({"image_id": pl.Series(stored["image_id"])}).with_row_index("place")
    found = inputs.select("image_id").with_row_index("row").join(places, on="image_id").sort("row")
    if not found.height:
        return None
    rows = found["row"].to_numpy().astype(np.int64)
    vectors = _matrix(stored["vector"], encoder)[found["place"].to_numpy()]
    text_vectors = np.full((len(rows), vectors.shape[1]), np.nan, dtype=np.float32)
    if texts.num_rows:
        known = texts["prompt_id"].to_numpy()
        wanted = inputs["prompt_id"].to_numpy()[rows]
        place = np.clip(np.searchsorted(known, wanted), 0, len(known) - 1)
        has_text = known[place] == wanted
        matrix = _matrix(texts["vector"], encoder)
        if matrix.shape[1] != vectors.shape[1]:
            raise ScoreError(f"Image and prompt features of {encoder} differ in length.")
        text_vectors[has_text] = matrix[place[has_text]]
    return _Features(rows, vectors, text_vectors)


def _matrix(column: pa.ChunkedArray, encoder: str) -> npt.NDArray[np.float32]:
    """A list column (n) as an array (n, dim), without a copy where Arrow allows."""
    flat = column.combine_chunks()
    values = flat.flatten().to_numpy(zero_copy_only=False)
    lengths = np.diff(flat.offsets.to_numpy())
    if len(lengths) and lengths.min() != lengths.max():
        raise ScoreError(
            f"Features of {encoder} differ in length ({lengths.min()} to {lengths.max()}); "
            "`python -m warehouse check` names the images."
        )
    return np.asarray(values, dtype=np.float32).reshape(len(flat), -1)


def _model_quality(warehouse: Warehouse) -> pl.DataFrame:
    """q_pop of each model: min-max of log10(downloads + 1) over all models."""
    models = warehouse.select("select model_version_id, downloads from models")
    raw = scores.popularity(_floats(models["downloads"]))
    starts = np.zeros(min(1, len(raw)), dtype=np.int64)
    q = scores.quality(raw, starts, larger_is_better=True)
    return models.select("model_version_id").with_columns(pl.Series("q", q))


def _metric_frame(
    inputs: pl.DataFrame, visible: int, metric: str, values: Floats, normalised: Floats
) -> pl.DataFrame:
    """Rows of `scored_metrics` for one metric; hidden images, which stand last, without q."""
    q = np.full(inputs.height, np.nan)
    q[:visible] = normalised[:visible]
    return (
        inputs.select("image_id", "prompt_id")
        .with_columns(
            pl.lit(metric).alias("metric"),
            pl.Series("value", values),
            pl.Series("q", q).fill_nan(None),
        )
        .filter(pl.col("value").is_finite())
    )


def _store(
    warehouse: Warehouse,
    frames: list[pl.DataFrame],
    encoder: str | None,
    images: int,
    fingerprint: str,
) -> None:
    """Replace all scores and record the run, in one transaction."""
    with warehouse.transaction() as cursor:
        cursor.execute("delete from scored_metrics")
        stage(cursor, "incoming_scores", pl.concat(frames))
        cursor.execute(
            "insert into scored_metrics by name from incoming_scores order by prompt_id, metric"
        )
        cursor.execute(
            "insert into score_runs (encoder, nsfw_threshold, images, inputs_hash) "
            "select $encoder, max(value::double), $images, $hash "
            "from warehouse_settings where name = 'nsfw_threshold'",
            {"encoder": encoder, "images": images, "hash": fingerprint},
        )


def _mixed_prompts(
    visible: pl.DataFrame,
    brought: dict[str, Floats],
    computed: dict[str, Floats],
    starts: scores.Starts,
) -> int:
    """Prompts where some images bring CLIP score or mCos and others have it computed."""
    if not visible.height:
        return 0
    mixed = np.zeros(len(starts), dtype=bool)
    for metric in computed.keys() & brought.keys():
        own = np.isfinite(brought[metric][: visible.height])
        ours = ~own & np.isfinite(computed[metric][: visible.height])
        mixed |= np.logical_or.reduceat(own, starts) & np.logical_or.reduceat(ours, starts)
    return int(mixed.sum())
