"""Our own method: forecasts left out are forecasts refitted, and what it gains over PMI."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.identification.best import DEFAULT, DOUBT, best, discriminant
from core.identification.pmi import pmi
from core.identification.specification import (
    Requirement,
    SpecificationError,
    specification_set,
)
from core.identification.style import NO_WORDS, Words, forecasts
from core.identification.tuning import gammas, held_out, true_ranks
from tests.core.identification.worlds import drawn, examples, ragged


def foretold(known, words, prompt):
    """What a fit without `prompt` foretells for each model's picture of it, in raw features."""
    left = known.without_prompts([int(known.prompt_ids[prompt])])
    fit = forecasts(left, words)
    rows = np.flatnonzero(known.prompts == prompt)[:1]
    nearness = fit.reading.nearness(known.requirement(rows))
    content = fit.reading.content(nearness)[0]
    weights = 1 + words.style * nearness[left.cell_prompts]
    styles = np.add.reduceat(fit.styles * weights, left.model_cells, axis=0)
    return styles + content + left.centre


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32 - 1), st.sampled_from([Words(), NO_WORDS]))
def test_misses_are_those_of_a_fit_without_the_prompt(seed, words):
    known = drawn(4, 6, 2, 5, seed=seed)
    # The reach counts in distances between the prompts at hand, which leaving one out changes.
    fixed = forecasts(known, words)
    distance = fixed.reading.mean_distance
    for prompt in (0, 3):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("core.identification.style.mean_distance", lambda _: distance)
            expected = foretold(known, words, prompt)
        own = known.prompts == prompt
        raw = known.features[own] + known.centre
        assert fixed.misses[own] == pytest.approx(raw - expected[known.models[own]], abs=2e-4)


def test_content_and_style_add_up_on_an_incomplete_grid():
    """Without noise and words, an additive world is told apart exactly, gaps or not."""
    whole = drawn(5, 8, 1, 4, noise=0.0)
    keep = np.random.default_rng(2).random(len(whole.models)) < 0.7
    known = whole.rows(keep)
    assert not known.complete
    # Hardly any prior: each style is the mean of its residuals, and the residuals are all alike.
    fit = forecasts(known, replace(NO_WORDS, style_noise=1e-6, content_noise=1e-6))
    sums = np.add.reduceat(fit.styles, known.model_cells, axis=0)
    full = forecasts(whole, replace(NO_WORDS, style_noise=1e-6, content_noise=1e-6))
    expected = np.add.reduceat(full.styles, whole.model_cells, axis=0)
    assert sums - sums.mean(axis=0) == pytest.approx(expected - expected.mean(axis=0), abs=1e-2)


def test_a_caption_that_is_a_prompt_is_nearest_to_it_and_none_is_near_nothing():
    known = drawn()
    reading = forecasts(known, Words()).reading
    asked = known.requirement(np.array([2]))
    nearness = reading.nearness(asked)[:, 0]
    assert nearness.argmax() == known.prompts[2] and nearness.max() == pytest.approx(1)
    assert not reading.nearness(asked.without_captions()).any()


def test_scores_are_log_likelihoods_written_out():
    known = drawn(4, 6, 2, 5)
    asked = examples(known, 3)
    fit = discriminant(known, DEFAULT, DEFAULT.words)
    whitened = forecasts(known, DEFAULT.words).misses @ fit.whitening
    nearness = fit.reading.nearness(asked)
    seen = (known.centred(asked) - fit.reading.content(nearness)) @ fit.whitening
    found = fit.scores(asked)
    for place in range(4):
        own, cells = whitened[known.models == place], known.cell_models == place
        covariance = (1 - DEFAULT.share) * np.eye(5) + DEFAULT.share * own.T @ own / len(own)
        weights = 1 + DEFAULT.words.style * nearness[known.cell_prompts[cells]]
        apart = seen - weights.T @ fit.styles[cells]
        squares = np.einsum("nr,rq,nq->n", apart, np.linalg.inv(covariance), apart)
        expected = (squares + np.linalg.slogdet(covariance)[1]) / 2 - fit.log_scale
        assert found[:, place] == pytest.approx(expected, rel=1e-3, abs=1e-3)


def test_misses_are_white_after_whitening():
    known = drawn(6, 10, 2, 5)
    fit = discriminant(known, replace(DEFAULT, shrinkage=1e-6), DEFAULT.words)
    whitened = forecasts(known, DEFAULT.words).misses @ fit.whitening
    assert whitened.T @ whitened / len(whitened) == pytest.approx(np.eye(5), abs=1e-3)


def test_a_ragged_grid_is_scored_as_a_complete_one_where_it_is_complete(monkeypatch):
    known = drawn(4, 6, 2, 5)
    asked = examples(known, 3)
    whole = best(known).scores(asked)
    monkeypatch.setattr(type(known), "complete", False)
    assert best(known).scores(asked) == pytest.approx(whole, rel=1e-4)


