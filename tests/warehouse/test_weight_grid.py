"""The grid of drafts holds what `score` would store under each normalisation."""

import numpy as np
import pytest

from core.weights.normalisation import Normalisation
from tests import seeding
from warehouse.profiles import activate_profile, save_profile
from warehouse.scoring import score
from warehouse.weight_grid import draft_values, weighed_grid

LAMBDAS = {"clip": 1.0, "pop": 0.5, "nsfw": 0.2}


@pytest.fixture
def filled(warehouse):
    seeding.fill(warehouse)
    return warehouse


@pytest.mark.parametrize("way", Normalisation)
def test_a_draft_has_the_scores_that_activating_it_gives(filled, way):
    weighed = weighed_grid(filled, draft_values(filled), way)
    drafted = sum(weight * weighed.flat(name) for name, weight in LAMBDAS.items())
    save_profile(filled, "tried", LAMBDAS, normalisation=way)
    activate_profile(filled, "tried")
    score(filled)
    stored = dict(filled.select("select image_id, gre from image_scores").iter_rows())
    expected = [np.nan if stored[key] is None else stored[key] for key in weighed.image_ids]
    assert drafted == pytest.approx(np.array(expected), abs=1e-6, nan_ok=True)
    assert np.isfinite(drafted).sum() == 14, "model 5 has no downloads"


def test_hidden_pictures_are_not_in_it_and_rows_go_prompt_by_prompt(filled):
    weighed = weighed_grid(filled, draft_values(filled), Normalisation.MIN_MAX)
    prompts = [key.split("-")[0] for key in weighed.image_ids]
    assert prompts == sorted(prompts)
    assert seeding.HIDDEN_ID not in weighed.image_ids
    assert weighed.starts.tolist() == [0, 5, 11]
    models = [f"m{weighed.model_ids[code]}" for code in weighed.models]
    assert models == [key.split("-")[1] for key in weighed.image_ids]


def test_a_metric_without_values_is_there_and_says_what_it_lacks(filled):
    raw = draft_values(filled)
    weighed = weighed_grid(filled, raw, Normalisation.RANK)
    assert np.isnan(weighed.flat("sharpness")).all()
    assert np.isnan(weighed.flat("aesthetic")).all()
    assert "GEMBOARD_AESTHETIC_HEAD" in raw.unavailable["aesthetic"]


def test_an_empty_warehouse_has_an_empty_grid(warehouse):
    weighed = weighed_grid(warehouse, draft_values(warehouse), Normalisation.MIN_MAX)
    assert (len(weighed.image_ids), len(weighed.model_ids)) == (0, 0)
    assert weighed.flat("clip").tolist() == []
