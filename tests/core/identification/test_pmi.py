"""Eq. 9: the fast form against the loop over kernels, its ablations, and what it is for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.identification.matching import combined
from core.identification.pmi import pmi
from core.identification.reference import pmi_distance
from core.identification.specification import Requirement
from tests.core.identification.worlds import drawn, examples, ragged


def looped(known, asked, gamma):
    """(m,) of all examples together, as written in the paper."""
    captions = [
        caption.tolist() if worded else None
        for caption, worded in zip(asked.captions, asked.worded, strict=True)
    ]
    return [
        pmi_distance(
            one.features.tolist(), one.texts.tolist(), asked.features.tolist(), captions, gamma
        )
        for one in known
    ]


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 4),
    st.sampled_from([0.002, 0.02, 0.2, 2.0]),
    st.booleans(),
    st.booleans(),
)
def test_the_fast_form_is_the_loop_over_kernels(seed, count, gamma, complete, captioned):
    known = drawn(3, 4, 2, 5, seed=seed) if complete else ragged(seed)
    asked = examples(known, count, seed=seed, captioned=captioned)
    fast = combined(pmi(known, gamma).scores(asked))
    assert fast == pytest.approx(looped(known, asked, gamma), abs=1e-6)


def test_it_stays_so_for_features_far_from_the_origin():
    """Encoders' features share a large mean, which would cost single precision its digits."""
    near = drawn(3, 4, 2, 5)
    far = type(near)(
        near.model_ids, near.prompt_ids, near.texts, near.features, near.centre + 64,
        near.models, near.prompts,
    )  # fmt: skip
    asked = examples(far, 2)
    assert combined(pmi(far, 0.1).scores(asked)) == pytest.approx(looped(far, asked, 0.1), abs=1e-6)


def test_examples_in_blocks_give_what_one_at_a_time_gives(monkeypatch):
    known = ragged(5)
    asked = examples(known, 7)
    whole = pmi(known, 0.1).scores(asked)
    monkeypatch.setattr("core.identification.pmi._BLOCK_VALUES", 2 * len(known.features))
    monkeypatch.setattr("core.identification.pmi._ROWS", 3)
    assert pmi(known, 0.1).scores(asked) == pytest.approx(whole, abs=1e-6)


def test_mixed_captions_are_each_taken_for_themselves():
    known = drawn()
    asked = examples(known, 2)
    captions = asked.captions.copy()
    captions[1] = np.nan
    mixed = pmi(known, 0.1).scores(Requirement(asked.features, captions))
    assert mixed[0] == pytest.approx(pmi(known, 0.1).scores(asked)[0])
    assert mixed[1] == pytest.approx(pmi(known, 0.1).scores(asked.without_captions())[1])


def test_ablations():
    known = drawn(prompts=6)
    asked = examples(known, 3)
    no_weights = pmi(known, 0.1, "none").scores(asked)
    assert no_weights == pytest.approx(pmi(known, 0.1).scores(asked.without_captions()), abs=1e-6)
    clipped = pmi(known, 0.1, "clipped")
    assert (known.cosines(asked) < 0).any()
    assert np.array_equal(clipped._weights(asked), np.maximum(known.cosines(asked), 0))


def test_the_lowest_wins():
    known = drawn(8, 10, 2, 16, seed=2)
    rows = np.arange(len(known.features))
    scores = pmi(known, 0.01, "none").scores(known.requirement(rows))
    assert (scores.argmin(axis=1) == known.models).mean() > 0.95
    assert (scores >= -1e-6).all()  # a squared distance


def test_one_model_with_one_picture_is_scored_too():
    known = drawn(1, 1, 1)
    asked = known.requirement(np.array([0]))
    assert pmi(known, 0.5).scores(asked)[0] == pytest.approx([0], abs=1e-6)
