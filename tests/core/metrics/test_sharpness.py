"""Sharpness: equal to the slow form, lower for what is blurred, and the same size for all."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from core.metrics.sharpness import LONGER_SIDE_PX, laplacian_variance


def noise(width=96, height=64, seed=0):
    random = np.random.default_rng(seed)
    return Image.fromarray(random.integers(0, 255, (height, width, 3), dtype=np.uint8))


def slow_variance(picture):
    """Pixel by pixel, of a picture that has the size already."""
    grey = np.asarray(picture.convert("L"), dtype=float)
    found = [
        grey[y - 1, x] + grey[y + 1, x] + grey[y, x - 1] + grey[y, x + 1] - 4 * grey[y, x]
        for y in range(1, grey.shape[0] - 1)
        for x in range(1, grey.shape[1] - 1)
    ]
    mean = sum(found) / len(found)
    return sum((value - mean) ** 2 for value in found) / len(found)


def test_it_equals_the_slow_form():
    picture = noise(LONGER_SIDE_PX, 40)
    assert laplacian_variance(picture) == pytest.approx(slow_variance(picture))


def test_a_flat_picture_has_none():
    assert laplacian_variance(Image.new("RGB", (60, 40), (12, 200, 90))) == 0


def test_blur_lowers_it_step_by_step():
    values = [
        laplacian_variance(noise(512, 512).filter(ImageFilter.GaussianBlur(radius)))
        for radius in (0, 1, 2, 4)
    ]
    assert values == sorted(values, reverse=True)
    assert values[-1] < values[0] / 10


def test_a_larger_copy_of_the_same_picture_is_not_much_sharper():
    small = noise(512, 384).filter(ImageFilter.GaussianBlur(4))
    large = small.resize((1024, 768), Image.Resampling.BICUBIC)
    assert laplacian_variance(large) == pytest.approx(laplacian_variance(small), rel=0.1)


def test_a_picture_too_narrow_for_a_laplacian_has_no_value():
    assert np.isnan(laplacian_variance(Image.new("RGB", (2000, 2))))
