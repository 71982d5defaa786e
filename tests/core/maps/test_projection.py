"""Maps: the same input gives the same places, and later pictures move nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ProjectionCancelledError
from core.maps.tsne import ProjectionSettings, method_for, place, project
from core.scores import unit_vectors

SHORT = ProjectionSettings(exaggerated_iterations=50, iterations=100)


def groups(count=60, kinds=3, dimension=24, seed=0):
    """Unit vectors in `kinds` tight groups: row i is of group i % kinds."""
    random = np.random.default_rng(seed)
    centres = 3 * random.standard_normal((kinds, dimension))
    noise = random.standard_normal((count, dimension))
    return unit_vectors((centres[np.arange(count) % kinds] + noise).astype(np.float32))


@pytest.fixture(scope="module")
def drawn():
    units = groups()
    return units, project(units, SHORT)


def test_the_same_input_and_seed_give_the_same_places(drawn):
    units, first = drawn
    again = project(units.copy(), SHORT)
    assert first.method == "tsne"
    assert np.array_equal(first.points, again.points)


def test_alike_pictures_lie_together(drawn):
    units, projection = drawn
    middles = np.stack([projection.points[k::3].mean(axis=0) for k in range(3)])
    apart = ((projection.points[:, None] - middles) ** 2).sum(axis=2)
    assert np.array_equal(apart.argmin(axis=1), np.arange(len(units)) % 3)


def test_new_pictures_never_move_old_ones_and_each_is_placed_by_them_alone(drawn):
    units, projection = drawn
    before_units, before = units.copy(), projection.points.copy()
    new = groups(count=9, seed=5)
    together = place(units, projection.points, new, "tsne")
    alone = np.concatenate(
        [place(units, projection.points, new[i : i + 1], "tsne") for i in range(9)]
    )
    assert np.array_equal(projection.points, before)
    assert np.array_equal(units, before_units)
    np.testing.assert_allclose(together, alone, atol=1e-3)


def test_a_picture_like_an_old_one_lands_beside_it(drawn):
    units, projection = drawn
    random = np.random.default_rng(1)
    noise = 1e-3 * random.standard_normal(units.shape)
    landed = place(
        units, projection.points, unit_vectors((units + noise).astype(np.float32)), "tsne"
    )
    span = np.ptp(projection.points, axis=0).max()
    assert np.median(np.linalg.norm(landed - projection.points, axis=1)) < 0.1 * span


def test_many_times_the_same_picture_is_no_trouble():
    units = np.repeat(groups(12, kinds=12), 5, axis=0)
    projection = project(units, SHORT)
    assert projection.method == "tsne"
    assert np.isfinite(projection.points).all()


def test_nothing_new_places_nothing(drawn):
    units, projection = drawn
    assert place(units, projection.points, units[:0], "tsne").shape == (0, 2)


class TestFewPictures:
    @settings(deadline=None, max_examples=20)
    @given(st.integers(1, 9), st.integers(1, 12))
    def test_fewer_than_ten_lie_along_their_axes(self, count, dimension):
        units = groups(count, kinds=count, dimension=dimension, seed=count)
        first, again = project(units), project(units)
        assert first.method == "axes"
        assert first.points.shape == (count, 2)
        assert np.isfinite(first.points).all()
        assert np.array_equal(first.points, again.points)

    def test_one_lies_in_the_middle_and_later_ones_are_told_apart(self):
        units = groups(1)
        only = project(units).points
        assert only.tolist() == [[0, 0]]
        later = place(units, only, groups(6, seed=2), "axes")
        assert len(np.unique(later.round(4), axis=0)) == 6

    def test_two_lie_apart(self):
        points = project(groups(2, kinds=2)).points
        assert np.linalg.norm(points[0] - points[1]) > 1

    def test_placing_an_old_picture_again_gives_its_place(self):
        units = groups(7, kinds=7)
        points = project(units).points
        np.testing.assert_allclose(place(units, points, units, "axes"), points, atol=1e-4)

    def test_equal_pictures_have_one_place(self):
        assert method_for(np.repeat(groups(1), 50, axis=0)) == "axes"
        points = project(np.repeat(groups(1), 50, axis=0)).points
        assert np.ptp(points, axis=0).max() < 1e-3


class TestProgress:
    def test_it_rises_to_the_end(self):
        told = []
        project(groups(), SHORT, on_progress=lambda share: told.append(share) or True)
        assert told == sorted(told)
        assert 0.99 <= told[-1] <= 1.0
        assert len(told) >= 6

    @pytest.mark.parametrize("calls", [1, 4])
    def test_it_stops_when_asked(self, calls):
        heard = []

        def until(share):
            heard.append(share)
            return len(heard) < calls

        with pytest.raises(ProjectionCancelledError):
            project(groups(), SHORT, on_progress=until)
        assert len(heard) == calls
