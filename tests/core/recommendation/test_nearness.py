"""Prompts near another one: by text features, by shared words, by tag."""

import numpy as np
import pytest

from core.recommendation.nearness import (
    LEAST_NEARNESS,
    MOST_NEAR,
    PromptTexts,
    by_features,
    by_tag,
    by_words,
)

TEXTS = ("a red fox in the snow", "a blue bird in the snow", "a red car", "the city at night")
TAGS = ("animals", "animals", "vehicles", None)


def prompts(vectors=None):
    return PromptTexts((1, 2, 3, 4), TEXTS, TAGS, vectors)


def circle(*degrees):
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_the_same_direction_counts_wholly_whatever_its_length_and_the_nearer_more():
    known = prompts(circle(0, 20, 60, 180))
    nearness = by_features(known, 7 * circle(0)[0], 1.0)
    assert nearness[0] == pytest.approx(1)
    assert nearness[0] > nearness[1] > nearness[2] > nearness[3]
    spread = known.spread
    assert nearness[1] == pytest.approx(np.exp((np.cos(np.radians(20)) - 1) / spread))


def test_sharpness_says_how_fast_nearness_falls():
    known = prompts(circle(0, 20, 60, 180))
    asked = circle(0)[0]
    assert by_features(known, asked, 4.0)[1] > by_features(known, asked, 1.0)[1]


def test_the_scale_of_an_encoder_does_not_matter():
    rays = circle(0, 30, 60, 90)
    narrow = np.concatenate([rays * 0.1, np.ones((4, 1), np.float32)], axis=1)
    spreads = [prompts(vectors).spread for vectors in (rays, narrow)]
    assert spreads[1] < spreads[0] / 10, "an encoder may put all texts close together"
    wide, close = (by_features(prompts(v), v[0], 1.0) for v in (rays, narrow))
    assert np.allclose(wide, close, atol=0.02)


def test_no_more_than_eight_are_near_and_none_that_hardly_is():
    vectors = circle(*range(20), 170)
    many = PromptTexts(tuple(range(21)), ("x",) * 21, (None,) * 21, vectors)
    nearness = by_features(many, vectors[0], 1.0)
    assert (nearness > 0).sum() == MOST_NEAR and nearness[MOST_NEAR - 1] > 0
    far = by_features(many, circle(90)[0], 0.01)
    assert not far.any()
    assert (nearness[nearness > 0] >= LEAST_NEARNESS).all()


def test_prompts_left_out_make_room_for_others():
    vectors = circle(*range(20))
    many = PromptTexts(tuple(range(20)), ("x",) * 20, (None,) * 20, vectors)
    among = np.arange(20) >= 5
    nearness = by_features(many, vectors[0], 4.0, among)
    assert not nearness[:5].any() and (nearness > 0).sum() == MOST_NEAR


def test_missing_features_are_near_to_nothing():
    vectors = circle(0, 20, 60, 180)
    vectors[1] = np.nan
    assert by_features(prompts(vectors), circle(0)[0], 1.0)[1] == 0
    assert not by_features(prompts(), circle(0)[0], 1.0).any()
    assert not by_features(prompts(circle(0, 9, 60, 180)), np.zeros(2, np.float32), 1.0).any()
    assert prompts(np.full((4, 2), np.nan, np.float32)).units is None


def test_words_that_few_prompts_hold_count_more():
    nearness = by_words(prompts(), "Fox, in THE snow!")
    assert nearness[0] > nearness[1] > nearness[3]
    assert nearness[2] == 0
    assert by_words(prompts(), "a red fox in the snow animals")[0] == pytest.approx(1)
    assert by_words(prompts(), "vehicles")[2] > 0, "tags are words too"
    assert not by_words(prompts(), "kitten").any() and not by_words(prompts(), " ?! ").any()


def test_a_tag_takes_all_its_prompts():
    assert by_tag(prompts(), "animals").tolist() == [1, 1, 0, 0]
