"""CLIP score, mCos, APS and min-max: their properties, and the fast forms against the slow ones."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core import reference
from core.scores import (
    average_pairwise_similarity,
    clip_scores,
    group_sizes,
    group_starts,
    mean_cosines,
    min_max,
    popularity,
    quality,
    unit_vectors,
)

numbers = st.floats(-1e6, 1e6).map(lambda number: round(number, 9))
maybe_numbers = st.one_of(numbers, st.just(math.nan))
seeds = st.integers(0, 2**32 - 1)


def starts_of(sizes):
    return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)


@st.composite
def ragged_values(draw, elements=maybe_numbers):
    """Groups of one to eight values, one to six of them, one after another."""
    return draw(st.lists(st.lists(elements, min_size=1, max_size=8), min_size=1, max_size=6))


@st.composite
def ragged_vectors(draw):
    """Groups of vectors drawn from a seed, so that Hypothesis need not draw every component."""
    sizes = draw(st.lists(st.integers(1, 7), min_size=1, max_size=5))
    dimension = draw(st.integers(1, 12))
    scale = draw(st.sampled_from([1e-3, 1.0, 50.0]))
    random = np.random.default_rng(draw(seeds))
    vectors = (scale * random.standard_normal((sum(sizes), dimension))).astype(np.float32)
    assume((np.linalg.norm(vectors, axis=1) > 0).all())
    return vectors, sizes


def flat(groups):
    return np.array([value for group in groups for value in group], dtype=np.float64)


class TestGroups:
    def test_starts_are_the_first_rows_of_each_run(self):
        assert group_starts(np.array([4, 4, 9, 2, 2, 2])).tolist() == [0, 2, 3]

    def test_no_rows_have_no_groups(self):
        assert group_starts(np.zeros(0, dtype=np.int64)).tolist() == []

    def test_sizes_add_up_to_the_rows(self):
        assert group_sizes(np.array([0, 2, 3]), 6).tolist() == [2, 1, 3]


class TestMinMax:
    @given(ragged_values())
    def test_it_equals_the_slow_form_group_by_group(self, groups):
        fast = min_max(flat(groups), starts_of([len(group) for group in groups]))
        slow = []
        for group in groups:
            slow += reference.min_max([None if math.isnan(value) else value for value in group])
        expected = np.array([math.nan if value is None else value for value in slow])
        np.testing.assert_allclose(fast, expected, atol=1e-5)

    @given(ragged_values())
    def test_it_stays_between_0_and_1_or_missing(self, groups):
        scaled = min_max(flat(groups), starts_of([len(group) for group in groups]))
        present = scaled[~np.isnan(scaled)]
        assert ((present >= 0) & (present <= 1)).all()
        assert (np.isnan(scaled) == np.isnan(flat(groups))).all()

    @given(
        arrays.arrays(np.int64, st.integers(1, 20), elements=st.integers(-1000, 1000)),
        st.floats(0.01, 1000),
        st.floats(-1000, 1000),
    )
    def test_scale_and_shift_change_nothing(self, values, scale, shift):
        starts = np.array([0])
        plain = min_max(values.astype(np.float64), starts)
        np.testing.assert_allclose(min_max(values * scale + shift, starts), plain, atol=1e-6)

    @given(numbers, st.integers(1, 9))
    def test_a_group_of_equal_values_gives_0(self, value, count):
        assert min_max(np.full(count, value), np.array([0])).tolist() == [0.0] * count

    @given(st.lists(numbers, min_size=2, max_size=8), st.data())
    def test_a_missing_value_influences_nobody(self, values, data):
        place = data.draw(st.integers(0, len(values)))
        without = min_max(np.array(values), np.array([0]))
        with_nan = min_max(np.array([*values[:place], math.nan, *values[place:]]), np.array([0]))
        assert math.isnan(with_nan[place])
        assert np.delete(with_nan, place).tolist() == without.tolist()

    def test_groups_do_not_see_each_other(self):
        scaled = min_max(np.array([1.0, 3.0, 100.0, 300.0, 200.0]), np.array([0, 2]))
        assert scaled.tolist() == [0, 1, 0, 1, 0.5]

    def test_one_image_gives_0(self):
        assert min_max(np.array([31.4]), np.array([0])).tolist() == [0.0]

    def test_a_group_that_misses_everything_stays_missing(self):
        scaled = min_max(np.array([math.nan, math.nan, 1.0, 2.0]), np.array([0, 2]))
        assert np.isnan(scaled[:2]).all()
        assert scaled[2:].tolist() == [0, 1]

    def test_no_rows_give_no_rows(self):
        assert len(min_max(np.zeros(0), np.zeros(0, dtype=np.int64))) == 0

    def test_enormous_values_are_scaled_too(self):
        scaled = min_max(np.array([-1.7e308, 0.0, 1.7e308]), np.array([0]))
        np.testing.assert_allclose(scaled, [0, 0.5, 1], atol=1e-9)


class TestQuality:
    @given(ragged_values())
    def test_smaller_is_better_turns_it_round(self, groups):
        values, starts = flat(groups), starts_of([len(group) for group in groups])
        up = quality(values, starts, larger_is_better=True)
        down = quality(values, starts, larger_is_better=False)
        np.testing.assert_allclose(down, 1 - up)

    def test_the_most_distinct_image_has_q_1_and_the_most_alike_0(self):
        mcos = np.array([0.9, 0.5, 0.7])
        q = quality(mcos, np.array([0]), larger_is_better=False)
        np.testing.assert_allclose(q, [0, 1, 0.5])

    def test_a_constant_prompt_gives_the_same_to_every_image(self):
        assert quality(np.array([3.0, 3.0]), np.array([0]), larger_is_better=False).tolist() == [
            1,
            1,
        ]
        assert quality(np.array([3.0, 3.0]), np.array([0]), larger_is_better=True).tolist() == [
            0,
            0,
        ]


class TestMeanCosines:
    @given(ragged_vectors())
    @settings(deadline=None)
    def test_it_equals_the_slow_form_prompt_by_prompt(self, drawn):
        vectors, sizes = drawn
        fast = mean_cosines(vectors, starts_of(sizes))
        slow, first = [], 0
        for size in sizes:
            group = vectors[first : first + size].astype(float).tolist()
            slow += [reference.mcos(index, group) for index in range(size)]
            first += size
        np.testing.assert_allclose(fast, slow, atol=1e-5)

    @given(ragged_vectors(), st.floats(0.001, 1000))
    def test_the_length_of_a_vector_does_not_count(self, drawn, factor):
        vectors, sizes = drawn
        longer = (vectors * np.float32(factor)).astype(np.float32)
        np.testing.assert_allclose(
            mean_cosines(longer, starts_of(sizes)),
            mean_cosines(vectors, starts_of(sizes)),
            atol=1e-5,
        )

    def test_the_image_itself_is_counted(self):
        vectors = np.array([[1, 0], [0, 2]], dtype=np.float32)
        assert mean_cosines(vectors, np.array([0])).tolist() == [0.5, 0.5]

    def test_one_image_is_wholly_like_itself(self):
        np.testing.assert_allclose(mean_cosines(np.array([[3, 4]], np.float32), np.array([0])), [1])

    @pytest.mark.parametrize(
        "broken", [[0, 0, 0], [math.nan, 1, 1], [1, 1, math.nan], [1, math.inf, 1]]
    )
    def test_a_vector_without_direction_is_missing_and_influences_nobody(self, broken):
        good = np.array([[1, 2, 3], [3, 2, 1], [0, 1, 5]], dtype=np.float32)
        with_broken = np.insert(good, 1, broken, axis=0)
        found = mean_cosines(with_broken, np.array([0]))
        assert math.isnan(found[1])
        np.testing.assert_allclose(np.delete(found, 1), mean_cosines(good, np.array([0])))

    def test_no_rows_give_no_rows(self):
        assert len(mean_cosines(np.zeros((0, 4), np.float32), np.zeros(0, np.int64))) == 0

    def test_all_of_90_x_200_x_768_equals_the_slow_form_to_1e_5(self):
        prompts, models, dimension = 90, 200, 768
        random = np.random.default_rng(20230805)
        vectors = random.standard_normal((prompts * models, dimension), dtype=np.float32)
        vectors += 2 * np.repeat(
            random.standard_normal((prompts, dimension), dtype=np.float32), models, axis=0
        )
        fast = mean_cosines(vectors, np.arange(0, prompts * models, models))
        worst = 0.0
        for prompt in range(prompts):
            rows = slice(prompt * models, (prompt + 1) * models)
            exact = vectors[rows].astype(np.float64)
            exact /= np.linalg.norm(exact, axis=1, keepdims=True)
            pairwise = (exact @ exact.T).mean(axis=1)
            worst = max(worst, float(np.abs(fast[rows] - pairwise).max()))
        assert worst < 1e-5
        for prompt, index in ((0, 0), (89, 199)):
            group = vectors[prompt * models : (prompt + 1) * models].astype(float).tolist()
            slow = reference.mcos(index, group)
            assert fast[prompt * models + index] == pytest.approx(slow, abs=1e-5)


class TestAveragePairwiseSimilarity:
    @given(ragged_vectors())
    def test_it_equals_the_slow_form(self, drawn):
        vectors, sizes = drawn
        first = 0
        for size in sizes:
            group = vectors[first : first + size]
            first += size
            if size < 2:
                assert math.isnan(average_pairwise_similarity(group))
            else:
                slow = reference.aps(group.astype(float).tolist())
                assert average_pairwise_similarity(group) == pytest.approx(slow, abs=1e-5)

    def test_it_counts_pairs_of_different_images_alone(self):
        vectors = np.array([[1, 0], [0, 1]], dtype=np.float32)
        assert average_pairwise_similarity(vectors) == pytest.approx(0, abs=1e-9)

    def test_identical_images_are_wholly_alike(self):
        vectors = np.tile(np.array([[2, 3, 4]], dtype=np.float32), (5, 1))
        assert average_pairwise_similarity(vectors) == pytest.approx(1, abs=1e-6)

    @pytest.mark.parametrize("broken", [[0, 0], [math.nan, 1], [1, math.nan], [1, math.inf]])
    def test_a_vector_without_direction_counts_for_nobody(self, broken):
        vectors = np.array([[1, 0], [1, 1], broken], dtype=np.float32)
        assert average_pairwise_similarity(vectors) == pytest.approx(math.sqrt(0.5), abs=1e-6)

    def test_no_image_has_no_pair(self):
        assert math.isnan(average_pairwise_similarity(np.zeros((0, 3), np.float32)))


class TestClipScores:
    @given(ragged_vectors(), seeds)
    def test_it_is_100_x_the_cosine(self, drawn, seed):
        images, _ = drawn
        texts = np.random.default_rng(seed).standard_normal(images.shape).astype(np.float32)
        slow = [
            100 * reference.cosine(a, b)
            for a, b in zip(
                images.astype(float).tolist(), texts.astype(float).tolist(), strict=True
            )
        ]
        np.testing.assert_allclose(clip_scores(images, texts), slow, atol=1e-3)

    def test_an_image_without_text_features_has_none(self):
        images = np.array([[1, 0], [1, 0]], dtype=np.float32)
        texts = np.array([[math.nan, math.nan], [0, 1]], dtype=np.float32)
        scores = clip_scores(images, texts)
        assert math.isnan(scores[0])
        assert scores[1] == 0


def test_unit_vectors_have_length_1_however_long_they_were():
    vectors = np.array([[3e37, 4e37], [3e-30, 4e-30]], dtype=np.float32)
    np.testing.assert_allclose(unit_vectors(vectors), [[0.6, 0.8], [0.6, 0.8]], rtol=1e-6)


def test_popularity_is_the_logarithm_of_downloads_plus_1():
    found = popularity(np.array([0.0, 9.0, 99.0, math.nan]))
    np.testing.assert_allclose(found, [0, 1, 2, math.nan])
