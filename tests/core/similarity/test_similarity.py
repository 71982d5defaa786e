"""Similarities, orders and ranks: their properties, and the fast forms against the slow ones."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import leaves_list, linkage

from core import reference
from core.similarity.cosine import expanded, mean_similarity, prompt_similarity, similar_pairs
from core.similarity.diversity import diversity_ranks, mean_interval
from core.similarity.model_order import descending, leaf_order

seeds = st.integers(0, 2**32 - 1)


@st.composite
def pictures(draw):
    """Vectors of one to eight models with one to three pictures each, in any order."""
    counts = draw(st.lists(st.integers(1, 3), min_size=1, max_size=8))
    dimension = draw(st.integers(2, 10))
    scale = draw(st.sampled_from([1e-3, 1.0, 50.0]))
    random = np.random.default_rng(draw(seeds))
    ids = np.sort(random.choice(2**40, size=len(counts), replace=False))
    models = random.permutation(np.repeat(ids, counts)).astype(np.int64)
    vectors = scale * (random.standard_normal((len(models), dimension)) + random.random())
    return vectors.astype(np.float32), models


def by_model(vectors, models):
    """Each model's vectors as lists of plain numbers, by ascending id."""
    return {
        int(model): vectors[models == model].astype(float).tolist() for model in np.unique(models)
    }


def slow_entry(sets, first, second):
    if first == second:
        return reference.self_similarity(sets[first])
    return reference.model_similarity(sets[first], sets[second])


class TestPromptSimilarity:
    @given(pictures())
    @settings(deadline=None)
    def test_every_entry_equals_the_slow_form(self, drawn):
        found = prompt_similarity(*drawn)
        sets = by_model(*drawn)
        assert found.models.tolist() == list(sets)
        assert found.pictures.tolist() == [len(own) for own in sets.values()]
        slow = [[slow_entry(sets, a, b) for b in sets] for a in sets]
        np.testing.assert_allclose(found.values, slow, atol=1e-5)

    @given(pictures())
    @settings(deadline=None)
    def test_aps_is_the_mean_of_the_entries_weighted_by_their_pairs(self, drawn):
        found = prompt_similarity(*drawn)
        upper = np.triu_indices(len(found.models))
        pairs = found.pairs[upper]
        pictures_in_all = len(drawn[1])
        assert pairs.sum() == pictures_in_all * (pictures_in_all - 1) // 2
        if pictures_in_all > 1:
            weighted = (found.values[upper] * pairs).sum() / pairs.sum()
            assert found.aps == pytest.approx(weighted, abs=1e-9)
            slow = reference.aps(drawn[0].astype(float).tolist())
            assert found.aps == pytest.approx(slow, abs=1e-5)
        else:
            assert math.isnan(found.aps)

    @given(pictures())
    @settings(deadline=None)
    def test_it_is_symmetric_and_a_cosine(self, drawn):
        values = prompt_similarity(*drawn).values
        assert (values == values.T).all()
        assert (np.abs(values) <= 1).all()

    def test_a_single_picture_is_1_with_itself_by_definition(self):
        found = prompt_similarity(np.array([[1, 0], [0, 2]], np.float32), np.array([7, 3]))
        assert found.models.tolist() == [3, 7]
        assert found.values.tolist() == [[1, 0], [0, 1]]
        assert found.pairs.tolist() == [[0, 1], [1, 0]]

    def test_several_pictures_are_compared_with_each_other_but_not_with_themselves(self):
        vectors = np.array([[1, 0], [0, 1], [3, 0]], np.float32)
        found = prompt_similarity(vectors, np.array([5, 5, 9]))
        np.testing.assert_allclose(found.values, [[0, 0.5], [0.5, 1]], atol=1e-12)
        assert found.pairs.tolist() == [[1, 2], [2, 0]]

    @pytest.mark.parametrize("broken", [[0, 0], [math.nan, 1], [1, math.inf]])
    def test_a_picture_without_direction_counts_nowhere(self, broken):
        good = np.array([[1, 0], [1, 1], [0, 1]], np.float32)
        alone = prompt_similarity(good, np.array([1, 1, 2]))
        found = prompt_similarity(np.vstack([good, [broken]]).astype(np.float32),
                                  np.array([1, 1, 2, 2]))  # fmt: skip
        np.testing.assert_allclose(found.values, alone.values)
        assert found.pictures.tolist() == [2, 1]
        assert (found.undirected, alone.undirected) == (1, 0)
        assert found.aps == pytest.approx(alone.aps)

    def test_no_pictures_are_no_models(self):
        found = prompt_similarity(np.zeros((0, 4), np.float32), np.zeros(0, np.int64))
        assert found.values.shape == (0, 0)
        assert math.isnan(found.aps)

    def test_200_x_768_equals_the_slow_form_to_1e_5(self):
        random = np.random.default_rng(20240304)
        vectors = random.standard_normal((200, 768), dtype=np.float32)
        vectors += random.standard_normal(768, dtype=np.float32)
        found = prompt_similarity(vectors, np.arange(200))
        exact = vectors.astype(float)
        exact /= np.linalg.norm(exact, axis=1, keepdims=True)
        assert np.abs(found.values - exact @ exact.T).max() < 1e-5
        for a, b in ((0, 199), (17, 40)):
            slow = reference.cosine(vectors[a].astype(float), vectors[b].astype(float))
            assert found.values[a, b] == pytest.approx(slow, abs=1e-5)


