"""Normalised metrics against slow definitions, group by group."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.weights.normalisation import Normalisation, normalise, ranks, squashed_z_scores

VALUES = st.one_of(st.integers(-3, 3).map(float), st.floats(-1e6, 1e6), st.just(math.nan))
GROUPS = st.lists(st.lists(VALUES, min_size=1, max_size=6), min_size=1, max_size=5)


def flat(groups: list[list[float]]) -> tuple[np.ndarray, np.ndarray]:
    sizes = [len(group) for group in groups]
    starts = np.cumsum([0, *sizes[:-1]]).astype(np.int64)
    return np.array([value for group in groups for value in group]), starts


def slow_rank(value: float, group: list[float]) -> float:
    known = [other for other in group if not math.isnan(other)]
    if math.isnan(value) or len(known) == 1:
        return math.nan if math.isnan(value) else 0.5
    below = sum(other < value for other in known)
    tied = sum(other == value for other in known) - 1
    return (below + tied / 2) / (len(known) - 1)


def slow_z(value: float, group: list[float]) -> float:
    known = [other for other in group if not math.isnan(other)]
    if math.isnan(value):
        return math.nan
    if len(set(known)) == 1:
        return 0.5
    mean = math.fsum(known) / len(known)
    spread = math.sqrt(math.fsum((other - mean) ** 2 for other in known) / len(known))
    return 0.5 * (1 + math.erf((value - mean) / spread / math.sqrt(2))) if spread else 0.5


@given(GROUPS)
def test_ranks_equal_their_definition(groups: list[list[float]]) -> None:
    wanted = [slow_rank(value, group) for group in groups for value in group]
    np.testing.assert_allclose(ranks(*flat(groups)), wanted, atol=1e-12)


@given(GROUPS)
def test_squashed_z_scores_equal_their_definition(groups: list[list[float]]) -> None:
    wanted = [slow_z(value, group) for group in groups for value in group]
    np.testing.assert_allclose(squashed_z_scores(*flat(groups)), wanted, atol=1e-5)


@pytest.mark.parametrize("way", Normalisation)
@given(groups=GROUPS)
def test_every_way_stays_within_0_and_1_and_keeps_the_order(
    way: Normalisation, groups: list[list[float]]
) -> None:
    values, starts = flat(groups)
    scaled = normalise(values, starts, way, larger_is_better=True)
    turned = normalise(values, starts, way, larger_is_better=False)
    assert np.array_equal(np.isnan(scaled), np.isnan(values))
    known = ~np.isnan(values)
    assert ((scaled[known] >= 0) & (scaled[known] <= 1)).all()
    np.testing.assert_allclose(scaled[known] + turned[known], 1)
    for first, stop in zip(starts, [*starts[1:], len(values)], strict=True):
        group, result = values[first:stop], scaled[first:stop]
        for a in range(len(group)):
            for b in range(len(group)):
                if group[a] > group[b]:
                    assert result[a] >= result[b]


def test_an_outlier_flattens_min_max_but_not_ranks() -> None:
    values, starts = np.array([1.0, 2, 3, 1000]), np.zeros(1, np.int64)
    squeezed = normalise(values, starts, Normalisation.MIN_MAX, larger_is_better=True)
    spread = normalise(values, starts, Normalisation.RANK, larger_is_better=True)
    assert squeezed[2] < 0.01
    assert spread.tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])


def test_nothing_known_stays_unknown() -> None:
    values = np.full(3, np.nan)
    for way in Normalisation:
        assert np.isnan(normalise(values, np.zeros(1, np.int64), way, larger_is_better=True)).all()
