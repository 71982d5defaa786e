"""Who may rank, and what the screen is told after an event."""

from collections.abc import Callable

import pytest

from core.errors import NotAllowedError
from core.sessions.refusals import StepOverError
from dashboard import access, ranking
from dashboard.access import Person, Role
from tests.ranking import RIGHT, answer_to
from warehouse.ranking import OthersSessionError


@pytest.fixture
def person(monkeypatch) -> Callable[..., None]:
    """Makes the person at the screen this one."""

    def become(role, person_id="someone"):
        someone = Person(person_id, person_id.title(), role)
        monkeypatch.setattr(ranking, "current_person", lambda: someone)
        monkeypatch.setattr(access, "current_person", lambda: someone)

    return become


CALLS = (
    lambda state: ranking.begin((2,)),
    lambda state: ranking.state(state.session.session_id),
    lambda state: ranking.record(state.session.session_id, answer_to(state)),
    lambda state: ranking.finish(state.session.session_id),
    lambda state: ranking.sessions(),
)


@pytest.mark.parametrize("call", range(len(CALLS)))
@pytest.mark.parametrize("role", Role)
def test_ranking_takes_an_annotator_whatever_the_screen_shows(filled_home, person, role, call):
    person(Role.MAINTAINER)
    state = ranking.state(ranking.begin((2,), mode="battle").session_id)
    person(role)
    assert ranking.may_rank() == (role >= Role.ANNOTATOR)
    if role >= Role.ANNOTATOR:
        CALLS[call](state)
    else:
        with pytest.raises(NotAllowedError, match="Only an annotator"):
            CALLS[call](state)


def test_an_event_is_stored_once_and_the_revision_rises(filled_home):
    session = ranking.begin((2,), mode="battle")
    first = ranking.state(session.session_id)
    before = ranking.judgments_revision()
    after = ranking.record(session.session_id, answer_to(first))
    assert after.step == 1
    assert ranking.judgments_revision() > before
    assert ranking.record(session.session_id, answer_to(first)).step == 1
    with pytest.raises(StepOverError) as refused:
        ranking.record(session.session_id, answer_to(first, RIGHT))
    assert refused.value.state.step == 1
    assert ranking.state(session.session_id).answers[0].outcome == "left"


def test_the_same_id_begins_one_session(filled_home):
    first = ranking.begin((2,), session_id="one")
    assert ranking.begin((1,), session_id="one") == first
    assert [stored.session_id for stored in ranking.sessions()] == ["one"]


def test_nobody_answers_the_session_of_another(filled_home, person):
    person(Role.ANNOTATOR, "ada")
    session = ranking.begin((2,), mode="battle")
    state = ranking.state(session.session_id)
    person(Role.MAINTAINER, "ben")
    for call in (1, 2, 3):
        with pytest.raises(OthersSessionError):
            CALLS[call](state)
    assert ranking.sessions() == ()


def test_a_session_ended_early_is_no_longer_open(filled_home):
    session = ranking.begin((2,), mode="battle")
    assert ranking.sessions()[0].is_open
    ranking.finish(session.session_id)
    assert not ranking.sessions()[0].is_open
