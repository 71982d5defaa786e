"""The fit finds the weights that made the judgments, and says how sure it is."""

import numpy as np
import pytest

from core.errors import ScoreError
from core.weights.fit import fit_lambdas, held_out_agreement

TRUE = np.array([0.2, 1.0, 0.5])
METRICS = ("clip", "mcos", "pop")
SCALE = 0.25


def simulate(
    seed: int, pairs: int = 5000, people: int = 1, spread: float = 0.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Votes by P = logistic(score difference / 0.25); each person's lambdas vary by `spread`."""
    random = np.random.default_rng(seed)
    differences = random.random((pairs, 3)) - random.random((pairs, 3))
    who = np.repeat(np.arange(people), -(-pairs // people))[:pairs]
    tastes = TRUE + spread * random.normal(size=(people, 3))
    margins = (differences * tastes[who]).sum(1) / SCALE
    outcomes = (random.random(pairs) < 1 / (1 + np.exp(-margins))).astype(float)
    return differences, outcomes, who


def degrees(weights: np.ndarray) -> float:
    cosine = weights @ TRUE / np.linalg.norm(weights) / np.linalg.norm(TRUE)
    return float(np.degrees(np.arccos(min(1.0, cosine))))


def test_known_weights_are_found_within_three_degrees() -> None:
    angles = [degrees(fit_lambdas(METRICS, *simulate(seed)).weights) for seed in range(50)]
    assert np.median(angles) < 3


@pytest.mark.soak
@pytest.mark.parametrize(("people", "spread"), [(1, 0.0), (25, 0.15)])
def test_intervals_cover_the_truth_in_90_to_99_of_100(people: int, spread: float) -> None:
    truth = TRUE / SCALE
    if spread:  # where tastes differ, the weights of the whole audience are a little smaller
        audience = simulate(1000, pairs=600_000, people=6000, spread=spread)
        truth = fit_lambdas(METRICS, *audience).weights
    covered = np.zeros(3)
    for seed in range(200):
        fit = fit_lambdas(METRICS, *simulate(seed, people=people, spread=spread))
        covered += (fit.lower <= truth) & (truth <= fit.upper)
    assert (covered / 200 >= 0.90).all(), covered
    assert (covered / 200 <= 0.99).all(), covered


def test_people_who_differ_widen_the_intervals() -> None:
    differences, outcomes, who = simulate(3, people=20, spread=0.4)
    apart = fit_lambdas(METRICS, differences, outcomes, who)
    together = fit_lambdas(METRICS, differences, outcomes, np.zeros_like(who))
    assert apart.clustered
    assert not together.clustered
    assert np.allclose(apart.weights, together.weights)
    assert (apart.upper - apart.lower > 1.5 * (together.upper - together.lower)).all()


def test_ties_pull_towards_nothing() -> None:
    differences, outcomes, who = simulate(4, pairs=2000)
    full = fit_lambdas(METRICS, differences, outcomes, who)
    half = fit_lambdas(METRICS, differences, np.where(who % 2 == 0, 0.5, outcomes), who)
    assert np.abs(half.weights).max() < 1e-6
    assert np.abs(full.weights).max() > 1


def test_a_metric_that_people_dislike_is_held_at_zero_only_when_asked() -> None:
    differences, outcomes, who = simulate(5)
    turned = differences * np.array([-1.0, 1.0, 1.0])
    assert fit_lambdas(METRICS, turned, outcomes, who).weights[0] < -0.4
    held = fit_lambdas(METRICS, turned, outcomes, who, non_negative=True)
    assert held.weights[0] == 0
    assert held.weights[1] > 3
    assert np.isnan(held.lower).all()


def test_lambdas_are_scaled_to_a_largest_of_one() -> None:
    lambdas = fit_lambdas(METRICS, *simulate(6)).as_lambdas()
    assert lambdas["mcos"] == 1
    assert lambdas["clip"] == pytest.approx(0.2, abs=0.1)
    with pytest.raises(ScoreError, match="nothing to weigh"):
        differences, _, who = simulate(7)
        fit_lambdas(METRICS, -np.abs(differences), np.ones(len(who)), who).as_lambdas()


def test_pairs_without_a_metric_are_left_out_and_none_at_all_is_an_error() -> None:
    differences, outcomes, who = simulate(8, pairs=100)
    differences[:40, 1] = np.nan
    assert fit_lambdas(METRICS, differences, outcomes, who).pairs == 60
    differences[:, 1] = np.nan
    with pytest.raises(ScoreError, match="No judgment"):
        fit_lambdas(METRICS, differences, outcomes, who)


def test_what_is_doubtful_is_said() -> None:
    differences, outcomes, who = simulate(9, pairs=20)
    differences[:, 2] = 0
    said = " ".join(fit_lambdas(METRICS, differences, outcomes, who).warnings)
    assert "Only 20 pairs" in said
    assert "one person" in said
    assert "pop" in said
    perfect = np.sign(differences[:, 0]) * 0.5 + 0.5
    assert "nearly without exception" in " ".join(
        fit_lambdas(METRICS, differences, perfect, who).warnings
    )


def test_held_out_agreement_beats_wrong_lambdas_and_never_sees_its_own_prompts() -> None:
    differences, outcomes, _ = simulate(10)
    prompts = np.arange(5000) % 40
    found = held_out_agreement(differences, outcomes, prompts, np.array([1.0, 0.0, 0.0]))
    assert found.fitted > found.given + 0.1
    assert (found.pairs, found.folds) == (5000, 5)
    noise = np.random.default_rng(0).integers(0, 2, 5000).astype(float)
    alone = np.eye(50)[np.arange(5000) % 50]  # each prompt has a column of its own to overfit
    blind = held_out_agreement(alone, noise, np.arange(5000) % 50, np.ones(50))
    assert blind.fitted == pytest.approx(0.5)


def test_one_prompt_cannot_be_held_out() -> None:
    differences, outcomes, _ = simulate(11, pairs=30)
    found = held_out_agreement(differences, outcomes, np.zeros(30, np.int64), TRUE)
    assert np.isnan(found.fitted)
    assert found.pairs == 0