class TestExpanded:
    def test_models_that_are_missing_have_no_value(self):
        found = prompt_similarity(np.array([[1, 0], [0, 2]], np.float32), np.array([3, 7]))
        values, pairs = expanded(found, np.array([7, 5, 3]))
        np.testing.assert_array_equal(values, [[1, np.nan, 0], [np.nan] * 3, [0, np.nan, 1]])
        assert pairs.tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]

    def test_nothing_expands_to_nothing_known(self):
        nothing = prompt_similarity(np.zeros((0, 2), np.float32), np.zeros(0, np.int64))
        assert np.isnan(expanded(nothing, np.array([1, 2]))[0]).all()


class TestMeanSimilarity:
    @given(st.lists(pictures(), min_size=1, max_size=4))
    @settings(deadline=None, max_examples=40)
    def test_it_equals_the_slow_form(self, drawn):
        drawn = [(vectors, models % 6) for vectors, models in drawn]  # so that prompts share models
        models = np.arange(6)
        mean = mean_similarity([prompt_similarity(*one) for one in drawn], models)
        for a in range(6):
            for b in range(6):
                entries = []
                for sets in (by_model(*one) for one in drawn):
                    if {a, b} <= set(sets) and (a != b or len(sets[a]) > 1):
                        entries.append(slow_entry(sets, a, b))
                assert mean.prompts[a, b] == len(entries)
                if entries:
                    slow, deviation = reference.mean_and_deviation(entries)
                    assert mean.mean[a, b] == pytest.approx(slow, abs=1e-5)
                    assert mean.lowest[a, b] == pytest.approx(min(entries), abs=1e-5)
                    if deviation is None:
                        assert math.isnan(mean.deviation[a, b])
                    else:
                        assert mean.deviation[a, b] == pytest.approx(deviation, abs=1e-5)
                elif a == b:
                    assert mean.mean[a, b] == 1, "by definition"
                else:
                    assert math.isnan(mean.mean[a, b])

    def test_a_lone_picture_is_not_averaged_with_real_pairs(self):
        seeds_ = prompt_similarity(np.array([[1, 0], [0, 1]], np.float32), np.array([4, 4]))
        alone = prompt_similarity(np.array([[1, 0]], np.float32), np.array([4]))
        mean = mean_similarity([seeds_, alone], np.array([4]))
        assert mean.mean.tolist() == [[0.0]]
        assert mean.prompts.tolist() == [[1]]

    def test_pairs_above_the_threshold_come_most_alike_first(self):
        vectors = np.array([[1, 0], [1, 0.1], [0, 1], [0.02, 1]], np.float32)
        mean = mean_similarity([prompt_similarity(vectors, np.arange(4))], np.arange(4))
        first, second = similar_pairs(mean, 0.9)
        assert list(zip(first.tolist(), second.tolist(), strict=True)) == [(2, 3), (0, 1)]
        assert not len(similar_pairs(mean, 1.01)[0])
        assert len(similar_pairs(mean, -1)[0]) == 6

    def test_models_without_a_common_prompt_are_no_pair(self):
        ones = [prompt_similarity(np.ones((1, 2), np.float32), np.array([m])) for m in (0, 1)]
        assert not len(similar_pairs(mean_similarity(ones, np.arange(2)), -1)[0])


