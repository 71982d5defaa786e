"""Links of Map are typed and checked; colours are few, counted and the same every time."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components.map.colours import GROUPS, NO_SCORE, palette
from dashboard.state import map as state

PROMPTS, MODELS, ENCODERS = {5, 7}, {1, 2, 3}, {"one"}


def read(params):
    return state.read_map_link(params, PROMPTS, MODELS, ENCODERS)


@pytest.mark.parametrize(
    "link",
    [
        state.MapLink(),
        state.MapLink(all_pictures=True, colour="tag"),
        state.MapLink(prompt_id=7, colour="model", models=(3, 1), encoder="one"),
        state.MapLink(prompt_id=5, window=state.Window(-3.25, 0.0, 12.5)),
    ],
)
def test_a_link_is_read_back_as_it_was_written(link):
    assert read(state.link_parameters(link)) == link


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"prompt": "99"}, "prompt"),
        ({"prompt": "1; drop table prompts"}, "prompt"),
        ({"prompt": "٥"}, "prompt"),
        ({"colour": "red"}, "colouring"),
        ({"models": "1-9"}, "models"),
        ({"models": "1-2-3-4-5-6-7-8"}, "models"),
        ({"models": ""}, "models"),
        ({"encoder": "two"}, "encoder"),
        ({"x": "1", "y": "2"}, "place"),
        ({"x": "nan", "y": "2", "zoom": "1"}, "place"),
        ({"x": "1", "y": "2", "zoom": "0"}, "place"),
        ({"x": "1e9", "y": "2", "zoom": "1"}, "place"),
        ({"x": "1_0", "y": "2", "zoom": "1"}, "place"),
    ],
)
def test_a_wrong_link_is_said(params, complaint):
    link = read(params)
    assert len(link.complaints) == 1
    assert complaint in link.complaints[0]


@given(st.dictionaries(st.sampled_from(state.LINK_PARAMETERS), st.text()))
def test_no_link_gets_past_the_checks(params):
    link = read(params)
    assert link.prompt_id in (None, *PROMPTS)
    assert link.colour in (None, *state.COLOURS)
    assert set(link.models or ()) <= MODELS
    assert link.encoder in (None, *ENCODERS)
    if link.window is not None:
        assert abs(link.window.x) <= state.FARTHEST
        assert state.FARTHEST_ZOOM <= link.window.zoom <= state.NEAREST_ZOOM


@pytest.mark.parametrize("told", [{}, {"x": True, "y": 1, "zoom": 1}, {"x": [], "y": 0, "zoom": 1}])
def test_a_window_that_the_browser_garbles_is_none(told):
    assert state.read_window(told) is None


def points(model_ids, gre=None):
    return pl.DataFrame(
        {
            "model_version_id": model_ids,
            "prompt_id": [1] * len(model_ids),
            "gre": gre or [None] * len(model_ids),
        },
        schema_overrides={"gre": pl.Float64},
    )


def models(count, **columns):
    return pl.DataFrame(
        {
            "model_version_id": range(count),
            "model_name": [f"M{i}" for i in range(count)],
            "version_name": [None] * count,
            "base_model": [None] * count,
            "tags": [[]] * count,
            **columns,
        },
        schema_overrides={"tags": pl.List(pl.String), "base_model": pl.String},
    )


ASKED = pl.DataFrame({"prompt_id": [1], "prompt": ["a"], "tag": [None]})


def counts(colours):
    return {entry["label"]: entry["count"] for entry in colours["entries"] if entry["count"]}


def test_the_most_frequent_groups_get_a_colour_and_the_rest_are_counted():
    bases = [f"base {i:02}" for i in range(10)]
    rows = points([i for i in range(10) for _ in range(20 - i)])
    colours = palette("base", rows, models(10, base_model=bases), ASKED, ())
    assert [entry["label"] for entry in colours["entries"]] == [*bases[:7], "others"]
    assert counts(colours)["others"] == 13 + 12 + 11
    assert colours["codes"] == [0, 1, 2, 3, 4, 5, 6, 7, 7, 7]
    assert len({entry["light"] for entry in colours["entries"]}) == len(GROUPS) + 1


def test_equal_counts_are_ordered_by_name():
    colours = palette("base", points([0, 1]), models(2, base_model=["b", "a"]), ASKED, ())
    assert colours["codes"] == [1, 0]


def test_a_model_is_coloured_by_the_tag_that_most_pictures_share():
    tags = [["rare", "anime"], ["anime"], ["photo"], []]
    colours = palette("model_tag", points([0, 1, 2, 3]), models(4, tags=tags), ASKED, ())
    assert counts(colours) == {"anime": 2, "photo": 1, "others": 1}


def test_chosen_models_are_told_apart_and_without_choice_the_first():
    rows = points(list(range(10)))
    assert counts(palette("model", rows, models(10), ASKED, (9, 2))) == {
        "M2": 1,
        "M9": 1,
        "others": 8,
    }
    assert set(counts(palette("model", rows, models(10), ASKED, ()))) == {
        *(f"M{i}" for i in range(7)),
        "others",
    }


def test_scores_run_from_the_lowest_to_the_highest_and_missing_ones_are_counted():
    colours = palette("score", points([0, 1, 2], [0.25, 1.5, None]), models(3), ASKED, ())
    assert colours["range"] == [0.25, 1.5]
    assert colours["ends"] == ["0.25", "1.50"]
    assert counts(colours) == {NO_SCORE: 1}
    unscored = palette("score", points([0]), models(1), ASKED, ())
    assert unscored["range"] == [0.0, 1.0]


def test_tags_of_prompts_name_what_has_none():
    colours = palette("tag", points([0, 0]), models(1), ASKED, ())
    assert (colours["by"], counts(colours)) == ("prompt", {"no tag": 2})
