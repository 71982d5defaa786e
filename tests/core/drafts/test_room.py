"""The room of each lambda against moving it and looking who leads."""

import numpy as np
import pytest

from core.drafts.room import rooms
from core.drafts.standings import standings
from core.gre import metric_grid
from core.scores import group_starts

LAMBDAS = {"clip": 1.0, "mcos": 0.8, "pop": 0.2}
PROMPTS, MODELS = 6, 8


@pytest.fixture
def drawn():
    random = np.random.default_rng(4)
    prompts = np.repeat(np.arange(PROMPTS), MODELS)
    models = np.tile(np.arange(MODELS), PROMPTS)
    q = {name: random.random(len(prompts)) for name in LAMBDAS}
    return metric_grid(q, group_starts(prompts)), models


@pytest.mark.parametrize("metric", LAMBDAS)
def test_inside_the_room_the_first_stays_and_just_outside_the_named_rival_leads(drawn, metric):
    grid, models = drawn
    room = rooms(grid, LAMBDAS, models, MODELS)[metric]

    def leader(weight):
        return standings(grid, LAMBDAS | {metric: weight}, models, MODELS).order[0]

    assert room.first == leader(LAMBDAS[metric])
    upper = min(room.upper, 50.0)
    for weight in np.linspace(room.lower + 1e-3, upper - 1e-3, 7):
        assert leader(weight) == room.first
    if room.above is not None:
        assert leader(room.upper + 1e-3) == room.above
    if room.below is not None:
        assert leader(room.lower - 1e-3) == room.below
    else:
        assert room.lower == 0


def test_a_metric_of_weight_0_has_room_too(drawn):
    grid, models = drawn
    room = rooms(grid, LAMBDAS | {"pop": 0.0}, models, MODELS)["pop"]
    assert room.lower == 0 and room.below is None


def test_pictures_that_lack_the_metric_do_not_count_for_it():
    q = {"clip": np.array([0.9, 0.1, 0.2, 0.8]), "pop": np.array([np.nan, np.nan, 0.5, 0.6])}
    grid = metric_grid(q, np.array([0]))
    found = rooms(grid, {"clip": 1.0, "pop": 0.0}, np.array([0, 1, 2, 3]), 4)
    assert found["clip"].first == 0
    assert found["pop"].first == 3


def test_a_metric_that_nobody_has_leaves_no_room():
    grid = metric_grid({"clip": np.full(2, np.nan)}, np.array([0]))
    assert rooms(grid, {"clip": 1.0}, np.array([0, 1]), 2) == {}
    assert rooms(grid, {"other": 1.0}, np.array([0, 1]), 2) == {}
