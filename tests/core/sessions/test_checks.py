"""Attention checks: an earlier pair, sides swapped, after a gap, once."""

from hypothesis import given, settings

from core.sessions.checks import Attention
from core.sessions.events import Vote
from core.sessions.replay import apply, start
from tests.core.sessions.playing import (
    CHOICES,
    GESTURES,
    a_session,
    an_answer,
    an_undo,
    finished,
    played,
    sessions,
    voted,
)


@settings(max_examples=200)
@given(sessions(), GESTURES, CHOICES)
def test_every_check_repeats_a_decided_pair_with_sides_swapped_after_the_gap(
    session, gestures, choices
):
    state = finished(played(session, gestures).state, choices)
    rules, repeated, since = session.rules, [], 0
    for place, screen in enumerate(state.shown):
        if screen.repeats is None:
            since += 1
            continue
        assert session.mode == "battle"
        assert since >= rules.check_every > 0
        since = 0
        earlier, answer = state.shown[screen.repeats], state.answers[screen.repeats]
        assert screen.image_ids == earlier.image_ids[::-1]
        assert screen.prompt_id == earlier.prompt_id == state.shown[place - 1].prompt_id
        assert screen.pairing == "check"
        assert 0 < screen.pairing_probability <= 1
        assert earlier.repeats is None
        assert isinstance(answer, Vote)
        assert answer.outcome in ("left", "right")
        assert place - screen.repeats - 1 >= rules.check_gap
        repeated.append(screen.repeats)
    assert len(set(repeated)) == len(repeated)


def test_a_check_comes_when_it_is_due_and_the_battle_goes_on_where_it_was():
    plain, checked = a_session(8), a_session(8, check_every=4, check_gap=2)
    with_checks = finished(start(checked), [0])
    assert [screen.repeats is not None for screen in with_checks.shown] == [
        False, False, False, False, True, False, False, False,
    ]  # fmt: skip
    pairs = [{*screen.image_ids} for screen in with_checks.shown if screen.repeats is None]
    assert pairs[:4] == [{*s.image_ids} for s in finished(start(plain), [0]).shown][:4]
    assert len(pairs) == 7


def test_an_answer_to_a_check_does_not_move_the_battle():
    before = voted(a_session(8, check_every=4, check_gap=2), *["left"] * 4)
    assert before.screen.repeats is not None
    screens = {apply(before, an_answer(before, choice)).screen for choice in range(7)}
    assert len(screens) == 1
    after = apply(before, an_answer(before, 0))
    assert apply(after, an_undo(after)).screen == before.screen


def test_without_a_decided_pair_there_is_no_check():
    shown = voted(a_session(12, check_every=2, check_gap=1), *["tie"] * 11).shown
    assert all(screen.repeats is None for screen in shown)


def test_checks_are_counted_as_passed_failed_or_unclear():
    rules = {"check_every": 1, "check_gap": 2}
    counts = []
    for last in ("left", "right", "tie", "both_bad", "skip"):
        state = voted(a_session(6, **rules), "left", "left", "left")
        assert state.screen.repeats == 0
        counts.append(voted(a_session(6, **rules), "left", "left", "left", last).attention)
    assert counts == [
        Attention(0, 1, 0),
        Attention(1, 0, 0),
        Attention(0, 0, 1),
        Attention(0, 0, 1),
        Attention(0, 0, 1),
    ]
    assert counts[0].asked == 1
    assert voted(a_session(6), "left").attention == Attention(0, 0, 0)
