"""What scores are computed from: pictures, models, features, and values that are there already."""

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from core.errors import ScoreError
from core.metrics.metric import Features, Floats, Pictures, Roster
from core.scores import group_starts
from warehouse.database import Warehouse


def read_pictures(warehouse: Warehouse, encoder: str | None) -> Pictures:
    """All pictures, with features of `encoder`. Raises ScoreError where those do not fit it."""
    inputs = warehouse.frame("score_inputs")
    shown = inputs.height - int(inputs["hidden"].sum())
    prompt_ids = inputs["prompt_id"].to_numpy().astype(np.int64)
    texts = warehouse.select("select prompt_id, prompt from prompts")
    return Pictures(
        tuple(inputs["image_id"]),
        prompt_ids,
        inputs["model_version_id"].to_numpy().astype(np.int64),
        _floats(inputs["nsfw_score"]),
        shown,
        group_starts(prompt_ids[:shown]),
        dict(texts.iter_rows()),
        None if encoder is None else _features(warehouse, encoder, inputs),
    )


def read_roster(warehouse: Warehouse) -> Roster:
    """All models."""
    models = warehouse.select("select model_version_id, downloads from models order by 1")
    return Roster(
        models["model_version_id"].to_numpy().astype(np.int64), _floats(models["downloads"])
    )


def held_values(warehouse: Warehouse, image_ids: tuple[str, ...]) -> dict[str, Floats]:
    """Values that datasets brought or that were measured, by metric, in the order given."""
    return _by_metric(
        warehouse.select("select image_id, metric, value from image_metrics"), image_ids
    )


def scored_values(warehouse: Warehouse, image_ids: tuple[str, ...]) -> dict[str, Floats]:
    """Raw values of the last run of `score`, by metric, in the order given."""
    return _by_metric(
        warehouse.select("select image_id, metric, value from scored_metrics"), image_ids
    )


def _floats(column: pl.Series) -> Floats:
    """A column as float64 with NaN for null."""
    return column.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _by_metric(stored: pl.DataFrame, image_ids: tuple[str, ...]) -> dict[str, Floats]:
    order = pl.DataFrame({"image_id": image_ids}, schema={"image_id": pl.String})
    return {
        str(metric): _floats(
            order.join(rows, on="image_id", how="left", maintain_order="left")["value"]
        )
        for (metric,), rows in stored.group_by("metric")
    }


def _features(warehouse: Warehouse, encoder: str, inputs: pl.DataFrame) -> Features | None:
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
    return Features(encoder, rows, vectors, text_vectors)


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