class TestOrders:
    @given(st.integers(0, 25), seeds)
    @settings(deadline=None)
    def test_leaf_order_holds_every_model_once(self, count, seed):
        values = np.corrcoef(np.random.default_rng(seed).random((count, 5))) if count > 1 else (
            np.ones((count, count))
        )  # fmt: skip
        assert sorted(leaf_order(values).tolist()) == list(range(count))

    def test_alike_models_stand_together(self):
        family = np.array([0, 1, 2] * 8)
        values = np.where(family[:, None] == family, 0.9, 0.3)
        ordered = family[leaf_order(values)]
        assert (ordered[1:] != ordered[:-1]).sum() == 2

    def test_neighbours_are_more_alike_than_in_the_clusters_own_order(self):
        values = np.corrcoef(np.random.default_rng(5).random((40, 6)))
        distances = 1 - values[np.triu_indices(40, k=1)]
        plain = leaves_list(linkage(distances, "average"))
        ours = leaf_order(values)
        assert values[ours[1:], ours[:-1]].sum() > values[plain[1:], plain[:-1]].sum() + 0.1

    def test_a_missing_similarity_does_not_stop_it(self):
        values = np.full((5, 5), np.nan)
        values[:3, :3] = 0.8
        assert sorted(leaf_order(values).tolist()) == list(range(5))

    def test_the_highest_comes_first_ties_by_id_and_unknown_last(self):
        scores = np.array([5.0, np.nan, 9.0, 5.0, np.nan])
        assert descending(scores, np.array([30, 2, 4, 20, 1])).tolist() == [2, 3, 0, 4, 1]


class TestDiversity:
    @given(st.lists(st.one_of(st.none(), st.integers(-9, 9).map(lambda n: n / 9)), max_size=30))
    @settings(deadline=None)
    def test_ranks_equal_the_slow_form(self, values):
        aps = np.array([math.nan if value is None else value for value in values], dtype=float)
        slow = [0 if rank is None else rank for rank in reference.diversity_ranks(values)]
        assert diversity_ranks(aps).tolist() == slow

    def test_equal_prompts_share_a_rank_though_their_last_bits_differ(self):
        aps = np.array([0.5, 0.3, 0.3 + 1e-16, math.nan, 0.1])
        assert diversity_ranks(aps).tolist() == [4, 2, 2, 0, 1]

    @given(st.lists(st.floats(-1, 1), min_size=2, max_size=20))
    @settings(deadline=None)
    def test_the_interval_stands_around_the_mean(self, values):
        told = mean_interval(np.array([*values, math.nan]))
        mean, deviation = reference.mean_and_deviation(values)
        assert told.count == len(values)
        assert told.mean == pytest.approx(mean, abs=1e-9)
        assert told.high - told.mean == pytest.approx(told.mean - told.low, abs=1e-9)
        assert deviation is not None
        assert told.high - told.mean >= 1.9 * deviation / math.sqrt(len(values)) - 1e-9

    def test_five_values_take_students_2_776(self):
        told = mean_interval(np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
        assert told.high - told.mean == pytest.approx(2.776445 * math.sqrt(2.5 / 5), abs=1e-5)

    def test_one_value_gives_no_interval_and_none_no_mean(self):
        one = mean_interval(np.array([0.7, math.nan]))
        assert (one.mean, one.count) == (0.7, 1)
        assert math.isnan(one.low) and math.isnan(one.high)
        assert math.isnan(mean_interval(np.array([math.nan])).mean)
