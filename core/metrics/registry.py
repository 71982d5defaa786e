"""Which metrics there are: every `METRIC` of a file in this package."""

import pkgutil
from importlib import import_module

import core.metrics
from core.errors import ScoreError
from core.metrics.metric import Metric


def registered_metrics() -> dict[str, Metric]:
    """All metrics by name. Raises ScoreError where two files use one name."""
    found: dict[str, Metric] = {}
    for module in pkgutil.iter_modules(core.metrics.__path__, f"{core.metrics.__name__}."):
        metric = getattr(import_module(module.name), "METRIC", None)
        if not isinstance(metric, Metric):
            continue
        if metric.name in found:
            raise ScoreError(f"Two files define a metric named “{metric.name}”; see {module.name}.")
        found[metric.name] = metric
    return found
