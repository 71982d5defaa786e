"""Leave-one-prompt-out: nothing of a prompt is seen by the fit that scores its pictures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identification.baselines import (
    MeanCosine,
    MostDownloaded,
    Nearest,
    most_downloaded,
    nearest,
)
from core.identification.best import DEFAULT, Best
from core.identification.matching import METHODS
from core.identification.methods import method_with, tuned_method
from core.identification.moments import Moments
from core.identification.pmi import Pmi, pmi
from core.identification.rkme import Rkme
from core.identification.specification import SpecificationError
from core.identification.tuning import (
    fewer_models,
    gammas,
    held_out,
    spread_prompts,
    true_ranks,
    tuned,
)
from tests.core.identification.worlds import drawn, examples, ragged


def test_a_fit_never_sees_the_prompt_it_is_asked_about():
    known = ragged(3)
    seen = []

    def fit(left):
        seen.append(set(left.prompt_ids.tolist()))
        return nearest(left, 1)

    found = held_out(known, fit)
    assert sorted(found.rows.tolist()) == list(range(len(known.models)))
    for prompts, prompt in zip(seen, known.prompt_ids.tolist(), strict=True):
        assert prompts == set(known.prompt_ids.tolist()) - {prompt}


def test_scores_of_held_out_pictures_are_those_of_the_fit_without_the_prompt():
    known = ragged(4)
    found = held_out(known, lambda left: pmi(left, 0.1), np.array([2]))
    rows = np.flatnonzero(known.prompts == 2)
    left = known.without_prompts([int(known.prompt_ids[2])])
    assert found.rows.tolist() == rows.tolist()
    assert found.models.tolist() == known.models[rows].tolist()
    expected = pmi(left, 0.1).scores(known.requirement(rows))
    assert found.scores == pytest.approx(expected)


def test_models_left_without_pictures_score_last():
    known = drawn(3, 3, 1)
    bare = known.rows((known.models > 0) | (known.prompts == 0))
    found = held_out(bare, lambda left: pmi(left, 0.1))
    gone = found.prompts == 0
    assert np.isinf(found.scores[gone, 0]).all() and np.isfinite(found.scores[~gone]).all()


def test_a_single_prompt_cannot_be_left_out():
    with pytest.raises(SpecificationError, match="two prompts"):
        held_out(drawn(prompts=1), lambda left: pmi(left, 0.1))


def test_the_best_option_wins_and_all_are_told():
    known = drawn(6, 8, 2, 12, noise=0.05)
    # A gamma so large that nothing is near anything ranks by accident.
    chosen = tuned(known, (1e6, 0.02), lambda left, gamma: pmi(left, gamma, "none"))
    assert chosen.option == 0.02 and chosen.pictures == len(known.models)
    assert [option for option, _ in chosen.reached] == [1e6, 0.02]
    assert chosen.reached[1][1] > chosen.reached[0][1]


@given(st.lists(st.integers(0, 3), min_size=2, max_size=6), st.data())
def test_tied_scores_get_their_mean_rank(scores, data):
    model = data.draw(st.integers(0, len(scores) - 1))
    own = scores[model]
    before = sum(score < own for score in scores)
    ties = sum(score == own for score in scores)
    ranks = true_ranks(np.array([scores], float), np.array([model]))
    assert ranks[0] == before + (ties + 1) / 2


def test_prompts_are_spread_and_those_of_few_models_passed_over():
    known = drawn(4, 30, 1)
    assert len(spread_prompts(known)) == 12
    own = known.rows((known.prompts < 5) | (known.models == 0))
    assert spread_prompts(own).tolist() == [0, 1, 2, 3, 4]


def test_of_many_models_some_are_tuned_on_with_all_their_pictures():
    known = drawn(9, 4, 2)
    fewer = fewer_models(known, 3)
    assert fewer.model_ids.tolist() == [100, 104, 108] and len(fewer.models) == 24
    assert fewer_models(known) is known


def test_gammas_follow_the_scale_of_the_features():
    one, ten = gammas(drawn(scale=1.0)), gammas(drawn(scale=10.0))
    assert np.array(one) / np.array(ten) == pytest.approx(np.full(len(one), 100.0), rel=1e-3)


def test_every_method_is_tuned_and_fitted_by_its_name():
    known = drawn(4, 5, 2, 6)
    asked = examples(known, 2)
    downloads = {100: 3}
    kinds = (MostDownloaded, Rkme, MeanCosine, Nearest, Moments, Pmi, Best)
    for name, kind in zip(METHODS, kinds, strict=True):
        found = tuned_method(name, known, downloads, prompts=np.array([0, 1]))
        assert isinstance(found.fit(known), kind)
        scores = found.fit(known).scores(asked)
        assert scores.shape == (2, 4) and np.isfinite(scores).all()
        again = method_with(name, found.option, downloads)(known).scores(asked)
        assert again == pytest.approx(scores)
    assert most_downloaded(known, downloads).scores(asked)[0].argmin() == 0


@pytest.mark.parametrize("name", METHODS)
def test_a_single_model_is_answered_by_every_method(name):
    known = drawn(1, 4, 1)
    option = {"rkme": 0.1, "pmi": 0.1, "nearest": 3, "moments": 0.2, "best": DEFAULT}.get(name)
    scores = method_with(name, option, {})(known).scores(examples(known, 100))
    assert scores.shape == (100, 1) and np.isfinite(scores).all()
