"""Specifications: what they hold, in what order, and what is refused."""

import numpy as np
import pytest

from core.identification.specification import Requirement, SpecificationError, specification_set
from tests.core.identification.worlds import drawn, ragged

FEATURES = np.array([[1, 2], [3, 4], [5, 6], [7, 9]], np.float32)
MODELS, PROMPTS = np.array([2, 1, 1, 1]), np.array([8, 9, 8, 8])
TEXTS = np.array([[1, 0], [0, 2], [3, 3]], np.float32)


def made(features=FEATURES, texts=TEXTS):
    return specification_set(features, MODELS, PROMPTS, np.array([8, 9, 10]), texts)


def test_pictures_stand_by_model_then_prompt_and_keep_their_features():
    one, two = made()
    assert (one.model_id, two.model_id) == (1, 2)
    assert one.prompt_ids.tolist() == [8, 8, 9] and two.prompt_ids.tolist() == [8]
    assert one.features.tolist() == [[5, 6], [7, 9], [3, 4]]
    assert one.texts.tolist() == [[1, 0], [1, 0], [0, 2]]
    assert one.squared_norms.tolist() == [61, 130, 25]


def test_cells_and_models_are_counted():
    known = made()
    assert known.prompt_ids.tolist() == [8, 9]  # a prompt without a picture is none of it
    assert known.model_starts.tolist() == [0, 3] and known.model_sizes.tolist() == [3, 1]
    assert known.cell_starts.tolist() == [0, 2, 3] and known.cell_sizes.tolist() == [2, 1, 1]
    assert known.cell_models.tolist() == [0, 0, 1] and known.cell_prompts.tolist() == [0, 1, 0]
    assert not known.complete and drawn().complete


def test_leaving_a_prompt_out_leaves_out_models_without_another():
    left = made().without_prompts([8])
    assert left.model_ids.tolist() == [1] and left.prompt_ids.tolist() == [9]
    assert next(iter(left)).features.tolist() == [[3, 4]]
    with pytest.raises(SpecificationError, match="No picture is left"):
        made().without_prompts([8, 9])


def test_taking_all_rows_changes_nothing():
    known = ragged(3)
    again = known.rows(np.ones(len(known.models), bool))
    for one, other in zip(known, again, strict=True):
        assert one.model_id == other.model_id
        assert np.array_equal(one.features, other.features)
        assert np.array_equal(one.texts, other.texts)


def test_pictures_as_examples_bring_their_prompt_as_caption():
    asked = made().requirement(np.array([1, 2]))
    assert asked.features.tolist() == [[7, 9], [3, 4]]
    assert asked.captions.tolist() == [[1, 0], [0, 2]]
    assert asked.worded.tolist() == [True, True]
    assert asked.without_captions().worded.tolist() == [False, False]


def test_what_cannot_be_specified_is_refused_by_name():
    with pytest.raises(SpecificationError, match="no picture"):
        specification_set(np.zeros((0, 2), np.float32), MODELS[:0], PROMPTS[:0], PROMPTS, TEXTS)
    damaged = FEATURES.copy()
    damaged[1, 0] = np.nan
    with pytest.raises(SpecificationError, match="model 1 for prompt 9"):
        made(damaged)
    with pytest.raises(SpecificationError, match="Prompt 9 has no text features"):
        made(texts=np.array([[1, 0], [np.nan, 2], [3, 3]], np.float32))


@pytest.mark.parametrize(
    "features", [np.zeros((0, 2)), np.zeros((1, 3)), np.zeros(2), np.array([[np.inf, 1]])]
)
def test_examples_that_do_not_fit_are_refused(features):
    captions = np.zeros((len(features), 2), np.float32)
    with pytest.raises(SpecificationError):
        made().centred(Requirement(features.astype(np.float32), captions))


def test_a_caption_without_direction_is_no_caption():
    captions = np.array([[0, 0], [1, 1], [np.nan, 1]], np.float32)
    asked = Requirement(FEATURES[:3], captions)
    assert asked.worded.tolist() == [False, True, False]
    cosines = made().cosines(asked)
    assert cosines[:, 1] == pytest.approx([np.sqrt(0.5)] * 2)
    assert np.isnan(cosines[:, [0, 2]]).all()
