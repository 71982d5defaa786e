"""Every shown picture with its metrics under any normalisation: what drafts of lambda weigh."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from core.errors import MetricUnavailableError
from core.gre import MetricGrid, metric_grid
from core.metrics.metric import Floats, GridMetric, Ints
from core.metrics.registry import registered_metrics
from core.scores import Starts
from core.weights.normalisation import Normalisation
from warehouse.database import Warehouse
from warehouse.score_values import RawValues, normalised_rows
from warehouse.scored_pictures import held_values, read_pictures, read_roster, scored_values


@dataclass(frozen=True)
class WeighedGrid:
    """n shown pictures, grouped by prompt, with normalised metrics."""

    grid: MetricGrid
    image_ids: tuple[str, ...]  # (n,)
    starts: Starts
    model_ids: Ints  # (m,) model versions with a shown picture, ascending
    models: Ints  # (n,) index into `model_ids`

    def flat(self, metric: str) -> npt.NDArray[np.float32]:
        """q of every picture (n,)."""
        rows = self.grid.rows
        values = np.empty(len(self.models), dtype=np.float32)
        values[rows[rows >= 0]] = self.grid.q[self.grid.metrics.index(metric)][rows >= 0]
        return values


def draft_values(warehouse: Warehouse) -> RawValues:
    """Raw values of every metric that has some: as scored last, else as held or told.

    What takes features or picture files is left to `score`.
    """
    pictures = read_pictures(warehouse, None)
    held = held_values(warehouse, pictures.image_ids)
    values = held | scored_values(warehouse, pictures.image_ids)
    unavailable = {}
    for name, metric in registered_metrics().items():
        if name not in values and isinstance(metric, GridMetric):
            try:
                values[name] = metric.compute(pictures)
            except MetricUnavailableError as error:
                unavailable[name] = str(error)
    return RawValues(pictures, read_roster(warehouse), values, 0, unavailable)


def weighed_grid(warehouse: Warehouse, raw: RawValues, way: Normalisation) -> WeighedGrid:
    """The shown pictures of `raw` with every metric normalised as `score` would do it.

    A metric without any value is NaN throughout.
    """
    registered = registered_metrics()
    names = warehouse.select("select metric from metrics order by 1")["metric"].to_list()
    shown, starts = raw.pictures.shown, raw.pictures.starts
    image_ids = raw.pictures.image_ids[:shown]
    rows = normalised_rows(warehouse, registered, raw, names, way)
    model_ids, models = np.unique(raw.pictures.model_version_ids[:shown], return_inverse=True)
    q = {name: _quality(rows, name, image_ids) for name in names}
    return WeighedGrid(
        metric_grid(q, starts),
        image_ids,
        starts,
        model_ids.astype(np.int64),
        models.astype(np.int64),
    )


def _quality(rows: pl.DataFrame, metric: str, image_ids: tuple[str, ...]) -> Floats:
    """q of one metric in the order of `image_ids`; NaN where there is none."""
    order = pl.DataFrame({"image_id": image_ids}, schema={"image_id": pl.String})
    own = rows.filter(pl.col("metric") == metric).select("image_id", "q")
    joined = order.join(own, on="image_id", how="left", maintain_order="left")
    return joined["q"].fill_null(float("nan")).to_numpy()
