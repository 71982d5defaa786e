"""Drafts against judgments: the same numbers as from pairs read by themselves."""

import numpy as np
import pytest

from core.errors import ScoreError
from core.weights.normalisation import Normalisation
from tests import seeding
from tests.judging import judge, judge_grid
from warehouse.draft_judgments import draft_agreement, gaps, judged_rows, learn
from warehouse.judged_pairs import judged_pairs
from warehouse.weight_fitting import score_gaps
from warehouse.weight_grid import draft_values, weighed_grid

LAMBDAS = {"clip": 1.0, "mcos": 0.8, "pop": 0.2}


@pytest.fixture
def filled(warehouse):
    seeding.fill(warehouse)
    return warehouse


def read(warehouse, way=Normalisation.MIN_MAX, *, with_simulated=False):
    weighed = weighed_grid(warehouse, draft_values(warehouse), way)
    return judged_rows(warehouse, weighed.image_ids, with_simulated=with_simulated), weighed


def test_gaps_are_those_of_the_stored_metrics(filled):
    judge_grid(filled)
    judge(filled, "vote", ["p1-m2-s1", seeding.UNSCORED_ID], outcome="left")
    judge(filled, "vote", ["p1-m2-s1", seeding.HIDDEN_ID], outcome="left")
    judged, weighed = read(filled)
    pairs = judged_pairs(filled, tuple(LAMBDAS), with_simulated=False)
    expected = score_gaps(pairs, np.array(list(LAMBDAS.values())))
    found = gaps(judged, weighed, LAMBDAS)
    assert found == pytest.approx(expected, abs=1e-6, nan_ok=True)
    assert np.isnan(found).sum() == 4, "two of a model without downloads"


def test_weights_that_follow_people_agree_wholly_and_unknown_metrics_not_at_all(filled):
    judge_grid(filled)
    judged, weighed = read(filled)
    assert draft_agreement(judged, weighed, {"clip": 2.0}).share == 1.0
    nothing = draft_agreement(judged, weighed, {"other": 1.0})
    assert (nothing.pairs, nothing.unscored) == (0, judged.pairs)


def test_people_who_judge_alike_make_a_ceiling_of_one(filled):
    judge_grid(filled)
    judged, _ = read(filled)
    assert (judged.ceiling.share, judged.ceiling.comparisons * 2) == (1.0, judged.pairs)


def test_simulated_judgments_count_only_when_asked(filled):
    judge_grid(filled, simulated=True)
    assert read(filled)[0].pairs == 0
    judged, _ = read(filled, with_simulated=True)
    assert judged.simulated == judged.pairs > 0


def test_a_fit_finds_what_people_followed_and_is_held_beside_its_rivals(filled):
    judge_grid(filled)
    judged, weighed = read(filled)
    against = gaps(judged, weighed, {"pop": 1.0})
    found = learn(judged, weighed, ("clip", "pop"), {"popularity": against}, non_negative=True)
    assert int(np.argmax(found.fit.weights)) == 0
    assert found.held_out > 0.9
    assert found.rivals["popularity"].share < found.held_out
    assert np.isfinite(found.free.lower).all()


def test_without_a_pair_there_is_nothing_to_fit(filled):
    judged, weighed = read(filled)
    with pytest.raises(ScoreError):
        learn(judged, weighed, ("clip",), {}, non_negative=True)
