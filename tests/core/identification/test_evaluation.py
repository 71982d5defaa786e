"""Tasks, figures and intervals, and the distances between small sets of pictures."""

import numpy as np
import pytest

from core.identification.evaluation import (
    check_kept_apart,
    draw_tasks,
    figures,
    interval,
    task_scores,
    top1_difference,
)
from core.identification.set_distance import cmmd, kid
from core.identification.specification import SpecificationError
from tests.core.identification.worlds import drawn

MODELS = np.repeat(np.arange(3), 8)
PROMPTS = np.tile(np.repeat(np.arange(4), 2), 3)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_every_picture_starts_one_task_of_its_model_with_other_prompts(count):
    tasks = draw_tasks(MODELS, PROMPTS, count)
    assert tasks.rows.shape == (24, count) and sorted(tasks.rows[:, 0]) == list(range(24))
    assert (MODELS[tasks.rows] == tasks.models[:, None]).all()
    assert (PROMPTS[tasks.rows[:, 0]] == tasks.prompts).all()
    assert all(len(set(PROMPTS[row])) == count for row in tasks.rows)
    again = draw_tasks(MODELS, PROMPTS, count)
    assert np.array_equal(again.rows, tasks.rows)


def test_more_examples_than_prompts_make_no_task_and_none_is_refused():
    tasks = draw_tasks(MODELS, PROMPTS, 5)
    assert tasks.rows.shape == (0, 5)
    empty = figures(task_scores(np.zeros((24, 3)), tasks), tasks)
    assert empty.tasks == 0 and np.isnan(empty.mean_rank.value)
    with pytest.raises(SpecificationError, match="one example"):
        draw_tasks(MODELS, PROMPTS, 0)


def test_scores_of_a_task_are_the_mean_of_its_examples():
    scores = np.random.default_rng(0).random((24, 3))
    tasks = draw_tasks(MODELS, PROMPTS, 2)
    found = task_scores(scores, tasks)
    assert found[5] == pytest.approx((scores[tasks.rows[5, 0]] + scores[tasks.rows[5, 1]]) / 2)


def test_figures_count_ranks_and_ties_at_their_mean_rank():
    tasks = draw_tasks(np.array([0, 1, 2, 2]), np.array([0, 0, 1, 1]), 1)
    scores = np.array([[1, 2, 3], [1, 2, 3], [1, 2, 3], [5, 5, 5]], float)  # ranks 1, 2, 3, 2
    found = figures(scores, tasks)
    assert [top.value for top in found.top] == [0.25, 0.75, 1, 1, 1]
    assert found.mean_rank.value == 2 and found.tasks == 4


def test_differences_are_of_the_same_tasks():
    tasks = draw_tasks(MODELS, PROMPTS, 1)
    right = 1 - np.eye(3)[MODELS]
    wrong = np.roll(right, 1, axis=1)
    found = top1_difference(right, wrong, tasks)
    assert (found.value, found.lower, found.upper) == (1, 1, 1)
    assert top1_difference(right, right, tasks).value == 0


def test_whole_prompts_are_resampled():
    """Four prompts that are all right or all wrong say little, however many tasks they have."""
    values = np.repeat([0.0, 1.0, 0.0, 1.0], 500)
    by_prompt = interval(values, np.repeat(np.arange(4), 500))
    by_task = interval(values, np.arange(2000))
    assert by_prompt.value == by_task.value == 0.5
    assert by_prompt.upper - by_prompt.lower > 0.5 > 0.1 > by_task.upper - by_task.lower


def test_a_prompt_of_specifications_among_the_queries_is_refused():
    check_kept_apart(drawn(), [1, 2])
    with pytest.raises(SpecificationError, match="Prompt 12 "):
        check_kept_apart(drawn(), [1, 12])


def looped(one, other, kernel):
    n, k = len(one), len(other)
    within = sum(kernel(a, b) for i, a in enumerate(one) for j, b in enumerate(one) if i != j)
    beside = sum(kernel(a, b) for i, a in enumerate(other) for j, b in enumerate(other) if i != j)
    between = sum(kernel(a, b) for a in one for b in other)
    return within / (n * (n - 1)) + beside / (k * (k - 1)) - 2 * between / (n * k)


def test_distances_of_sets_are_those_of_their_papers():
    random = np.random.default_rng(0)
    one = random.standard_normal((5, 4)).astype(np.float32)
    other = (random.standard_normal((7, 4)) + 1).astype(np.float32)
    assert kid(one, other) == pytest.approx(looped(one, other, lambda a, b: (a @ b / 4 + 1) ** 3))
    units = [x / np.linalg.norm(x, axis=1, keepdims=True) for x in (one, other)]
    expected = 1000 * looped(*units, lambda a, b: np.exp(-((a - b) ** 2).sum() / 200))
    assert cmmd(one, other) == pytest.approx(expected, rel=1e-4)


def test_distances_of_like_sets_are_about_nothing_and_need_two_pictures():
    random = np.random.default_rng(1)
    draws = [
        kid(*random.standard_normal((2, 12, 8)).astype(np.float32)) for _ in range(300)
    ]  # unbiased: their mean is 0, some are below
    assert min(draws) < 0 and abs(np.mean(draws)) < 3 * np.std(draws) / np.sqrt(300)
    with pytest.raises(SpecificationError, match="two pictures"):
        cmmd(np.ones((1, 3), np.float32), np.ones((5, 3), np.float32))
