"""The draft and its links: typed, checked, and the same after a round trip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.drafts.spread import spread
from core.weights.normalisation import Normalisation
from dashboard.components.weights.draft_panel import spread_warning
from dashboard.state.weights import (
    MOST_WEIGHT,
    NORMALISATIONS,
    Draft,
    WeightsLink,
    draft_of,
    link_names,
    link_parameters,
    read_weight,
    read_weights_link,
)

METRICS = ("clip", "mcos", "pop", "sharpness")
PROMPTS = (1, 2)
weights = st.floats(0, MOST_WEIGHT).map(lambda weight: round(weight, 3) + 0.0)
drafts = st.builds(
    Draft,
    st.dictionaries(st.sampled_from(METRICS), weights, min_size=1).map(lambda d: tuple(d.items())),
    st.sampled_from(list(NORMALISATIONS)),
)


@given(drafts)
def test_a_link_restores_the_draft(draft):
    link = WeightsLink(draft, "ranking", 20, 2)
    assert read_weights_link(link_parameters(link), METRICS, PROMPTS) == link


@pytest.mark.parametrize(
    ("params", "word"),
    [
        ({"w.clip": "-1"}, "number from 0"),
        ({"w.clip": "nan"}, "number from 0"),
        ({"w.clip": "1e9"}, "number from 0"),
        ({"w.clip": "1_0"}, "number from 0"),
        ({"w.clip": "٣"}, "number from 0"),
        ({"w.beauty": "1"}, "not registered"),
        ({"w.clip": "1", "normalisation": "best"}, "normalisation"),
        ({"view": "secret"}, "view"),
        ({"top": "11"}, "length"),
        ({"prompt": "9"}, "prompt"),
    ],
)
def test_what_a_link_cannot_have_is_said_and_left_out(params, word):
    link = read_weights_link(params, METRICS, PROMPTS)
    assert len(link.complaints) == 1 and word in link.complaints[0]
    kept = link.draft.by_metric if link.draft else {}
    assert kept in ({}, {"clip": 1.0})


def test_only_parameters_of_ours_are_read():
    asked = ["view", "w.clip", "utm", "normalisation", "image"]
    assert link_names(asked) == ["view", "w.clip", "normalisation"]


@given(st.one_of(st.text(), st.floats(), st.booleans(), st.none(), st.integers()))
def test_a_weight_of_a_stranger_is_a_number_in_range_or_nothing(value):
    weight = read_weight(value)
    assert weight is None or 0 <= weight <= MOST_WEIGHT


def test_drafts_are_equal_when_they_give_the_same_scores():
    one = draft_of({"clip": 1, "pop": 0}, Normalisation.MIN_MAX)
    assert one.equals(Draft((("clip", 1.0),)))
    assert not one.equals(Draft((("clip", 1.0),), "rank"))
    assert not one.equals(Draft((("clip", 0.9),)))


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ([0.1, 0.5, 0.9, 0.3], ""),
        ([0.2, 0.2, 0.2, 0.2], "Every picture has the same value"),
        ([0.1, 0.5, 0.3, 0.3], "In 1 of 2 prompts all pictures have one value"),
        ([0.1, 0.5, None, 0.3], "1 picture of 4 lack it"),
        ([None] * 4, ""),
    ],
)
def test_a_metric_that_tells_little_is_said_in_words(q, words):
    values = [float("nan") if value is None else value for value in q]
    said = spread_warning(_spread(values, [0, 2]), "min-max")
    assert said == words if not words else words in said


def test_a_crowd_is_said_with_the_way_out():
    values = [0.01] * 50 + [0.02] * 49 + [1.0]
    assert "Rank spreads them evenly" in spread_warning(_spread(values, [0]), "min-max")
    assert "Rank" not in spread_warning(_spread(values, [0]), "rank")


def _spread(values, starts):
    import numpy as np

    return spread(np.array(values), np.array(starts))
