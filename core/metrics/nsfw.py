"""NSFW score: how unsafe a picture looks, as its dataset says."""

from core.metrics.metric import Floats, GridMetric, Pictures


def nsfw_score(pictures: Pictures) -> Floats:
    """The dataset's score, (n,)."""
    return pictures.nsfw_scores


METRIC = GridMetric(
    name="nsfw",
    label="NSFW score",
    description="Unsafe-content score of the picture, 0 to 1",
    larger_is_better=False,
    compute=nsfw_score,
)
