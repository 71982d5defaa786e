"""What is left lies within its bounds; what is loaded ahead is what comes."""

import numpy as np
import pytest
from hypothesis import given, settings

from core.sessions.progress import pictures_next, progress
from core.sessions.ratings import ratings_of
from core.sessions.replay import apply, start
from core.sessions.session import Pool, Rules, Session
from tests.core.sessions.playing import (
    CHOICES,
    GESTURES,
    a_session,
    an_answer,
    an_undo,
    answered,
    finished,
    played,
    sessions,
    voted,
)


@settings(max_examples=200)
@given(sessions(), GESTURES, CHOICES)
def test_what_was_left_lay_within_its_bounds(session, gestures, choices):
    state = played(session, gestures).state
    told = []
    while not state.is_over:
        told.append(progress(state))
        state = apply(state, an_answer(state, choices[len(told) % len(choices)]))
    total = len(state.answers)
    for each in told:
        assert each.fewest_left <= total - each.answered <= each.most_left
    shares = [each.share for each in told]
    assert shares == sorted(shares)
    end = progress(state)
    assert (end.fewest_left, end.most_left, end.share) == (0, 0, 1)


@pytest.mark.parametrize(
    ("sizes", "rules", "bounds"),
    [
        ((9, 4), {"mode": "sort"}, (4, 4)),
        ((8,), {}, (4, 7)),
        ((8, 3), {}, (6, 9)),
        ((8,), {"check_every": 3}, (4, 9)),
        ((8,), {"pairing": "information"}, (7, 7)),
        ((3,), {"pairing": "information", "comparisons": 9}, (3, 9)),
    ],
)
def test_bounds_at_the_start(sizes, rules, bounds):
    told = progress(start(a_session(*sizes, **rules)))
    assert (told.fewest_left, told.most_left) == bounds
    assert told.most_seconds_left is None
    assert told.share == 0


def test_bounds_count_the_check_that_is_shown():
    state = voted(a_session(8, check_every=4, check_gap=2), *["left"] * 4)
    assert state.screen.repeats is not None
    told = progress(state)
    assert (told.fewest_left, told.most_left) == (3, 4)  # two candidates wait


def test_the_bounds_are_met():
    session = a_session(8)
    assert len(finished(start(session), [3]).answers) == 4  # both bad throughout
    assert len(finished(start(session), [0]).answers) == 7


def test_time_left_is_at_the_median_pace_of_what_is_in_force():
    state = voted(a_session(6), "left", "right", "tie")  # 100, 101 and 102 ms
    assert progress(state).response_time_ms == 101
    assert progress(state).most_seconds_left == pytest.approx(2 * 0.101)
    assert progress(apply(state, an_undo(state))).response_time_ms == 100.5


@settings(max_examples=200)
@given(sessions(), GESTURES, CHOICES)
def test_the_next_screen_was_loaded_ahead(session, gestures, choices):
    state = played(session, gestures).state
    if state.is_over:
        return
    loaded = {*state.screen.image_ids, *pictures_next(state)}
    assert not {*state.screen.image_ids} & {*pictures_next(state)}
    after = apply(state, an_answer(state, choices[0]))
    assert after.is_over or {*after.screen.image_ids} <= loaded


def test_by_information_what_follows_any_answer_is_loaded_ahead():
    told_apart = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        covariance = np.diag(random.uniform(0.2, 3, 6))
        pool = Pool(1, tuple("abcdef"), ratings_of(random.normal(0, 1, 6), covariance))
        rules = Rules(pairing="information", exploration=0.0, comparisons=9)
        session = Session("s", "p", "battle", (pool,), "even", seed, rules)
        state = answered(session, *[0] * 5)
        after = [apply(state, an_answer(state, choice)).screen for choice in (0, 1, 2, 3, 6)]
        coming = {image_id for screen in after for image_id in screen.image_ids}
        assert {*pictures_next(state)} == coming - {*state.screen.image_ids}
        told_apart += len({frozenset(screen.image_ids) for screen in after}) > 2
    assert told_apart > 2, "the answers must lead to different pairs"


def test_after_the_end_nothing_is_loaded():
    assert pictures_next(finished(start(a_session(3)), [0])) == ()
