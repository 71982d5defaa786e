"""Against the scores that evalica's authors published for real comparisons."""

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from core.leaderboards.board import bradley_terry
from core.leaderboards.comparisons import votes_of_places
from core.leaderboards.resampled import elo, win_rates

DATA = Path(__file__).parents[4] / "shared" / "data" / "evalica"
OUTCOMES = {"left": 1.0, "right": 0.0, "tie": 0.5}

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"the public comparisons are not at {DATA}"
)


def comparisons(name):
    with (DATA / f"{name}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    models = sorted({row[side] for row in rows for side in ("left", "right")})
    return votes_of_places(
        models,
        np.array([models.index(row["left"]) for row in rows]),
        np.array([models.index(row["right"]) for row in rows]),
        np.array([OUTCOMES[row["winner"]] for row in rows]),
    )


def golden(name, algorithm):
    with (DATA / f"{name}-golden.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["algorithm"] == algorithm]
    return {row["item"]: float(row["score"]) for row in rows}


@pytest.mark.parametrize("name", ["food", "simple", "llmfao"])
@pytest.mark.parametrize(
    ("method", "algorithm", "least"),
    [
        (bradley_terry, "bradley_terry", 0.999),
        (win_rates, "average_win_rate", 0.999),
        (elo, "elo", 0.99),
    ],
)
def test_ratings_order_models_as_the_golden_files_do(name, method, algorithm, least):
    found = {standing.model: standing.rating for standing in method(comparisons(name))}
    known = golden(name, algorithm)
    assert found.keys() == known.keys()
    assert spearmanr(list(found.values()), [known[model] for model in found]).statistic > least


@pytest.mark.parametrize("name", ["food", "simple", "llmfao"])
def test_bradley_terry_is_the_golden_one_on_arenas_scale(name):
    found = {standing.model: standing.rating for standing in bradley_terry(comparisons(name))}
    scores = golden(name, "bradley_terry")
    logs = np.array([np.log10(scores[model]) for model in found])
    expected = 1000 + 400 * (logs - logs.mean())
    np.testing.assert_allclose(list(found.values()), expected, atol=0.5)


@pytest.mark.parametrize("name", ["food", "simple", "llmfao"])
def test_elo_is_the_golden_one(name):
    found = {standing.model: standing.rating for standing in elo(comparisons(name))}
    known = golden(name, "elo")
    np.testing.assert_allclose(list(found.values()), [known[model] for model in found], atol=1e-6)
