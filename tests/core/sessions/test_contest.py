"""Battles by information: the most telling pair, all seen, no tiring repetition."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sessions.contest import comparisons_of
from core.sessions.pairing import information_bits
from core.sessions.ratings import ratings_of, unknown_ratings
from core.sessions.replay import start
from core.sessions.session import Pool, Rules, Session
from tests.core.sessions.playing import CHOICES, a_session, finished, voted
from tests.core.sessions.test_pairing import all_pairs, some_ratings

LONG = {"pairing": "information", "exploration": 0.0, "comparisons": 15}


def with_ratings(session: Session, means: np.ndarray, covariance: np.ndarray) -> Session:
    (pool,) = session.pools
    return replace(session, pools=(Pool(1, pool.image_ids, ratings_of(means, covariance)),))


@pytest.mark.parametrize("seed", range(5))
def test_the_first_pair_is_the_most_telling_of_all(seed):
    means, covariance = some_ratings(seed)
    session = with_ratings(a_session(5, **LONG), means, covariance)
    bits = information_bits(means, covariance, all_pairs(5))
    best = {session.pools[0].image_ids[place] for place in all_pairs(5)[np.argmax(bits)]}
    screen = start(session).screen
    assert {*screen.image_ids} == best
    assert screen.pairing_probability == 1


def test_votes_of_the_session_move_what_is_asked_next():
    """All alike: after the first four are compared, winners (and losers) meet one another."""
    state = voted(a_session(4, seed=3, **LONG), "left", "left")
    winners = {screen.image_ids[0] for screen in state.shown}
    losers = {screen.image_ids[1] for screen in state.shown}
    assert {*state.screen.image_ids} in (winners, losers)


def test_a_vote_is_credited_to_the_side_it_was_given_to():
    for seed in range(12):
        for outcome in ("left", "right", "tie"):
            state = voted(a_session(5, seed=seed, **LONG), outcome)
            (screen,) = state.shown
            means = dict(zip("abcde", state.moments[-1].stage.ratings.means, strict=True))
            left, right = (means[image_id[1]] for image_id in screen.image_ids)
            assert np.sign(round(left - right, 9)) == {"left": 1, "right": -1, "tie": 0}[outcome]


@given(st.integers(2, 6), CHOICES, st.integers(0, 99), st.sampled_from([0.0, 0.5, 1.0]))
@settings(max_examples=100)
def test_a_pair_that_was_skipped_or_bad_does_not_come_again(count, choices, seed, exploration):
    session = a_session(count, seed=seed, **LONG | {"exploration": exploration})
    state = finished(start(session), choices)
    pairs = [frozenset(screen.image_ids) for screen in state.shown]
    for place, answer in enumerate(state.answers):
        if answer.kind == "skip" or answer.outcome == "both_bad":
            assert pairs[place] not in pairs[place + 1 :]
    assert len(pairs) <= 15
    if all(choice % 7 in (0, 1, 2, 4, 5) for choice in choices) and count > 2:
        assert len(pairs) == 15


@given(st.integers(2, 7), CHOICES, st.integers(0, 99))
@settings(max_examples=100)
def test_while_pictures_are_unseen_each_pair_has_one(count, choices, seed):
    session = a_session(count, seed=seed, **LONG | {"exploration": 0.5})
    seen: set[str] = set()
    for screen in finished(start(session), choices).shown:
        assert len(seen) == count or {*screen.image_ids} - seen
        seen |= {*screen.image_ids}


def test_two_pictures_make_one_comparison():
    assert len(finished(start(a_session(2, **LONG)), [0]).shown) == 1


def test_there_are_enough_comparisons_to_see_all():
    assert comparisons_of(6, Rules()) == comparisons_of(6, Rules(comparisons=2)) == 5
    assert comparisons_of(6, Rules(comparisons=20)) == 20


def test_undo_takes_the_vote_out_of_the_ratings():
    state = voted(a_session(5, **LONG), "left")
    assert state.moments[0].stage.ratings == unknown_ratings(5)
    assert state.moments[1].stage.ratings != unknown_ratings(5)
