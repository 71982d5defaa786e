"""How long pictures will take, from what was measured here before."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import polars as pl

from core.generation.batches import PlannedBatch
from warehouse.database import Warehouse

MOST_RUNS = 400
GUESSED_S = {"cpu": 2.5e-6, "cuda": 2e-8}  # a picture's seconds per pixel and step
GUESSED_LOAD_S = 5.0
LOADED_S = 0.01  # faster than that, the weights were there already
FEW_S = 0.5  # what loading is taken for where it was never measured
RECENT = 20  # runs of each size that count: machines are busy at times
LANDING_S = 0.15  # storing a batch: files, thumbnails, rows


@dataclass(frozen=True)
class Speed:
    """What a device needs; `measured` where it made pictures with the same checkpoint before."""

    batch_s: float  # for the whole batch, per pixel and step
    load_s: float
    measured: bool


def speed_of(warehouse: Warehouse, device: str, batch: PlannedBatch) -> Speed:
    """How fast `device` makes batches like this one, from the last ones that it made."""
    request = batch.requests[0]
    runs = warehouse.frame("generation_speeds", most=MOST_RUNS).filter(pl.col("device") == device)
    same = runs.filter(pl.col("model_sha256") == request.model.sha256)
    count = len(batch.requests)
    if runs.is_empty():
        guessed_s = GUESSED_S[device.split(":")[0]] * count
        return Speed(guessed_s, GUESSED_LOAD_S, measured=False)
    near = same if same.height else runs
    loads = near.filter((pl.col("load_s") > LOADED_S) & (pl.col("loras") == len(request.loras)))
    load_s: float = median(loads["load_s"].to_list() or [FEW_S])
    return Speed(_batch_s(near, count), load_s, measured=bool(same.height))


def _batch_s(runs: pl.DataFrame, count: int) -> float:
    """Seconds per pixel and step of a batch of `count`: between the nearest sizes measured."""
    work = pl.col("width").cast(pl.Int64) * pl.col("height") * pl.col("steps")
    sizes = (
        runs.group_by("pictures")
        .agg((pl.col("make_s") / work).head(RECENT).median().alias("each"))
        .sort("pictures")
    )
    counts, seconds = sizes["pictures"].to_list(), sizes["each"].to_list()
    inside = float(np.interp(count, counts, seconds))
    beyond: float = count / counts[-1]
    return inside * max(1.0, beyond)


def expected_s(
    warehouse: Warehouse, device: str, batches: Sequence[PlannedBatch]
) -> tuple[float, bool]:
    """Seconds that one device needs for the batches, and whether all of that was measured."""
    speeds: dict[tuple[str, int, int], Speed] = {}
    seconds, measured = 0.0, True
    loaded: object = None
    for batch in batches:
        request = batch.requests[0]
        key = request.model.sha256, len(request.loras), len(batch.requests)
        if key not in speeds:
            speeds[key] = speed_of(warehouse, device, batch)
        speed = speeds[key]
        pixels = request.width * request.height
        seconds += speed.batch_s * pixels * request.steps + LANDING_S
        if batch.weights != loaded:
            seconds += speed.load_s
            loaded = batch.weights
        measured = measured and speed.measured
    return seconds, measured


def batch_size(device: str, width: int, height: int, *, at_once: bool) -> int:
    """How many pictures of a size one batch takes; fewer `at_once`, so that the first comes soon.

    From measurements: on a processor twelve pictures of 128 px take a third of the time each that
    one takes, and larger pictures gain nothing; a GPU is full with eight of 512 px.
    """
    pixels = {"cpu": 12 * 128 * 128, "cuda": 8 * 512 * 512}[device.split(":")[0]]
    most = 32 if device != "cpu" else 12
    whole = min(most, max(1, pixels // (width * height)))
    return max(1, whole // 3) if at_once else whole
