"""The state machine under any sequence of answers, undos, comments and faulty events."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sessions.events import Comment, Event, Order, Skip, Undo, Vote, event_of_row, event_row
from core.sessions.refusals import (
    EventRefusedError,
    NotPossibleError,
    NotShownError,
    StepAheadError,
    StepOverError,
)
from core.sessions.replay import State, apply, start, state_after
from core.sessions.session import Session
from tests.core.sessions.playing import (
    CHOICES,
    GESTURES,
    a_comment,
    a_session,
    an_answer,
    an_undo,
    answered,
    finished,
    played,
    sessions,
)


def told(event: Event) -> tuple:
    """What an answer says, whenever it was said."""
    ranked = event.ranked_image_ids if isinstance(event, Order) else ()
    rejected = event.rejected_image_ids if isinstance(event, Order) else ()
    outcome = event.outcome if isinstance(event, Vote) else None
    return event.kind, event.prompt_id, event.shown_image_ids, outcome, ranked, rejected


def straight(session: Session, answers: tuple[Event, ...]) -> State:
    """The state of somebody who gave these answers and nothing else."""
    renumbered = [
        replace(answer, step=step, idempotency_key=f"k{step}", judgment_id=f"k{step}")
        for step, answer in enumerate(answers)
    ]
    return state_after(session, renumbered)


@settings(max_examples=200)
@given(sessions(), GESTURES)
def test_undone_answers_leave_no_trace_but_in_the_log(session, gestures):
    player = played(session, gestures)
    state = player.state
    assert [answer.idempotency_key for answer in state.answers] == [
        answer.idempotency_key for answer in player.in_force
    ]
    as_if = straight(session, state.answers)
    assert as_if.moments == state.moments
    assert [told(a) for a in as_if.judgments] == [told(a) for a in state.judgments]
    assert not any(isinstance(answer, Skip) for answer in state.judgments)
    assert [event.step for event in state.events] == list(range(state.step))


@settings(max_examples=200)
@given(sessions(), GESTURES)
def test_a_replay_in_one_go_from_rows_equals_step_by_step(session, gestures):
    player = played(session, gestures)
    rows = [event_row(event) for event in player.state.events]
    assert state_after(session, map(event_of_row, rows)) == player.state
    again = start(session)
    for event in player.sent:  # with all that was repeated or refused
        try:
            again = apply(again, event)
        except EventRefusedError:
            continue
    assert again == player.state
    assert state_after(session, [*player.state.events, *player.state.events]) == player.state


@settings(max_examples=200)
@given(sessions(), GESTURES, CHOICES)
def test_each_candidate_is_seen(session, gestures, choices):
    state = finished(played(session, gestures).state, choices)
    for pool in session.pools:
        seen = {
            image_id
            for screen in state.shown
            if screen.prompt_id == pool.prompt_id
            for image_id in screen.image_ids
        }
        assert seen == set(pool.image_ids)


@settings(max_examples=200)
@given(sessions(), GESTURES, CHOICES)
def test_no_pair_comes_twice_in_a_row_except_after_undo(session, gestures, choices):
    state = finished(played(session, gestures).state, choices)
    replayed = start(session)
    for event in state.events:
        before, replayed = replayed, apply(replayed, event)
        if replayed.screen and before.screen:
            same = {*before.screen.image_ids} == {*replayed.screen.image_ids}
            if isinstance(event, Comment):
                assert same
            elif not isinstance(event, Undo):
                assert not same


@given(sessions(), GESTURES)
def test_an_undo_shows_again_what_was_answered_then_places_included(session, gestures):
    state = played(session, gestures).state
    while state.undoable:
        answer = state.answers[-1]
        state = apply(state, an_undo(state))
        assert state.screen.image_ids == answer.shown_image_ids
        assert state.screen.prompt_id == answer.prompt_id
        assert answer not in state.answers
    assert state.moments == start(session).moments


def test_undo_goes_further_back_each_time_and_not_beyond_the_start():
    state = answered(a_session(5), 0, 1, 2)
    first, second, third = (answer.judgment_id for answer in state.answers)
    for judgment_id in (third, second, first):
        state = apply(state, an_undo(state))
        assert state.events[-1].undoes_judgment_id == judgment_id
    assert state.undoable is None
    with pytest.raises(NotPossibleError):
        apply(state, an_undo(state))


def test_an_undo_that_names_another_answer_than_the_latest_is_refused():
    state = answered(a_session(5), 0, 1)
    with pytest.raises(NotPossibleError):
        apply(state, an_undo(state, state.answers[0].judgment_id))


def test_a_double_click_is_taken_once_and_a_second_tab_is_refused():
    before = answered(a_session(5), 0)
    vote = an_answer(before, 0)
    after = apply(before, vote)
    assert apply(after, vote) is after
    assert apply(after, replace(vote, response_time_ms=9)) is after
    for other in (
        replace(vote, outcome="right"),  # same key, another answer
        replace(vote, idempotency_key="tab", judgment_id="tab"),
    ):
        with pytest.raises(StepOverError) as refused:
            apply(after, other)
        assert refused.value.state is after
        assert "Step 2" in str(refused.value)


def test_a_key_serves_one_event_alone():
    state = answered(a_session(5), 0)
    with pytest.raises(NotPossibleError):
        apply(state, an_answer(state, 0, key=state.events[0].idempotency_key))


def test_an_event_ahead_of_its_time_is_refused():
    state = start(a_session(4))
    with pytest.raises(StepAheadError) as refused:
        apply(state, replace(an_answer(state, 0), step=1))
    assert refused.value.state is state


@pytest.mark.parametrize("mode", ["battle", "sort"])
def test_a_vote_lands_only_on_the_pictures_that_are_shown_in_their_places(mode):
    state = start(a_session(6, 4, mode=mode))
    shown = state.screen.image_ids
    for wrong in (shown[::-1], (), shown[:1], ("1a", "2a"), (*shown, "1f")):
        for event in (an_answer(state, 1), an_answer(state, 6), a_comment(state)):
            if not wrong and isinstance(event, Comment):
                continue
            with pytest.raises(NotShownError):
                apply(state, replace(event, shown_image_ids=wrong))
    with pytest.raises(NotShownError):
        apply(state, replace(an_answer(state, 0), prompt_id=2))
    state = apply(state, an_answer(state, 1))
    with pytest.raises(NotShownError):
        apply(state, replace(an_undo(state), shown_image_ids=shown))


def test_each_mode_takes_its_own_kind_of_answer():
    battle, sort = start(a_session(4)), start(a_session(4, mode="sort"))
    vote, order = an_answer(battle, 0), an_answer(sort, 0)
    with pytest.raises(NotPossibleError):
        apply(sort, replace(vote, shown_image_ids=sort.screen.image_ids))
    with pytest.raises(NotPossibleError):
        apply(battle, replace(order, shown_image_ids=battle.screen.image_ids))


def test_after_the_end_only_undo_and_comments_are_taken():
    over = finished(start(a_session(3)), [0])
    late = Vote(step=over.step, idempotency_key="late", outcome="left")
    with pytest.raises(NotPossibleError):
        apply(over, late)
    with pytest.raises(NotShownError):
        apply(over, replace(late, shown_image_ids=over.answers[-1].shown_image_ids))
    commented = apply(over, a_comment(over))
    assert commented.is_over
    assert not apply(commented, an_undo(commented)).is_over


@pytest.mark.parametrize("words", ["", "  \n", "x" * 2001])
def test_a_comment_has_words_and_an_end(words):
    state = start(a_session(3))
    with pytest.raises(NotPossibleError):
        apply(state, a_comment(state, words))


def test_what_is_stored_says_how_its_pictures_were_chosen():
    state = answered(a_session(4), 0)
    assert state.events[0].pairing == "gre ascending"
    assert state.events[0].pairing_probability is None
    assert (state.events[0].prompt_id, state.events[0].profile) == (1, "even")
    state = answered(a_session(4, mode="sort"), 0)
    assert state.events[0].pairing == "gre descending"
    state = answered(a_session(4, pairing="information", exploration=1.0), 0)
    assert state.events[0].pairing == "exploration"
    assert state.events[0].pairing_probability == pytest.approx(1 / 6)
    state = start(a_session(4))
    told_before = replace(an_answer(state, 0), profile="mine", pairing="x", pairing_probability=0.5)
    kept = apply(state, told_before).events[0]
    assert (kept.profile, kept.pairing, kept.pairing_probability) == ("mine", "x", 0.5)


@given(st.integers(0, 10**6))
def test_sides_are_the_seed_s_and_both_are_taken(seed):
    states = [start(a_session(2, seed=seed + number)) for number in range(40)]
    sides = {state.screen.image_ids for state in states}
    assert sides == {("1a", "1b"), ("1b", "1a")}
    assert start(a_session(2, seed=seed)) == states[0]


def test_about_half_of_the_pairs_stand_in_either_order():
    screens = [
        screen
        for seed in range(60)
        for screen in finished(start(a_session(8, seed=seed)), [1, 0, 0, 1]).shown
    ]
    share = sum(screen.image_ids[0] < screen.image_ids[1] for screen in screens) / len(screens)
    assert 0.4 < share < 0.6
