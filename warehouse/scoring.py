"""Scores of the whole warehouse: what is scored, how, and whether it still holds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb

from core.metrics.metric import Metric, PictureMetric
from core.metrics.registry import registered_metrics
from core.weights.normalisation import Normalisation
from warehouse import metric_choice
from warehouse.database import Warehouse
from warehouse.encoder_registry import scoring_encoder
from warehouse.measuring import DEFAULT_LIMIT_MPX, Measured, Progress, measure
from warehouse.score_runs import (
    ScoreRun,
    Scores,
    inputs_hash,
    latest_run,
    normalisation_in_force,
    store,
)
from warehouse.score_values import RawValues, normalised_rows, raw_values
from warehouse.scored_pictures import read_pictures, read_roster, scored_values

ATTEMPTS = 5  # another profile may come into force meanwhile


@dataclass(frozen=True)
class ScoreReport:
    """What one run of `score` did."""

    images: int
    hidden: int
    encoder: str | None
    normalisation: str
    present: dict[str, int]  # metric -> shown images that have it
    mixed_prompts: int  # prompts where brought and computed values of a metric meet
    measured: dict[str, Measured]  # metrics that are read from picture files
    unavailable: dict[str, str]  # metric -> what it lacks here


def score(
    warehouse: Warehouse,
    *,
    metrics: Collection[str] = (),
    limit_mpx: float = DEFAULT_LIMIT_MPX,
    workers: int = 0,
    on_progress: Progress | None = None,
) -> ScoreReport:
    """Compute every metric that counts, of every image, and store it with its normalised value.

    Those are the metrics that some profile weighs, `metrics`, and all that have values already.
    Values that a dataset brought stand. Metrics that are read from picture files are measured
    where somebody weighs or asks for them. Hidden images keep their raw values and enter no
    normalisation and no mCos. Raises ScoreError for an unknown metric, and when stored features
    do not fit the encoder.
    """
    registered = metric_choice.register_metrics(warehouse)
    metric_choice.check_known(warehouse, metrics)
    wanted = {*metric_choice.weighed_metrics(warehouse), *metrics}
    measured = {
        name: measure(
            warehouse, metric, limit_mpx=limit_mpx, workers=workers, on_progress=on_progress
        )
        for name, metric in registered.items()
        if name in wanted and isinstance(metric, PictureMetric)
    }
    names = metric_choice.scored_metrics(warehouse, metrics)
    encoder = scoring_encoder(warehouse)
    fingerprint = inputs_hash(warehouse, encoder)  # first: what changes later leaves it outdated
    raw = raw_values(warehouse, registered, names, encoder)
    found = _stored(warehouse, registered, raw, names, encoder, fingerprint)
    present = found.rows.filter(found.rows["q"].is_not_null()).group_by("metric").len()
    counts = dict(present.iter_rows())
    return ScoreReport(
        images=found.images,
        hidden=found.images - raw.pictures.shown,
        encoder=encoder,
        normalisation=str(found.normalisation),
        present={name: counts.get(name, 0) for name in sorted(names)},
        mixed_prompts=raw.mixed_prompts,
        measured=measured,
        unavailable=raw.unavailable,
    )


def rescored(
    warehouse: Warehouse,
    latest: ScoreRun | None,
    lambdas: Mapping[str, float],
    way: Normalisation,
) -> Scores | None:
    """What must replace the `latest` run for a profile to be in force; None where it may stay.

    Picture files are not read: `score` does that. Where nothing was scored yet, nothing is.
    """
    if latest is None:
        return None
    registered = registered_metrics()
    weighed = {name for name, weight in lambdas.items() if weight}
    there = {origin.split(" ")[0] for origin in latest.metrics}
    if weighed <= there and latest.normalisation == way:
        return None
    if weighed <= there:
        pictures = read_pictures(warehouse, None)
        values = scored_values(warehouse, pictures.image_ids)
        raw = RawValues(pictures, read_roster(warehouse), values, 0, {})
        rows = normalised_rows(warehouse, registered, raw, there, way)
        images = len(pictures.image_ids)
        return Scores(rows, latest.encoder, images, latest.inputs_hash, way, latest.metrics)
    metric_choice.register_metrics(warehouse)
    names = there | weighed
    encoder = scoring_encoder(warehouse)
    fingerprint = inputs_hash(warehouse, encoder)
    raw = raw_values(warehouse, registered, names, encoder)
    rows = normalised_rows(warehouse, registered, raw, names, way)
    unread = {name for name in weighed - there if isinstance(registered.get(name), PictureMetric)}
    origins = metric_choice.origins(registered, names - unread)
    return Scores(rows, encoder, len(raw.pictures.image_ids), fingerprint, way, origins)


def scores_current(warehouse: Warehouse) -> bool:
    """Whether stored scores are of what the warehouse holds, normalised and complete for profiles.

    Complete: every metric that some profile weighs was scored, by its present version.
    """
    if warehouse.value("select count(*) from images") == 0:
        return True
    with warehouse.cursor() as cursor:
        latest, way = latest_run(cursor), normalisation_in_force(cursor)
    if latest is None or latest.normalisation != way:
        return False
    weighed = metric_choice.weighed_metrics(warehouse)
    if not set(metric_choice.origins(registered_metrics(), weighed)) <= set(latest.metrics):
        return False
    return latest.inputs_hash == inputs_hash(warehouse, scoring_encoder(warehouse))


def _stored(
    warehouse: Warehouse,
    registered: Mapping[str, Metric],
    raw: RawValues,
    names: Collection[str],
    encoder: str | None,
    fingerprint: str,
) -> Scores:
    """Normalise as the profile in force says and store, also while others activate profiles."""
    origins = metric_choice.origins(registered, names)
    for attempt in range(1, ATTEMPTS + 1):
        with warehouse.cursor() as cursor:
            way = normalisation_in_force(cursor)
        rows = normalised_rows(warehouse, registered, raw, names, way)
        found = Scores(rows, encoder, len(raw.pictures.image_ids), fingerprint, way, origins)
        try:
            with warehouse.transaction() as cursor:
                # Touched, so that an activation at the same time collides instead of passing by.
                cursor.execute("update weight_profiles set active = active where active")
                if normalisation_in_force(cursor) == way:
                    store(cursor, found)
                    return found
        except duckdb.TransactionException:
            if attempt == ATTEMPTS:
                raise
    raise duckdb.TransactionException("Another profile came into force again and again.")
