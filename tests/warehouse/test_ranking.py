"""Ranking sessions in the warehouse: every event once, whatever is clicked twice or at once."""

import threading
from dataclasses import replace

import duckdb
import pytest

from core.errors import NotFoundError
from core.sessions.events import Comment, Vote, step_key
from core.sessions.refusals import NotPossibleError, NotShownError, SessionError, StepOverError
from tests import seeding
from tests.ranking import (
    ADA,
    BEN,
    BOTH_BAD,
    LEFT,
    RIGHT,
    SKIP,
    TIE,
    answer_to,
    answered,
    begun,
    finished,
    sent,
    steps,
    undo_of,
)
from warehouse import ranking, ranking_states
from warehouse.database import open_in_memory
from warehouse.ranking import OthersSessionError, finish, record_event, session_state, sessions_of


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    warehouse = open_in_memory(tmp_path_factory.mktemp("ranking"))
    seeding.fill(warehouse)
    yield warehouse
    warehouse.close()


@pytest.fixture
def filled(shared):
    """Sessions of one test do not see those of another but by id."""
    with shared.transaction() as cursor:
        for table in ("judgments", "sessions", "session_ends"):
            cursor.execute(f"delete from {table}")
    return shared


@pytest.fixture
def forgetful(monkeypatch):
    """Nothing is kept between calls, as after a restart."""
    monkeypatch.setattr(ranking, "keep_state", lambda warehouse, state: None)


def reread(warehouse, state):
    """The state as another process would read it: from the rows alone."""
    ranking_states._kept.clear()
    session = state.session
    return session_state(warehouse, session.session_id, person_id=session.person_id)


@pytest.mark.parametrize("mode", ["battle", "sort"])
def test_what_is_stored_is_what_was_answered(filled, mode):
    state = begun(filled, prompt_ids=(2, 3), mode=mode)
    state = answered(filled, state, LEFT, RIGHT, SKIP, TIE)
    state = sent(filled, state, undo_of(state))
    told = Comment(
        step=state.step,
        idempotency_key=step_key(state.session.session_id, state.step),
        comment="‘nice’ <b>",
    )
    state = sent(filled, state, told)
    again = reread(filled, state)
    assert again == state
    assert again.screen == state.screen
    assert steps(filled, state.session.session_id) == list(range(state.step))


def test_a_row_tells_all_about_its_vote(filled):
    state = begun(filled)
    screen = state.screen
    state = answered(filled, state, RIGHT)
    row = filled.select("select * from judgments").row(0, named=True)
    assert row["session_id"] == state.session.session_id
    assert (row["person_id"], row["mode"], row["kind"]) == ("ada", "battle", "vote")
    assert (row["prompt_id"], row["outcome"]) == (2, "right")
    assert row["shown_image_ids"] == list(screen.image_ids)
    assert (row["pairing"], row["pairing_probability"]) == ("gre ascending", None)
    assert (row["profile"], row["response_time_ms"]) == ("GEMRec default", 101)
    assert not row["simulated"]
    assert row["created_at"] is not None


def test_the_profile_kept_is_the_one_in_force_at_the_vote(filled):
    state = begun(filled)
    with filled.transaction() as cursor:
        cursor.execute("update weight_profiles set name = 'Later' where active")
    answered(filled, state, LEFT)
    with filled.transaction() as cursor:
        cursor.execute("update weight_profiles set name = 'GEMRec default' where active")
    assert filled.value("select profile from judgments") == "Later"


def test_a_batch_is_one_row_with_its_whole_order(filled):
    state = begun(filled, mode="sort")
    shown = state.screen.image_ids
    answered(filled, state, 1)
    rows = filled.select(
        "select kind, ranked_image_ids, rejected_image_ids, pairing from judgments"
    )
    assert rows.rows() == [("order", [*shown[1:-1], shown[-1]], [shown[0]], "gre descending")]


