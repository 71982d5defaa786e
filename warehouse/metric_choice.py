"""Which metrics the warehouse knows, and which of them are scored."""

from collections.abc import Collection, Mapping

from core.errors import ScoreError
from core.gre import DEFAULT_LAMBDAS
from core.metrics.metric import Metric
from core.metrics.registry import registered_metrics
from warehouse.database import Warehouse, query_text


def register_metrics(warehouse: Warehouse) -> dict[str, Metric]:
    """The metrics of `core.metrics`, each told of in the table `metrics` as its file says."""
    registered = registered_metrics()
    told = {
        row[0]: row
        for row in warehouse.select(
            "select metric, label, description, scope, larger_is_better from metrics"
        ).iter_rows()
    }
    for metric in registered.values():
        row = (
            metric.name,
            metric.label,
            metric.description,
            str(metric.scope),
            metric.larger_is_better,
        )
        if told.get(metric.name) == row:
            continue
        columns = ("metric", "label", "description", "scope", "larger_is_better")
        with warehouse.transaction() as cursor:
            cursor.execute(query_text("put_metric"), dict(zip(columns, row, strict=True)))
    return registered


def known_metrics(warehouse: Warehouse) -> list[str]:
    """Names that a profile may weigh: of files here, and of rows that somebody added."""
    rows = warehouse.select("select metric from metrics")["metric"]
    return sorted({*rows, *registered_metrics()})


def check_known(warehouse: Warehouse, names: Collection[str]) -> None:
    """Raises ScoreError for the first name that is no metric."""
    known = known_metrics(warehouse)
    for name in names:
        if name not in known:
            raise ScoreError(f"There is no metric “{name}”; known are {', '.join(known)}.")


def weighed_metrics(warehouse: Warehouse) -> set[str]:
    """Metrics that some profile weighs, and the paper's three."""
    return {*warehouse.frame("weighed_metrics")["metric"], *DEFAULT_LAMBDAS}


def scored_metrics(warehouse: Warehouse, asked: Collection[str]) -> set[str]:
    """What `score` scores: what is weighed or asked for, and all that has values already."""
    there = warehouse.select(
        "select distinct metric from image_metrics union select distinct metric from scored_metrics"
    )
    return {*weighed_metrics(warehouse), *asked, *there["metric"]}


def origins(registered: Mapping[str, Metric], names: Collection[str]) -> tuple[str, ...]:
    """Names with versions, as runs record them; those of rows alone stand by themselves."""
    return tuple(registered[name].origin if name in registered else name for name in sorted(names))