def test_a_caption_is_believed_as_far_as_it_may_be_wrong():
    known = drawn()
    asked = examples(known, 4)
    captions = asked.captions.copy()
    captions[[0, 2]] = np.nan
    fitted = best(known)
    mixed = np.exp(-fitted.scores(Requirement(asked.features, captions)))
    read = np.exp(-fitted.worded.scores(asked))
    unread = np.exp(-fitted.wordless.scores(asked.without_captions()))
    assert mixed[[0, 2]] == pytest.approx(unread[[0, 2]])
    expected = (1 - DOUBT) * read + DOUBT * unread
    assert mixed[[1, 3]] == pytest.approx(expected[[1, 3]])


def test_fits_are_likelihoods_of_the_same_features():
    """Scaling the features scales both fits' densities alike, so that they stay comparable."""
    one, ten = best(drawn()), best(drawn(scale=10.0))
    asked, far = drawn().requirement(np.arange(3)), drawn(scale=10.0).requirement(np.arange(3))
    for name in ("worded", "wordless"):
        shift = getattr(ten, name).scores(far) - getattr(one, name).scores(asked)
        assert shift == pytest.approx(np.full((3, 4), 6 * np.log(10)), abs=1e-2)


def strong_content(seed):
    """A world whose prompts differ more than its models do."""
    return drawn(12, 16, 2, 24, seed=seed, style=0.25, noise=0.25)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_where_content_hides_style_it_finds_the_model_and_pmi_does_not(seed):
    known = strong_content(seed)
    ours = held_out(known, best)
    theirs = [held_out(known, lambda left, g=gamma: pmi(left, g)) for gamma in gammas(known)]
    found = (true_ranks(ours.scores, ours.models) == 1).mean()
    reached = max((true_ranks(h.scores, h.models) == 1).mean() for h in theirs)
    assert found > reached + 0.1


def test_captions_help_where_words_tell_content():
    """Twins of prompts: whoever reads the caption knows the content from the other twin."""
    random = np.random.default_rng(0)
    models, twins, dim = 10, 24, 12
    of_model = np.repeat(np.arange(models), 2 * twins)
    of_prompt = np.tile(np.arange(2 * twins), models)
    texts = np.repeat(random.standard_normal((twins, 6)), 2, axis=0)
    contents = np.repeat(random.standard_normal((twins, dim)), 2, axis=0)
    features = 0.25 * random.standard_normal((models, dim))[of_model] + contents[of_prompt]
    features += 0.2 * random.standard_normal(features.shape)
    known = specification_set(
        features.astype(np.float32), of_model, of_prompt, np.arange(2 * twins),
        texts.astype(np.float32),
    )  # fmt: skip
    with_words, without = [], []
    for place, prompt in enumerate(known.prompt_ids):
        rows = np.flatnonzero(known.prompts == place)
        fitted, asked = best(known.without_prompts([int(prompt)])), known.requirement(rows)
        with_words.append(fitted.scores(asked).argmin(axis=1) == known.models[rows])
        without.append(fitted.scores(asked.without_captions()).argmin(axis=1) == known.models[rows])
    assert np.mean(with_words) > np.mean(without) + 0.1


def test_own_prompts_of_every_model_are_scored_without_anything_shared():
    whole = drawn(4, 12, 2, 5)
    known = whole.rows(whole.prompts % 4 == whole.models)
    assert (np.bincount(known.cell_prompts) == 1).all()
    rows = np.arange(len(known.models))
    scores = best(known).scores(known.requirement(rows))
    assert np.isfinite(scores).all() and (scores.argmin(axis=1) == known.models).mean() > 0.8


def test_fewer_directions_than_dimensions_are_the_telling_ones():
    known = drawn(8, 10, 2, 40, style=1.0)
    rows = np.arange(len(known.models))
    few = best(known, replace(DEFAULT, directions=7)).scores(known.requirement(rows))
    assert (few.argmin(axis=1) == known.models).mean() > 0.9


def test_what_cannot_be_fitted_is_refused():
    with pytest.raises(SpecificationError, match="share"):
        best(drawn(), replace(DEFAULT, share=1.0))
    one = drawn(2, 1, 1)
    with pytest.raises(SpecificationError, match="do not vary"):
        best(one.rows(one.models == 0))
    assert best(ragged(7)).scores(examples(ragged(7), 2)).shape == (2, 4)


def test_no_direction_is_kept_that_rounding_alone_would_choose():
    """Means of four models span three directions, however many are asked for."""
    known = drawn(4, 6, 2, 9)
    fit = discriminant(known, replace(DEFAULT, directions=8), DEFAULT.words)
    assert fit.whitening.shape == (9, 3)
