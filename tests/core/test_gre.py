"""The GRE-Score over a dense grid: equal to the slow sum, missing metrics last, ties in order."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import reference
from core.errors import ScoreError
from core.gre import DEFAULT_LAMBDAS, gre_scores, metric_grid, ranked_slots

qualities = st.one_of(st.floats(0, 1), st.just(math.nan))


@st.composite
def ragged_metrics(draw):
    """One to five metrics over ragged prompts, with a weight for each."""
    sizes = draw(st.lists(st.integers(1, 6), min_size=1, max_size=5))
    names = draw(st.lists(st.sampled_from("abcde"), min_size=1, max_size=5, unique=True))
    count = sum(sizes)
    metrics = {
        name: np.array(draw(st.lists(qualities, min_size=count, max_size=count))) for name in names
    }
    weights = st.one_of(st.just(0.0), st.floats(0.01, 5))
    lambdas = {name: draw(weights) for name in names if draw(st.booleans())}
    return metrics, sizes, lambdas


def starts_of(sizes):
    return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)


def one_prompt(**metrics):
    arrays = {name: np.array(values, dtype=np.float64) for name, values in metrics.items()}
    return metric_grid(arrays, np.array([0]))


@given(ragged_metrics())
def test_it_equals_the_slow_sum_for_every_image(drawn):
    metrics, sizes, lambdas = drawn
    grid = metric_grid(metrics, starts_of(sizes))
    fast = gre_scores(grid, lambdas)
    row = 0
    for prompt, size in enumerate(sizes):
        for slot in range(size):
            assert grid.rows[prompt, slot] == row
            q = {n: None if math.isnan(v[row]) else float(v[row]) for n, v in metrics.items()}
            slow = reference.gre(q, lambdas)
            if slow is None:
                assert math.isnan(fast[prompt, slot])
            else:
                assert fast[prompt, slot] == pytest.approx(slow, abs=1e-5)
            row += 1
        assert (grid.rows[prompt, size:] == -1).all()
        assert np.isnan(fast[prompt, size:]).all()


@given(ragged_metrics())
def test_every_prompt_is_ranked_best_first_with_missing_ones_last(drawn):
    metrics, sizes, lambdas = drawn
    scores = gre_scores(metric_grid(metrics, starts_of(sizes)), lambdas)
    for order, prompt in zip(ranked_slots(scores), scores, strict=True):
        assert sorted(order.tolist()) == list(range(len(prompt)))
        ranked = prompt[order]
        present = ranked[~np.isnan(ranked)]
        assert (np.diff(present) <= 0).all()
        assert np.isnan(ranked[len(present) :]).all()


def test_the_default_weights_are_the_papers():
    assert DEFAULT_LAMBDAS == {"clip": 1.0, "mcos": 0.8, "pop": 0.2}


def test_an_image_that_lacks_a_weighed_metric_has_none_and_ranks_last():
    scores = gre_scores(
        one_prompt(clip=[math.nan, 0.1, 0.9], pop=[1, 0, 0]), {"clip": 1, "pop": 0.2}
    )
    assert math.isnan(scores[0, 0])
    assert ranked_slots(scores)[0].tolist() == [2, 1, 0]


def test_a_metric_of_weight_0_is_not_weighed():
    grid = one_prompt(clip=[0.5, 1.0], mcos=[math.nan, 0.0])
    assert gre_scores(grid, {"clip": 2, "mcos": 0})[0].tolist() == [1.0, 2.0]


def test_a_metric_that_the_profile_does_not_name_is_not_weighed():
    grid = one_prompt(clip=[0.5, 1.0], mcos=[math.nan, 0.0])
    assert gre_scores(grid, {"clip": 1})[0].tolist() == [0.5, 1.0]


def test_ties_keep_the_order_of_the_slots():
    scores = gre_scores(one_prompt(clip=[0.5, 0.9, 0.5, 0.9, 0.5]), {"clip": 1})
    assert ranked_slots(scores)[0].tolist() == [1, 3, 0, 2, 4]


def test_ties_keep_the_order_of_the_slots_in_long_prompts_too():
    scores = gre_scores(one_prompt(clip=[0.5] * 500), {"clip": 1})
    assert ranked_slots(scores)[0].tolist() == list(range(500))


def test_the_sum_is_over_however_many_metrics_there_are():
    names = [f"metric {number}" for number in range(9)]
    grid = one_prompt(**{name: [1.0, 0.5] for name in names})
    np.testing.assert_allclose(gre_scores(grid, dict.fromkeys(names, 2.0))[0], [18, 9])


def test_an_unknown_metric_is_named():
    with pytest.raises(ScoreError, match="aesthetic"):
        gre_scores(one_prompt(clip=[1.0]), {"aesthetic": 1})


@pytest.mark.parametrize("weight", [math.nan, math.inf, -math.inf])
def test_a_weight_that_is_no_number_is_refused(weight):
    with pytest.raises(ScoreError, match="weight of clip"):
        gre_scores(one_prompt(clip=[1.0]), {"clip": weight})


def test_no_images_make_an_empty_grid():
    grid = metric_grid({"clip": np.zeros(0)}, np.zeros(0, dtype=np.int64))
    scores = gre_scores(grid, {"clip": 1})
    assert scores.shape == (0, 0)
    assert ranked_slots(scores).shape == (0, 0)


def test_no_weights_leave_every_image_at_0():
    assert gre_scores(one_prompt(clip=[0.3, math.nan]), {})[0].tolist() == [0, 0]


def test_a_draft_leaves_the_grid_as_it_was():
    grid = one_prompt(clip=[0.3, 0.4])
    before = grid.q.copy()
    gre_scores(grid, {"clip": 5})
    assert (grid.q == before).all()
