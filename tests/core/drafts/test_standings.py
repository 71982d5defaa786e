"""Standings of models against slow loops, and what moved between two of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.drafts.standings import movement, ranks, standings
from core.gre import metric_grid
from core.scores import group_starts

LAMBDAS = {"clip": 1.0, "pop": 0.5}


def grid_of(prompts, clip, pop):
    q = {"clip": np.array(clip, float), "pop": np.array(pop, float)}
    return metric_grid(q, group_starts(np.array(prompts)))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 8)), min_size=1))
def test_means_and_first_places_are_those_of_slow_loops(rows):
    rows = sorted(rows)
    prompts, models, clip = (list(column) for column in zip(*rows, strict=True))
    grid = grid_of(prompts, clip, [0] * len(rows))
    found = standings(grid, LAMBDAS, np.array(models), 5)
    for model in range(5):
        own = [c for m, c in zip(models, clip, strict=True) if m == model]
        assert (
            found.means[model] == pytest.approx(np.mean(own))
            if own
            else np.isnan(found.means[model])
        )
    firsts = [0] * 5
    for prompt in set(prompts):
        inside = [(c, m) for p, m, c in rows if p == prompt]
        best = max(c for c, _ in inside)
        firsts[next(m for c, m in inside if c == best)] += 1
    assert found.firsts.tolist() == firsts


def test_the_best_mean_comes_first_and_models_without_a_score_are_left_out():
    grid = grid_of([1, 1, 1, 2], [0.2, 0.9, np.nan, 0.4], [0, 0, 0, 0])
    found = standings(grid, LAMBDAS, np.array([0, 1, 2, 0]), 4)
    assert found.order.tolist() == [1, 0]
    assert ranks(found.order, 4).tolist() == [2, 1, 0, 0]
    assert np.isnan(found.means[[2, 3]]).all()
    assert np.isnan(found.scores[2])


def test_a_metric_that_is_not_weighed_may_lack():
    grid = grid_of([1, 1], [0.2, 0.9], [np.nan, np.nan])
    assert standings(grid, {"clip": 1.0, "pop": 0.0}, np.array([0, 1]), 2).order.tolist() == [1, 0]
    assert standings(grid, LAMBDAS, np.array([0, 1]), 2).order.tolist() == []


def test_the_same_ranking_moves_nothing_and_a_reversed_one_everything():
    prompts, models = [1, 1, 1], np.array([0, 1, 2])
    one = standings(grid_of(prompts, [0.1, 0.5, 0.9], [0, 0, 0]), LAMBDAS, models, 3)
    other = standings(grid_of(prompts, [0.9, 0.5, 0.1], [0, 0, 0]), LAMBDAS, models, 3)
    assert (movement(one, one).tau, movement(one, one).overlap) == (1, pytest.approx(1))
    assert movement(one, other).tau == -1
    assert movement(one, other).overlap < 1


def test_models_that_one_ranking_lacks_count_in_neither():
    models = np.array([0, 1, 2])
    one = standings(grid_of([1, 1, 1], [0.1, 0.5, np.nan], [0, 0, 0]), LAMBDAS, models, 3)
    other = standings(grid_of([1, 1, 1], [0.1, 0.5, 0.9], [0, 0, 0]), LAMBDAS, models, 3)
    moved = movement(one, other)
    assert (moved.models, moved.tau, moved.overlap) == (2, 1, pytest.approx(1))


def test_nothing_at_all_is_ranked_as_nothing():
    empty = metric_grid({"clip": np.zeros(0)}, group_starts(np.zeros(0, np.int64)))
    found = standings(empty, {"clip": 1.0}, np.zeros(0, np.int64), 0)
    assert found.order.tolist() == []
    assert movement(found, found).models == 0
