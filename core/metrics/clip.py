"""CLIP score: how well a picture fits its prompt."""

import numpy as np

from core.metrics.metric import Floats, GridMetric, Pictures
from core.scores import clip_scores


def clip_score(pictures: Pictures) -> Floats:
    """100 x cosine of image and prompt features, (n,)."""
    values = np.full(len(pictures.image_ids), np.nan)
    if pictures.features:
        features = pictures.features
        values[features.rows] = clip_scores(features.images, features.texts)
    return values


METRIC = GridMetric(
    name="clip",
    label="CLIP score",
    description="100 x cosine of image and prompt features",
    compute=clip_score,
)
