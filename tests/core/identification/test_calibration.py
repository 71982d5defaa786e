"""Probabilities, how far off they are, what to show next, and when to say none of these."""

import numpy as np
import pytest

from core.identification.abstention import area_under_curve, fitted_abstention, struck
from core.identification.best import best
from core.identification.calibration import (
    calibration_error,
    fitted_temperature,
    helpful_prompts,
    probabilities,
)
from core.identification.specification import SpecificationError
from core.identification.tuning import HeldOut, held_out
from tests.core.identification.worlds import drawn


def answers(temperature, count=20_000, models=5, seed=0):
    """Scores whose truth is drawn with the probabilities they have at `temperature`."""
    random = np.random.default_rng(seed)
    scores = random.standard_normal((count, models))
    cumulated = probabilities(scores, temperature).cumsum(axis=1)
    return scores, (random.random((count, 1)) > cumulated).sum(axis=1)


def test_probabilities_are_of_one_whole_and_the_lowest_score_has_most():
    found = probabilities(np.array([[1.0, 2.0, np.inf], [3.0, 3.0, 3.0]]), 0.5)
    assert found.sum(axis=1) == pytest.approx([1, 1])
    assert found[0].tolist() == pytest.approx([1 / (1 + np.exp(-2)), 1 / (1 + np.exp(2)), 0])
    assert found[1] == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize("temperature", [0.05, 0.7, 20.0])
@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e3])
def test_the_temperature_that_made_the_truth_is_found(temperature, scale):
    scores, models = answers(temperature)
    found = fitted_temperature(scores * scale, models)
    assert found.value == pytest.approx(temperature * scale, rel=0.1 if temperature < 5 else 0.5)
    own = probabilities(scores * scale, found.value)[np.arange(len(models)), models]
    assert found.log_loss == pytest.approx(-np.log(own).mean())


def test_answers_at_their_temperature_are_calibrated_and_colder_ones_too_sure():
    scores, models = answers(0.7)
    honest = calibration_error(probabilities(scores, 0.7), models)
    boast = calibration_error(probabilities(scores, 0.1), models)
    assert honest.value < 0.02 < 0.2 < boast.value
    assert honest.tasks == sum(part.count for part in honest.bins) == len(models)


def test_calibration_error_written_out():
    found = calibration_error(
        np.array([[0.95, 0.05], [0.91, 0.09], [0.4, 0.6]]), np.array([0, 1, 1])
    )
    assert found.value == pytest.approx((2 * abs(0.93 - 0.5) + abs(0.6 - 1)) / 3)
    assert [part.count for part in found.bins] == [0] * 6 + [1, 0, 0, 2]
    certain = calibration_error(np.array([[1.0, 0.0]]), np.array([0]))
    assert certain.value == 0 and certain.bins[-1].count == 1


def test_a_temperature_without_anything_to_tell_apart():
    assert fitted_temperature(np.zeros((3, 1)), np.zeros(3, np.int64)).log_loss == 0
    assert fitted_temperature(np.ones((3, 4)), np.arange(3)).log_loss == pytest.approx(np.log(4))
    with pytest.raises(SpecificationError, match="held-out"):
        fitted_temperature(np.full((2, 3), np.inf), np.zeros(2, np.int64))


def test_the_prompt_that_parts_the_likely_models_helps_most():
    """Three models; prompt 0 parts the first two, prompt 1 the third from both, prompt 2 none."""
    known = drawn(3, 3, 1)
    scores = np.array(
        [
            [[0, 9, 9], [0, 0, 9], [0, 0, 0]],
            [[9, 0, 9], [0, 0, 9], [0, 0, 0]],
            [[9, 9, 0], [9, 9, 0], [0, 0, 0]],
        ],
        float,
    ).reshape(9, 3)
    held = HeldOut(scores, np.arange(9), known.models, known.prompts)
    now = np.array([0.5, 0.5, 0.0])
    bits = helpful_prompts(known, held, now, 1.0)
    assert bits[0] == pytest.approx(1, abs=0.01) and bits[1:] == pytest.approx([0, 0], abs=0.01)
    prior = np.array([0.5, 0.25, 0.25])
    bits = helpful_prompts(known, held, prior, 1.0)  # prompt 1 tells the third of them only
    told = 1.5 - 0.75 * -(2 / 3 * np.log2(2 / 3) + 1 / 3 * np.log2(1 / 3))
    assert bits == pytest.approx([1.5, told, 0], abs=0.01)
    assert helpful_prompts(known, held, np.array([1.0, 0, 0]), 1.0) == pytest.approx([0, 0, 0])


def test_seeds_of_a_cell_share_its_weight():
    """Many pictures of one model do not make the others less likely."""
    known = drawn(2, 1, 1)
    once = HeldOut(np.array([[0.0, 9], [0, 0]]), np.arange(2), np.arange(2), np.zeros(2, np.int64))
    often = HeldOut(
        np.array([[0.0, 9]] * 5 + [[0, 0]]),
        np.arange(6), np.array([0] * 5 + [1]), np.zeros(6, np.int64),
    )  # fmt: skip
    now = np.array([0.5, 0.5])
    expected = helpful_prompts(known, once, now, 1.0)
    assert helpful_prompts(known, often, now, 1.0) == pytest.approx(expected)


def test_prompts_without_a_picture_of_a_likely_model_say_nothing():
    known = drawn(3, 3, 1)
    rows = np.flatnonzero((known.prompts > 0) | (known.models == 2))
    held = HeldOut(np.zeros((len(rows), 3)), rows, known.models[rows], known.prompts[rows])
    bits = helpful_prompts(known, held, np.array([0.6, 0.4, 0.0]), 1.0)
    assert np.isnan(bits[0]) and np.isfinite(bits[1:]).all()


def test_none_of_these_refuses_as_many_present_models_as_stated_and_more_absent_ones():
    known = drawn(10, 10, 2, 12, style=0.6, noise=0.5)
    found = held_out(known, best)
    temperature = fitted_temperature(found.scores, found.models).value
    rule = fitted_abstention(found.scores, found.models, temperature, 0.1)
    assert rule.false_abstention == pytest.approx(0.1, abs=0.01)
    assert rule.refuses(found.scores).mean() == pytest.approx(rule.false_abstention)
    absent = struck(found.scores, found.models)
    assert rule.refuses(absent).mean() == pytest.approx(rule.found_absent)
    assert rule.found_absent > 0.3 and rule.area > 0.7
    assert ((rule.presence(absent) >= 0) & (rule.presence(absent) <= 1)).all()


def test_with_two_models_nothing_tells_absence():
    with pytest.raises(SpecificationError, match="three models"):
        fitted_abstention(np.zeros((4, 2)), np.zeros(4, np.int64), 1.0)


def test_tasks_that_leave_fewer_than_two_others_tell_nothing_of_absence():
    scores, models = answers(0.5, count=400, models=4)
    rule = fitted_abstention(scores, models, 0.5)
    bare = np.full((3, 4), np.inf)
    bare[:, 0] = 1.0
    more = fitted_abstention(np.concatenate([bare, scores]), np.append([0, 0, 0], models), 0.5)
    assert more.tasks == rule.tasks == 400 and more.threshold == pytest.approx(rule.threshold)
    with pytest.raises(SpecificationError, match="two models"):
        rule.presence(np.ones((2, 1)))


def test_area_under_the_curve_counts_pairs():
    assert area_under_curve(np.array([3.0, 2.0]), np.array([1.0, 2.0])) == pytest.approx(3.5 / 4)
