"""mCos: how much a picture is like the others of its prompt; distinctiveness turned round."""

import numpy as np

from core.metrics.metric import Floats, GridMetric, Pictures
from core.scores import group_starts, mean_cosines


def mean_cosine(pictures: Pictures) -> Floats:
    """Mean cosine with all shown pictures of the prompt, itself included, (n,); NaN for hidden."""
    values = np.full(len(pictures.image_ids), np.nan)
    if pictures.features:
        shown = pictures.features.rows < pictures.shown
        rows = pictures.features.rows[shown]
        prompts = np.searchsorted(pictures.starts, rows, side="right")
        values[rows] = mean_cosines(pictures.features.images[shown], group_starts(prompts))
    return values


METRIC = GridMetric(
    name="mcos",
    label="mCos",
    description="Mean cosine of an image with all images of its prompt, itself included",
    larger_is_better=False,
    compute=mean_cosine,
)
