"""Trustworthiness equals scikit-learn's, and a sample of it comes close."""

import numpy as np
import pytest
from sklearn.manifold import trustworthiness as theirs

from core.maps.trustworthiness import NEIGHBOURS, neighbours_for, trustworthiness
from core.scores import unit_vectors


def cloud(count, seed=0):
    random = np.random.default_rng(seed)
    units = unit_vectors(random.standard_normal((count, 16)).astype(np.float32))
    return units, units[:, :2] + 0.1 * random.standard_normal((count, 2)).astype(np.float32)


@pytest.mark.parametrize("count", [4, 7, 21, 150, 300])
def test_it_equals_scikit_learn(count):
    units, points = cloud(count)
    expected = theirs(units, points, n_neighbors=neighbours_for(count))
    assert trustworthiness(units, points) == pytest.approx(expected, abs=1e-9)


def test_a_sample_comes_close_and_is_fixed():
    units, points = cloud(2_000)
    whole = trustworthiness(units, points, sample=2_000)
    sampled = trustworthiness(units, points, sample=400)
    assert sampled != whole
    assert sampled == pytest.approx(whole, abs=0.02)
    assert trustworthiness(units, points, sample=400) == sampled


def test_a_faithful_map_is_trusted_wholly_and_a_random_one_half():
    random = np.random.default_rng(2)
    angles = np.sort(random.uniform(0, 1.5, 200))
    units = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert trustworthiness(units, units) == pytest.approx(1.0, abs=1e-3)
    shuffled = units[random.permutation(200)]
    assert trustworthiness(units, shuffled) == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_too_few_pictures_say_nothing(count):
    units, points = cloud(count)
    assert trustworthiness(units, points) is None
    assert neighbours_for(count) == 0


def test_neighbours_are_fewer_among_few():
    assert [neighbours_for(count) for count in (4, 10, 21, 500)] == [1, 4, NEIGHBOURS, NEIGHBOURS]
