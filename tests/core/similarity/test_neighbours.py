"""Nearest and farthest pictures, against a plain loop."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scores import unit_vectors
from core.similarity.neighbours import cosines, extremes


def plain_cosine(a, b):
    a, b = a.astype(np.float64), b.astype(np.float64)
    return float(a @ b / np.sqrt(a @ a) / np.sqrt(b @ b))


@given(st.integers(1, 12), st.integers(1, 9), st.integers(0, 2**32))
def test_cosines_are_those_of_the_definition(count, dimension, seed):
    random = np.random.default_rng(seed)
    vectors = random.standard_normal((count, dimension)).astype(np.float32) * 100
    query = random.standard_normal(dimension).astype(np.float32) * 0.01
    expected = [plain_cosine(vector, query) for vector in vectors]
    assert cosines(unit_vectors(vectors), query) == pytest.approx(expected, abs=1e-5)


def test_a_row_without_direction_is_nan_and_never_near():
    vectors = np.array([[0, 0], [1, 0], [0, 1]], dtype=np.float32)
    values = cosines(unit_vectors(vectors), np.array([1, 0], dtype=np.float32))
    assert np.isnan(values[0])
    assert extremes(values, 5, nearest=True).tolist() == [1, 2]
    assert extremes(values, 5, nearest=False).tolist() == [2, 1]


@pytest.mark.parametrize("query", [[0, 0], [np.inf, 1], [np.nan, 1]])
def test_a_query_without_direction_is_refused(query):
    with pytest.raises(ValueError, match="direction"):
        cosines(np.eye(2, dtype=np.float32), np.array(query, dtype=np.float32))


def test_a_query_of_another_length_is_refused():
    with pytest.raises(ValueError, match="shape"):
        cosines(np.eye(2, dtype=np.float32), np.ones(3, dtype=np.float32))


def test_ties_are_in_order_of_rows_and_the_one_asked_about_is_left_out():
    values = np.array([0.5, 1.0, 0.5, 0.5], dtype=np.float32)
    assert extremes(values, 2, nearest=True, but=1).tolist() == [0, 2]
    assert extremes(values, 9, nearest=False, but=0).tolist() == [2, 3, 1]