@pytest.mark.parametrize("kept", [True, False])
def test_the_same_event_again_is_stored_once(filled, kept, request):
    if not kept:
        request.getfixturevalue("forgetful")
    state = begun(filled)
    event = answer_to(state, RIGHT)
    after = sent(filled, state, event)
    for _ in range(3):
        assert sent(filled, state, replace(event, response_time_ms=9)) == after
    later = answered(filled, after, LEFT)
    assert sent(filled, state, event) == later, "the present state, not the one after it"
    assert steps(filled, state.session.session_id) == [0, 1]


def test_a_stale_step_is_refused_with_the_present_state(filled):
    state = begun(filled)
    after = answered(filled, state, RIGHT, LEFT)
    for event in (answer_to(state, LEFT), replace(answer_to(state, RIGHT), idempotency_key="tab")):
        with pytest.raises(StepOverError) as refusal:
            sent(filled, state, event)
        assert refusal.value.state == after
    with pytest.raises(NotShownError):
        sent(filled, after, replace(answer_to(after), shown_image_ids=("p1-m2-s1", "p1-m3-s1")))
    assert steps(filled, state.session.session_id) == [0, 1]


def test_an_undo_is_one_more_event_and_shows_the_same_again(filled):
    state = begun(filled)
    first = answered(filled, state, LEFT)
    second = answered(filled, first, BOTH_BAD)
    undone = sent(filled, second, undo_of(second))
    assert undone.screen == first.screen
    rows = filled.select("select kind, undoes_judgment_id from judgments order by step").rows()
    assert rows == [("vote", None), ("vote", None), ("undo", second.events[1].judgment_id)]
    assert filled.value("select count(*) from answers_in_force") == 1


@pytest.mark.parametrize("call", ["state", "event", "finish"])
def test_the_session_of_another_person_is_refused(filled, call):
    state = begun(filled, ADA)
    session_id = state.session.session_id
    with pytest.raises(OthersSessionError):
        if call == "state":
            session_state(filled, session_id, person_id="ben")
        elif call == "event":
            record_event(filled, session_id, answer_to(state), person_id="ben")
        else:
            finish(filled, session_id, person_id="ben")
    assert steps(filled, session_id) == []


def test_a_session_that_is_not_there_or_tells_no_rules_is_named(filled):
    with pytest.raises(NotFoundError, match="nowhere"):
        session_state(filled, "nowhere", person_id="ada")
    with filled.transaction() as cursor:
        cursor.execute(
            "insert into sessions (session_id, person_id, mode, prompt_ids, candidate_image_ids, "
            "profile) values ('made elsewhere', 'ada', 'battle', [2], [], 'none')"
        )
    with pytest.raises(SessionError, match="rules"):
        session_state(filled, "made elsewhere", person_id="ada")
    (listed,) = sessions_of(filled, "ada")
    assert (listed.session_id, listed.progress, listed.is_open) == ("made elsewhere", None, False)


@pytest.mark.usefixtures("forgetful")
@pytest.mark.parametrize("same_key", [True, False])
@pytest.mark.parametrize("same_answer", [True, False])
def test_two_tabs_that_answer_at_once_leave_one_row_a_step(filled, same_key, same_answer):
    """Whoever is second is told so, or was taken where both said the same."""
    state = begun(filled)
    taken, refused = [], []
    at_once = threading.Barrier(4)

    def tab(number):
        choice = LEFT if same_answer else number % 2
        event = answer_to(state, choice)
        if not same_key:
            event = replace(event, idempotency_key=f"{event.idempotency_key} of tab {number}")
        at_once.wait()
        try:
            taken.append(sent(filled, state, event))
        except StepOverError as refusal:
            refused.append(refusal.state)

    tabs = [threading.Thread(target=tab, args=(number,)) for number in range(4)]
    for each in tabs:
        each.start()
    for each in tabs:
        each.join()
    assert steps(filled, state.session.session_id) == [0]
    assert len(taken) + len(refused) == 4
    if same_key and same_answer:
        assert len(taken) == 4
    if not same_key:
        assert len(taken) == 1
    assert {after.step for after in [*taken, *refused]} == {1}


