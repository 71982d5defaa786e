"""Who may save and activate profiles; what was cached under other weights is not shown again."""

import pytest

from core.errors import ConflictError, NotAllowedError
from dashboard import access, profiles
from dashboard.access import Person, Role
from dashboard.data import explore, similarity

LOUD = {"clip": 0.0, "mcos": 0.0, "pop": 1.0}


@pytest.fixture
def person(monkeypatch):
    """Makes the person at the screen one of this role."""

    def become(role):
        someone = Person("someone", "Someone", role)
        monkeypatch.setattr(profiles, "current_person", lambda: someone)
        monkeypatch.setattr(access, "current_person", lambda: someone)

    return become


@pytest.mark.parametrize("role", Role)
def test_saving_takes_an_analyst_whatever_the_screen_shows(filled_home, person, role):
    person(role)
    assert profiles.may_save() == (role >= Role.ANALYST)
    if role >= Role.ANALYST:
        profiles.save("loud", LOUD, "min-max")
        assert profiles.weight_profiles()[-1].author == "someone"
    else:
        with pytest.raises(NotAllowedError, match="Only an analyst"):
            profiles.save("loud", LOUD, "min-max")
        assert len(profiles.weight_profiles()) == 1


@pytest.mark.parametrize("role", Role)
def test_activating_and_rolling_back_take_a_maintainer(filled_home, person, role):
    person(Role.MAINTAINER)
    profiles.save("loud", LOUD, "min-max")
    person(role)
    first = profiles.active_profile().name
    if role == Role.MAINTAINER:
        profiles.activate("loud", expected=first)
        assert profiles.active_profile().name == "loud"
        profiles.roll_back(expected="loud")
    else:
        with pytest.raises(NotAllowedError, match="Only a maintainer"):
            profiles.activate("loud", expected=first)
        with pytest.raises(NotAllowedError):
            profiles.roll_back(expected=first)
    assert profiles.active_profile().name == first


def test_scores_cached_under_other_weights_are_not_shown_again(filled_home):
    def scores():
        revision = profiles.scores_revision()
        details = explore.image_details(revision, ("p1-m2-s1",))
        return details["gre"][0], similarity.model_gre(revision)[2]

    before = scores()
    profiles.save("loud", LOUD, "min-max", "a note")
    assert scores() == before, "saving changes nothing"
    old = profiles.scores_revision()
    profiles.activate("loud", expected="GEMRec default", note="why not")
    after = scores()
    assert after[0] != before[0] and after[1] != before[1]
    explore.image_details(old, ("p1-m2-s1",))  # a tab that read just before stores its answer late
    assert scores() == after
    assert profiles.history()[0].note == "why not"


def test_who_is_late_is_told_and_then_sees_what_is_in_force(filled_home):
    profiles.save("loud", LOUD, "min-max")
    profiles.save("other", {"clip": 1.0}, "rank")
    profiles.activate("loud", expected="GEMRec default")
    with pytest.raises(ConflictError, match="loud"):
        profiles.activate("other", expected="GEMRec default")
    assert profiles.active_profile().name == "loud"
