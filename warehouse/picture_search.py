"""Search among pictures by the features of the scoring encoder."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.scores import unit_vectors
from core.similarity.neighbours import cosines, extremes
from warehouse.database import Warehouse
from warehouse.encoder_registry import scoring_encoder

Vectors = npt.NDArray[np.float32]
BLOCK_ROWS = 1024


@dataclass(frozen=True)
class FeatureIndex:
    """Unit features of every image that has them, in the order of `image_ids`."""

    encoder: str
    image_ids: tuple[str, ...]
    prompt_ids: npt.NDArray[np.int64]  # (n_images,)
    shown: npt.NDArray[np.bool_]  # (n_images,) False for hidden images
    units: Vectors  # (n_images, dim)
    rows: Mapping[str, int] = field(repr=False)  # row of each image id


@dataclass(frozen=True)
class Neighbour:
    """An image and its cosine with the one asked about."""

    image_id: str
    cosine: float


def feature_index(warehouse: Warehouse) -> FeatureIndex | None:
    """Features of the scoring encoder; None where there are none.

    Features of another length than most (a damaged import) are left out; `check` names them.
    """
    encoder = scoring_encoder(warehouse)
    if encoder is None:
        return None
    with warehouse.cursor() as cursor:
        # execute, not sql: with parameters the latter keeps a slow copy of every vector
        stored = cursor.execute(
            "select image_id, prompt_id, coalesce(nsfw_score > threshold.value::double, false) "
            "as hidden, vector from image_features inner join images using (image_id) "
            "left join warehouse_settings as threshold on threshold.name = 'nsfw_threshold' "
            "where encoder = $encoder and len(vector) = "
            "(select dimension from encoders where encoder = $encoder)",
            {"encoder": encoder},
        ).to_arrow_table()
    if not stored.num_rows:
        return None
    vectors = stored["vector"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
    vectors = vectors.reshape(stored.num_rows, -1)
    found = stored["image_id"].to_pylist()
    order = np.array(sorted(range(len(found)), key=found.__getitem__), dtype=np.int64)
    units = np.empty_like(vectors)
    for first in range(0, len(order), BLOCK_ROWS):  # double precision a block at a time
        block = slice(first, first + BLOCK_ROWS)
        units[block] = unit_vectors(vectors[order[block]])
    image_ids = tuple(found[row] for row in order)
    return FeatureIndex(
        encoder,
        image_ids,
        stored["prompt_id"].to_numpy().astype(np.int64)[order],
        ~stored["hidden"].to_numpy().astype(bool)[order],
        units,
        {image_id: row for row, image_id in enumerate(image_ids)},
    )


def neighbours(
    index: FeatureIndex, image_id: str, count: int, *, nearest: bool, same_prompt: bool
) -> list[Neighbour] | None:
    """Visible images nearest to `image_id` or farthest from it; None where it has no features."""
    row = index.rows.get(image_id)
    if row is None or not np.isfinite(index.units[row]).all():
        return None
    values = cosines(index.units, index.units[row])
    among = index.shown & ((index.prompt_ids == index.prompt_ids[row]) | (not same_prompt))
    values = np.where(among, values, np.float32(np.nan))
    return [
        Neighbour(index.image_ids[found], float(values[found]))
        for found in extremes(values, count, nearest=nearest, but=row)
    ]
