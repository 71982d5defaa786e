"""RKME: the weight's closed form, the gradient at the reduced point, and what it is a least of."""

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st

from core.identification.reference import kernel
from core.identification.rkme import gradient, mean_kernel, reduced_point, rkme
from tests.core.identification.worlds import drawn, examples


def objective(pictures, point, weight, gamma):
    """||1/N sum_j k(z_j, .) - b k(x, .)||^2 as a loop over kernels."""
    own = sum(kernel(a, b, gamma) for a in pictures for b in pictures) / len(pictures) ** 2
    cross = sum(kernel(a, point, gamma) for a in pictures) / len(pictures)
    return own - 2 * weight * cross + weight**2 * kernel(point, point, gamma)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.001, 0.02, 0.3, 3.0]))
def test_weight_is_its_closed_form_and_the_gradient_is_gone(seed, gamma):
    known = drawn(3, 5, 2, 6, seed=seed)
    fitted = rkme(known, gamma)
    for place, one in enumerate(known):
        pictures = (one.features - known.centre).astype(np.float64)
        point, weight = fitted.points[place], fitted.weights[place]
        mean = np.mean([kernel(picture, point, gamma) for picture in pictures])
        assert weight == pytest.approx(mean, abs=1e-12)  # K^-1 mu, as k(x, x) = 1
        slope = scipy.optimize.approx_fprime(
            point, lambda x, p=pictures, w=weight: objective(p, x, w, gamma), 1e-6
        )
        assert np.abs(gradient(pictures, point, gamma)).max() < 1e-6
        assert np.abs(slope).max() < 1e-5  # by differences, as far as these go
    assert fitted.gradients.max() < 1e-6


def test_the_gradient_is_that_of_the_objective():
    random = np.random.default_rng(0)
    pictures, point = random.standard_normal((7, 4)), random.standard_normal(4)

    def at_best_weight(x):
        return objective(pictures, x, mean_kernel(pictures, x, 0.2), 0.2)

    slope = scipy.optimize.approx_fprime(point, at_best_weight, 1e-7)
    assert gradient(pictures, point, 0.2) == pytest.approx(slope, abs=1e-6)


def test_no_other_weight_and_no_picture_does_better():
    random = np.random.default_rng(4)
    pictures = random.standard_normal((9, 3))
    point = reduced_point(pictures, 0.3)
    weight = mean_kernel(pictures, point, 0.3)
    least = objective(pictures, point, weight, 0.3)
    for other in (weight - 0.01, weight + 0.01):
        assert objective(pictures, point, other, 0.3) > least
    for picture in pictures:
        best = mean_kernel(pictures, picture, 0.3)
        assert objective(pictures, picture, best, 0.3) >= least


def test_scores_are_distances_between_embeddings():
    known = drawn()
    asked = examples(known, 3)
    fitted = rkme(known, 0.1)
    found = fitted.scores(asked)
    for row, example in enumerate(asked.features - known.centre):
        for place in range(4):
            b, x = fitted.weights[place], fitted.points[place]
            expected = b**2 - 2 * b * kernel(x, example, 0.1) + 1
            assert found[row, place] == pytest.approx(expected, abs=1e-9)
