"""Sharpness: variance of the Laplacian (Pech-Pacheco et al. 2000)."""

import numpy as np
from PIL import Image

from core.metrics.metric import PictureMetric

LONGER_SIDE_PX = 512  # pictures of all sizes as if seen at one


def laplacian_variance(picture: Image.Image) -> float:
    """Variance of the four-neighbour Laplacian of the grey picture, in squared grey levels.

    The picture is brought to a longer side of 512 px first. Edge pixels have no Laplacian.
    """
    scale = LONGER_SIDE_PX / max(picture.size)
    size = tuple(max(1, round(side * scale)) for side in picture.size)
    grey = np.asarray(
        picture.convert("L").resize((size[0], size[1]), Image.Resampling.BICUBIC), np.int32
    )
    if min(grey.shape) < 3:
        return float("nan")
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    return float((around - 4 * grey[1:-1, 1:-1]).var())


METRIC = PictureMetric(
    name="sharpness",
    label="Sharpness",
    description="Variance of the Laplacian of the grey picture at a longer side of 512 px",
    measure=laplacian_variance,
)
