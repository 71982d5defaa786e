"""Popularity: how often a model was downloaded."""

from core.metrics.metric import Floats, ModelMetric, Roster
from core.scores import popularity


def download_order(roster: Roster) -> Floats:
    """log10(downloads + 1) of each model, (m,)."""
    return popularity(roster.downloads)


METRIC = ModelMetric(
    name="pop",
    label="Popularity",
    description="log10(downloads + 1) of the model",
    compute=download_order,
)
