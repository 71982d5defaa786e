"""Baselines: downloads, mean features, votes and Gaussians, each against a plain computation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from core.identification.baselines import mean_cosine, most_downloaded, nearest
from core.identification.moments import moments
from core.identification.specification import SpecificationError
from tests.core.identification.worlds import drawn, examples, ragged


def unit(vector):
    return vector / np.sqrt(vector @ vector)


def test_most_downloaded_is_the_same_for_all_examples_and_the_uncounted_come_last():
    known = drawn()
    fitted = most_downloaded(known, {100: 5, 101: 50, 102: None})
    scores = fitted.scores(examples(known, 3))
    assert scores.shape == (3, 4) and (scores == scores[0]).all()
    assert np.argsort(scores[0], kind="stable").tolist() == [1, 0, 2, 3]
    assert scores[0, 2] == scores[0, 3]


@given(st.integers(0, 2**32 - 1))
def test_mean_cosine_is_the_cosine_with_the_mean_of_the_features(seed):
    known = ragged(seed)
    asked = examples(known, 2, seed=seed)
    scores = mean_cosine(known).scores(asked)
    for place, one in enumerate(known):
        mean = one.features.astype(np.float64).mean(axis=0)
        for row, example in enumerate(asked.features.astype(np.float64)):
            assert scores[row, place] == pytest.approx(-unit(mean) @ unit(example), abs=1e-5)


@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_votes_of_the_nearest_pictures_are_counted(seed, voters):
    known = ragged(seed)
    asked = examples(known, 1, seed=seed)
    pictures = np.concatenate([one.features for one in known])
    cosines = [unit(p.astype(np.float64)) @ unit(asked.features[0]) for p in pictures]
    near = np.argsort(cosines)[::-1][:voters]
    votes = np.bincount(known.models[near], minlength=len(known.model_ids))
    scores = nearest(known, voters).scores(asked)[0]
    assert np.round(-scores + 1e-9).tolist() == pytest.approx(votes.tolist(), abs=1)
    assert np.ceil(-scores - 1e-6).tolist() == votes.tolist()


def test_equal_votes_are_ordered_by_the_nearest_picture_and_nobody_is_no_jury():
    known = drawn(noise=0.01)
    asked = known.requirement(np.array([0]))
    everyone = nearest(known, len(known.models)).scores(asked)[0]
    assert everyone.argmin() == 0 and len(set(everyone)) == 4
    with pytest.raises(SpecificationError, match="must vote"):
        nearest(known, 0)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.01, 0.3, 1.0]))
def test_moments_are_the_shrunk_gaussians_written_out(seed, shrinkage):
    known = drawn(3, 4, 2, 6, seed=seed)
    asked = examples(known, 2, seed=seed)
    scores = moments(known, shrinkage).scores(asked)
    constant = 6 / 2 * np.log(2 * np.pi)
    for place, one in enumerate(known):
        exact = one.features.astype(np.float64)
        s = np.cov(exact.T, bias=True)
        shrunk = (1 - shrinkage) * s + shrinkage * np.trace(s) / 6 * np.eye(6)
        density = multivariate_normal(exact.mean(axis=0), shrunk)
        expected = -density.logpdf(asked.features.astype(np.float64)) - constant
        assert scores[:, place] == pytest.approx(expected, rel=1e-3, abs=1e-3)


def test_a_model_of_one_picture_gets_the_variance_of_all():
    whole = drawn()
    known = whole.rows((whole.models > 0) | (np.arange(len(whole.models)) == 0))
    assert known.model_sizes[0] == 1
    scores = moments(known, 0.2).scores(examples(known, 3))
    assert np.isfinite(scores).all()
    own = known.requirement(np.array([0]))
    assert moments(known, 0.2).scores(own)[0].argmin() == 0


@pytest.mark.parametrize("shrinkage", [0, -1, 1.5])
def test_a_shrinkage_that_is_none_is_refused(shrinkage):
    with pytest.raises(SpecificationError, match="shrinkage"):
        moments(drawn(), shrinkage)
