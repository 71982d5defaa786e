"""Leaderboard's links, its words, its scale and its charts."""

import math
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.leaderboards.board import Standing
from dashboard.charts.leaderboard import ratings_over_time, tau_over_time
from dashboard.components.leaderboard.board import METHOD_HELP, READ, board_rows
from dashboard.components.leaderboard.outcomes import headline_of, mark_of, ordinal, pictures_of
from dashboard.components.leaderboard.rated_models import (
    interval_words,
    rank_words,
    scale_of,
    ticks,
)
from dashboard.state import leaderboard as state
from dashboard.state.leaderboard import (
    Behind,
    Known,
    LeaderboardLink,
    link_parameters,
    read_leaderboard_link,
)
from warehouse.leaderboards import METHODS

KNOWN = Known({"animals", ""}, {1, 22}, {"SD 1.5"}, {"analyst"}, {"c-1"}, {3, 44, 5})
MODELS = st.sampled_from(sorted(KNOWN.models))
BEHIND = st.one_of(
    st.just(Behind()),
    st.builds(Behind, MODELS),
    st.lists(MODELS, min_size=2, max_size=2, unique=True).map(lambda pair: Behind(*pair)),
)
DAYS = st.none() | st.dates(state.FIRST_DAY, state.LAST_DAY)
LINKS = st.builds(
    LeaderboardLink,
    *(
        st.none() | st.sampled_from(sorted(allowed))
        for allowed in (
            *(state.VIEWS, state.METHODS, KNOWN.tags, KNOWN.prompt_ids),
            *(KNOWN.base_models, KNOWN.roles, KNOWN.campaigns),
        )
    ),
    DAYS,
    DAYS,
    st.none() | BEHIND,
)


@given(LINKS)
def test_a_link_reads_back_as_it_was_written(link):
    assert read_leaderboard_link(link_parameters(link), KNOWN) == link


@pytest.mark.parametrize("name", [*state.LINK_PARAMETERS])
@pytest.mark.parametrize("value", ["x y", "../x", "<script>", "é", "1" * 30, "-", "3-3", "٣"])
def test_what_a_link_cannot_have_is_complained_of_and_not_taken(name, value):
    link = read_leaderboard_link({name: value}, KNOWN)
    assert len(link.complaints) == 1
    assert link_parameters(link) == {}


@pytest.mark.parametrize("text", ["1999-12-31", "2100-01-02", "2026-02-30", "20260101", "0000-0-0"])
def test_only_days_that_there_are_can_be_asked_for(text):
    assert read_leaderboard_link({"since": text}, KNOWN).since is None
    assert read_leaderboard_link({"since": "2026-11-21"}, KNOWN).since == date(2026, 11, 21)


def standing(lower=900.0, upper=1100.0, rank=1, last_rank=1, rating=1000.0):
    return Standing(7, rating, lower, upper, rank, last_rank, 3, 0)


@pytest.mark.parametrize(
    ("lower", "upper", "words"),
    [
        (900.0, 1100.0, "900 to 1,100"),
        (None, 1100.0, "up to 1,100"),
        (900.0, None, "from 900 up"),
        (None, None, "no interval"),
    ],
)
def test_an_end_that_is_not_set_is_said_in_words(lower, upper, words):
    assert interval_words(standing(lower, upper), percent=False) == words


def test_a_rank_is_a_spread_unless_it_is_sure():
    assert rank_words(standing(rank=2, last_rank=5)) == "2–5"
    assert rank_words(standing(rank=2, last_rank=2)) == "2"


@given(
    st.floats(-1e6, 1e6),
    st.floats(0, 1e6),
    st.none() | st.just(0.0),
)
def test_the_scale_holds_every_end_and_some_round_values(rating, reach, missing):
    ends = (missing and rating, rating + reach)
    low, high = scale_of([standing(*ends, rating=rating)])
    assert low < rating < high and low < rating + reach < high
    marks = ticks(low, high)
    assert 1 <= len(marks) <= 12
    assert all(low - 1e-6 <= mark <= high + 1e-6 and math.isfinite(mark) for mark in marks)


def test_every_method_is_named_and_explained():
    assert set(state.METHODS) == set(METHODS) == set(READ) == set(METHOD_HELP)


def test_places_are_ordinals():
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th"),
    ]


NAMES = {1: ("*One*", "v1"), 2: ("Two", ""), 3: ("Three", "")}
MODEL_OF = {"a": 1, "b": 2, "c": 3, "d": 1}
VOTE = {"kind": "vote", "shown_image_ids": ["a", "b"], "outcome": "right"}
ORDER = {
    "kind": "order",
    "shown_image_ids": ["a", "b", "c", "d"],
    "ranked_image_ids": ["c", "a"],
    "rejected_image_ids": ["b", "d"],
}


@pytest.mark.parametrize(
    ("row", "behind", "words"),
    [
        (VOTE, Behind(1), "Lost to Two"),
        (VOTE, Behind(2), "Won against *One* v1"),
        (VOTE, Behind(2, 1), "Two preferred to *One* v1"),
        (VOTE, Behind(1, 2), "Lost to Two"),
        (VOTE, Behind(), "Two preferred to *One* v1"),
        ({**VOTE, "outcome": "tie"}, Behind(2), "Two tied with *One* v1"),
        ({**VOTE, "outcome": "tie"}, Behind(), "*One* v1 tied with Two"),
        (ORDER, Behind(3), "1st of 4"),
        (ORDER, Behind(1), "2nd and rejected of 4"),
        (ORDER, Behind(2, 3), "Two rejected of 4; Three 1st of 4"),
        (ORDER, Behind(), "Three 1st of 4"),
    ],
)
def test_a_judgment_is_told_from_the_side_of_whose_it_is(row, behind, words):
    assert headline_of(row, behind, MODEL_OF, NAMES) == words


def test_each_picture_says_what_became_of_it():
    assert [mark_of(ORDER, image_id) for image_id in pictures_of(ORDER)] == [
        *("1st", "2nd", "rejected", "rejected"),
    ]
    assert [mark_of(VOTE, image_id) for image_id in pictures_of(VOTE)] == [
        *("not preferred", "preferred"),
    ]


def test_the_charts_draw_names_from_data_alone():
    rows = pl.DataFrame(
        [
            {"judgments": n, "line": "1. <b>x</b>", "model": "<b>x</b>", "rating": 1000.0 + n}
            for n in (1, 2)
        ]
    )
    told = ratings_over_time(rows).to_dict()
    assert {layer["mark"]["type"] for layer in told["layer"]} == {"line", "circle"}
    assert told["layer"][0]["encoding"]["color"]["field"] == "line"
    assert tau_over_time(pl.DataFrame([{"judgments": 1, "tau": 0.5, "models": 2}])).to_dict()


def test_the_board_to_take_away_keeps_an_open_end_empty(filled_home):
    rows = board_rows([standing(lower=None)], "elo")
    assert rows["lower"].to_list() == [None]
    assert rows.row(0, named=True)["method"] == "elo"
    assert board_rows([], "elo").is_empty()