def test_the_table_takes_each_step_once_whatever_its_key(filled):
    state = answered(filled, begun(filled), LEFT)
    columns = "session_id, person_id, mode, step, kind, profile"
    with filled.cursor() as cursor, pytest.raises(duckdb.ConstraintException):
        cursor.execute(
            f"insert into judgments (idempotency_key, {columns}) "
            f"select 'another', {columns} from judgments where session_id = $session_id",
            {"session_id": state.session.session_id},
        )


@pytest.mark.usefixtures("forgetful")
def test_people_who_vote_at_once_do_not_wait_for_each_other(filled):
    states = [begun(filled, person, prompt_ids=(1, 2, 3)) for person in (ADA, BEN) * 2]
    ends = []

    def play(state):
        ends.append(finished(filled, state))

    threads = [threading.Thread(target=play, args=(state,)) for state in states]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(ends) == 4
    for state in ends:
        assert steps(filled, state.session.session_id) == list(range(state.step))
        assert reread(filled, state) == state


def test_a_session_goes_on_where_it_was_left(filled):
    state = answered(filled, begun(filled, prompt_ids=(2, 3)), LEFT, TIE)
    (listed,) = sessions_of(filled, "ada")
    assert listed.is_open
    assert listed.progress.answered == 2
    assert listed.prompt_ids == (2, 3)
    assert listed.last_at > listed.created_at
    again = reread(filled, state)
    assert again.screen == state.screen
    over = finished(filled, again)
    (listed,) = sessions_of(filled, "ada")
    assert (listed.is_over, listed.is_open) == (True, False)
    assert listed.progress.answered == len(over.answers)
    assert sessions_of(filled, "ben") == ()


def test_the_session_touched_last_comes_first(filled):
    first, second = begun(filled), begun(filled, prompt_ids=(3,))
    answered(filled, first, LEFT)
    listed = [each.session_id for each in sessions_of(filled, "ada")]
    assert listed == [first.session.session_id, second.session.session_id]
    assert len(sessions_of(filled, "ada", most=1)) == 1


def test_a_session_ended_early_is_not_offered_until_it_is_gone_on_with(filled):
    state = answered(filled, begun(filled), LEFT)
    session_id = state.session.session_id
    for _ in range(2):
        finish(filled, session_id, person_id="ada")
    (listed,) = sessions_of(filled, "ada")
    assert (listed.ended, listed.is_open, listed.is_over) == (True, False, False)
    told = Comment(step=1, idempotency_key=step_key(session_id, 1), comment="Enough for today.")
    state = sent(filled, state, told)
    assert sessions_of(filled, "ada")[0].ended, "a comment opens nothing"
    answered(filled, state, LEFT)
    assert sessions_of(filled, "ada")[0].is_open


def test_after_the_end_only_undo_and_comments_are_taken(filled):
    over = finished(filled, begun(filled))
    late = Vote(
        step=over.step,
        idempotency_key=step_key(over.session.session_id, over.step),
        outcome="left",
    )
    with pytest.raises(NotPossibleError):
        sent(filled, over, late)
    back = sent(filled, over, undo_of(over))
    assert not back.is_over


def test_no_more_states_are_kept_than_that(filled, monkeypatch):
    monkeypatch.setattr(ranking_states, "MOST", 2)
    states = [answered(filled, begun(filled), LEFT) for _ in range(3)]
    assert len(ranking_states._kept[filled]) == 2
    for state in states:
        session = state.session
        assert session_state(filled, session.session_id, person_id="ada") == state


def test_a_state_that_is_behind_is_brought_up_to_date(filled):
    behind = begun(filled)
    after = answered(filled, behind, LEFT, RIGHT)
    ranking_states._kept[filled][behind.session.session_id] = behind
    assert session_state(filled, behind.session.session_id, person_id="ada") == after
    ranking_states.keep_state(filled, behind)
    assert ranking_states._kept[filled][behind.session.session_id] == after
    assert session_state(filled, behind.session.session_id, person_id="ada") == after
