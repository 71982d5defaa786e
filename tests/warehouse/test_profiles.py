"""Weight profiles: kept as they are, one active, and the view follows at once."""

import math

import pytest

from core.errors import NotFoundError, ScoreError
from tests.warehouse.grids import land_grid
from warehouse.profiles import activate_profile, save_profile, weight_profiles
from warehouse.scoring import score


def active(warehouse):
    return warehouse.select("select name from weight_profiles where active")["name"].to_list()


def test_the_papers_profile_is_there_and_active(warehouse):
    (profile,) = weight_profiles(warehouse)
    assert profile.name == "GEMRec default"
    assert profile.lambdas == {"clip": 1.0, "mcos": 0.8, "pop": 0.2}
    assert profile.active


def test_a_new_profile_is_stored_but_not_active(warehouse):
    save_profile(warehouse, "mine", {"clip": 2, "pop": 0}, author="ada")
    saved = weight_profiles(warehouse)[1]
    assert (saved.name, saved.lambdas, saved.author) == ("mine", {"clip": 2.0, "pop": 0.0}, "ada")
    assert active(warehouse) == ["GEMRec default"]


def test_exactly_one_profile_is_active_and_comes_first(warehouse):
    save_profile(warehouse, "mine", {"clip": 2})
    for name in ("mine", "mine", "GEMRec default", "mine"):
        activate_profile(warehouse, name)
        assert active(warehouse) == [name]
        assert weight_profiles(warehouse)[0].name == name


def test_the_view_follows_the_active_profile_at_once(warehouse):
    land_grid(warehouse, 2, 3, metrics=True)
    score(warehouse)
    save_profile(warehouse, "popular", {"pop": 2})
    activate_profile(warehouse, "popular")
    rows = warehouse.select("select gre, 2 * q_pop as expected from image_scores")
    assert rows["gre"].to_list() == rows["expected"].to_list()


def test_a_weight_of_0_is_not_weighed(warehouse):
    land_grid(warehouse, 1, 2)
    score(warehouse)
    save_profile(warehouse, "popular", {"pop": 1, "clip": 0})
    activate_profile(warehouse, "popular")
    assert warehouse.value("select count(gre) from image_scores") == 2


@pytest.mark.parametrize(
    ("name", "lambdas"),
    [
        ("a", {"clip": -1}),
        ("a", {"clip": math.nan}),
        ("a", {"clip": math.inf}),
        ("a", {"beauty": 1}),
        ("a", {}),
        ("  ", {"clip": 1}),
        ("GEMRec default", {"clip": 1}),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_stored(warehouse, name, lambdas):
    with pytest.raises(ScoreError):
        save_profile(warehouse, name, lambdas)
    assert warehouse.value("select count(*) from weight_profiles") == 1
    assert warehouse.value("select count(*) from audit") == 0


def test_without_an_active_profile_nothing_has_a_gre_score(warehouse):
    land_grid(warehouse, 2, 3, metrics=True)
    score(warehouse)
    with warehouse.transaction() as cursor:
        cursor.execute("update weight_profiles set active = false")
    assert warehouse.value("select count(*) from image_scores") > 0
    assert warehouse.value("select count(gre) from image_scores") == 0


def test_an_unknown_profile_cannot_be_activated(warehouse):
    with pytest.raises(NotFoundError, match="none"):
        activate_profile(warehouse, "none")
    assert active(warehouse) == ["GEMRec default"]


def test_saving_and_activating_are_in_the_audit_log(warehouse):
    save_profile(warehouse, "'); drop table audit; --", {"clip": 1}, author="ada")
    activate_profile(warehouse, "'); drop table audit; --", person_id="bob")
    entries = warehouse.select("select person_id, action, before, after from audit").rows()
    assert sorted(entries) == [
        ("ada", "save weight profile", None, '{"clip": 1}'),
        ("bob", "activate weight profile", '{"active": "GEMRec default"}',
         '{"active": "\'); drop table audit; --"}'),
    ]  # fmt: skip
