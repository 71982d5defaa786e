"""Weight profiles: kept as they are, one active, and the view follows at once."""

import math
import os
import signal
import subprocess
import sys
import threading

import duckdb
import pytest

from core.errors import ConflictError, NotFoundError, ScoreError
from core.weights.normalisation import Normalisation
from tests.warehouse.grids import ROOT, land_grid
from warehouse import database, migration, profiles
from warehouse.database import open_warehouse
from warehouse.profiles import (
    Difference,
    activate_profile,
    differences,
    profile_history,
    roll_back,
    save_profile,
    weight_profiles,
)
from warehouse.scoring import score, scores_current

DEFAULT = "GEMRec default"


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
        ("a", {"clip": 1, "pop": -math.inf}),
        ("a", {"clip": 0, "pop": 0.0}),
        ("a", {"clip": math.nan}),
        ("a", {"clip": math.inf}),
        ("a", {"beauty": 1}),
        ("a", {}),
        ("  ", {"clip": 1}),
        ("GEMRec default", {"clip": 1}),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_stored(warehouse, name, lambdas):
    with pytest.raises(ScoreError) as refused:
        save_profile(warehouse, name, lambdas)
    assert "\n" not in str(refused.value)
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


def make(warehouse, name, lambdas=None, **more):
    save_profile(warehouse, name, lambdas or {"clip": 1, "pop": 0.5}, **more)


def scored_grid(warehouse):
    land_grid(warehouse, 2, 4, metrics=True, hidden=((2, 3),))
    score(warehouse)


def qualities(warehouse):
    return warehouse.select("select * from scored_metrics order by image_id, metric")


def test_a_profile_keeps_its_normalisation_and_its_note(warehouse):
    make(warehouse, "ranks", normalisation=Normalisation.RANK, note="for the fair")
    default, ranks = weight_profiles(warehouse)
    assert (default.normalisation, default.note) == (Normalisation.MIN_MAX, None)
    assert (ranks.normalisation, ranks.note) == (Normalisation.RANK, "for the fair")


def test_a_name_can_be_saved_once_also_by_many_at_the_same_moment(tmp_path):
    warehouse = open_warehouse(tmp_path)
    barrier = threading.Barrier(4)
    said = []

    def work():
        barrier.wait()
        try:
            make(warehouse, "mine")
            said.append("saved")
        except ScoreError as error:
            said.append(str(error))

    together([work] * 4)
    assert sorted(said)[-1] == "saved"
    assert all("exists" in text for text in sorted(said)[:-1])
    assert len(weight_profiles(warehouse)) == 2
    warehouse.close()


def test_the_history_tells_who_put_what_into_force_newest_first(warehouse):
    with warehouse.cursor() as cursor:
        cursor.execute("insert into people (person_id, name, role) values ('a', 'Ada', 'viewer')")
    make(warehouse, "mine")
    activate_profile(warehouse, "mine", "a", note="try it")
    activate_profile(warehouse, "mine", "b")
    activate_profile(warehouse, DEFAULT, "b")
    told = [
        (a.profile, a.previous, a.person_id, a.person_name, a.note)
        for a in profile_history(warehouse)
    ]
    assert told == [
        (DEFAULT, "mine", "b", "b", None),
        ("mine", DEFAULT, "a", "Ada", "try it"),
        (DEFAULT, None, "GEMRec paper", "GEMRec paper", None),
    ]
    assert len({a.activation_id for a in profile_history(warehouse)}) == 3


def test_rolling_back_brings_the_profile_before_and_twice_comes_back(warehouse):
    with pytest.raises(ScoreError, match="none to go back to"):
        roll_back(warehouse, "a", expected=DEFAULT)
    make(warehouse, "one")
    make(warehouse, "two")
    activate_profile(warehouse, "one")
    activate_profile(warehouse, "two")
    assert roll_back(warehouse, "a", expected="two", note="worse") == "one"
    assert active(warehouse) == ["one"]
    assert profile_history(warehouse)[0].note == "worse"
    assert roll_back(warehouse, "a", expected=None) == "two"
    with pytest.raises(ConflictError):
        roll_back(warehouse, "a", expected="one")
    assert active(warehouse) == ["two"]


def test_differences_name_every_weight_that_changes_and_the_normalisation(warehouse):
    make(warehouse, "mine", {"clip": 1, "pop": 0, "nsfw": 2}, normalisation=Normalisation.Z_SCORE)
    default, mine = weight_profiles(warehouse)
    assert differences(default, mine) == [
        Difference("mcos", 0.8, 0.0),
        Difference("pop", 0.2, 0.0),
        Difference("nsfw", 0.0, 2.0),
        Difference("normalisation", "min-max", "z-score"),
    ]
    assert differences(mine, mine) == []


def test_who_expected_another_profile_is_told_who_changed_it_and_nothing_happens(warehouse):
    make(warehouse, "mine")
    make(warehouse, "other")
    activate_profile(warehouse, "mine", "ada", expected=DEFAULT)
    with pytest.raises(ConflictError, match=r"“ada” put “mine” into force at 20\d\d-.* UTC"):
        activate_profile(warehouse, "other", "bob", expected=DEFAULT)
    assert active(warehouse) == ["mine"]
    assert len(profile_history(warehouse)) == 2


def test_a_new_normalisation_scores_anew_in_the_same_step(warehouse):
    scored_grid(warehouse)
    before = qualities(warehouse)
    make(warehouse, "ranks", {"clip": 1}, normalisation=Normalisation.RANK)
    activate_profile(warehouse, "ranks")
    after = qualities(warehouse)
    assert after["value"].equals(before["value"]), "raw values stay as they are"
    clip = warehouse.select(
        "select prompt_id, q from scored_metrics where metric = 'clip' and q is not null order by q"
    )
    by_prompt = {key: rows["q"].to_list() for (key,), rows in clip.group_by("prompt_id")}
    assert by_prompt[1] == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert by_prompt[2] == pytest.approx([0, 0.5, 1])
    assert scores_current(warehouse)
    score(warehouse)
    assert qualities(warehouse).equals(after), "scoring itself says the same"
    activate_profile(warehouse, DEFAULT)
    assert qualities(warehouse).equals(before)
    assert scores_current(warehouse)


def test_the_same_normalisation_leaves_the_scores_alone(warehouse):
    scored_grid(warehouse)
    make(warehouse, "mine")
    activate_profile(warehouse, "mine")
    assert warehouse.value("select count(*) from score_runs") == 1


def test_popularity_by_ranks_counts_models_without_pictures(warehouse):
    scored_grid(warehouse)
    with warehouse.cursor() as cursor:
        cursor.execute("delete from images where model_version_id = 4")
    score(warehouse)
    make(warehouse, "ranks", {"pop": 1}, normalisation=Normalisation.RANK)
    activate_profile(warehouse, "ranks")
    found = warehouse.select("select distinct model_version_id, q_pop from image_scores order by 1")
    assert found["q_pop"].drop_nulls().to_list() == pytest.approx([0, 1 / 3, 2 / 3])


def test_metrics_that_nobody_scored_are_scored_when_a_profile_wants_them(warehouse):
    scored_grid(warehouse)
    make(warehouse, "safe", {"nsfw": 1})
    assert not scores_current(warehouse), "a profile weighs what was never scored"
    activate_profile(warehouse, "safe")
    assert warehouse.value("select count(gre) from image_scores") == 7
    assert scores_current(warehouse)


def test_outdated_scores_stay_outdated_when_they_are_normalised_anew(warehouse):
    scored_grid(warehouse)
    with warehouse.cursor() as cursor:
        cursor.execute("update image_metrics set value = value + 1 where image_id = '1-1'")
    make(warehouse, "ranks", normalisation=Normalisation.RANK)
    activate_profile(warehouse, "ranks")
    assert not scores_current(warehouse)


def together(works):
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def test_two_maintainers_at_once_one_wins_and_the_other_is_told(tmp_path):
    warehouse = open_warehouse(tmp_path)
    scored_grid(warehouse)
    make(warehouse, "minmax a")
    make(warehouse, "ranks b", normalisation=Normalisation.RANK)
    make(warehouse, "z-scores c", normalisation=Normalisation.Z_SCORE)
    for round_number in range(8):
        rivals = [("ada", "ranks b"), ("bob", "z-scores c" if round_number % 2 else "minmax a")]
        barrier = threading.Barrier(2)
        said = {}

        def work(person, name, barrier=barrier, said=said):
            barrier.wait()
            try:
                activate_profile(warehouse, name, person, expected=DEFAULT)
                said[person] = None
            except ConflictError as error:
                said[person] = str(error)

        together([lambda rival=rival, work=work: work(*rival) for rival in rivals])
        (winner,) = [person for person, refusal in said.items() if refusal is None]
        (loser,) = set(said) - {winner}
        name = dict(rivals)[winner]
        assert f"“{winner}” put “{name}” into force" in said[loser]
        assert active(warehouse) == [name]
        assert profile_history(warehouse)[0].person_id == winner
        assert scores_current(warehouse)
        activate_profile(warehouse, DEFAULT)
    assert len(profile_history(warehouse)) == 1 + 2 * 8
    warehouse.close()


def test_scoring_and_activating_at_once_never_leave_scores_of_another_normalisation(tmp_path):
    warehouse = open_warehouse(tmp_path)
    land_grid(warehouse, 3, 4, metrics=True)
    make(warehouse, "ranks", normalisation=Normalisation.RANK)
    for name in ("ranks", DEFAULT) * 4:
        barrier = threading.Barrier(2)

        def scoring(barrier=barrier):
            barrier.wait()
            score(warehouse)

        def activating(barrier=barrier, name=name):
            barrier.wait()
            activate_profile(warehouse, name)

        together([scoring, activating])
        assert active(warehouse) == [name]
        assert scores_current(warehouse)
    warehouse.close()


CHILD = """
import os, signal, sys
from pathlib import Path
from warehouse import profiles, score_runs
from warehouse.database import open_warehouse

where, home = sys.argv[1:]
kill = lambda *words, **named: os.kill(os.getpid(), signal.SIGKILL)
if where == "between delete and insert":
    score_runs.stage = kill
elif where == "before the commit":
    profiles.record = kill
profiles.activate_profile(open_warehouse(Path(home)), "ranks", expected="GEMRec default")
kill()
"""


@pytest.mark.parametrize(
    ("where", "in_force", "way"),
    [
        ("between delete and insert", DEFAULT, "min-max"),
        ("before the commit", DEFAULT, "min-max"),
        ("after it", "ranks", "rank"),
    ],
)
def test_a_kill_leaves_the_old_profile_or_the_new_one_never_half(tmp_path, where, in_force, way):
    warehouse = open_warehouse(tmp_path)
    scored_grid(warehouse)
    make(warehouse, "ranks", {"clip": 1}, normalisation=Normalisation.RANK)
    old = qualities(warehouse)
    warehouse.close()
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, where, str(tmp_path)], cwd=ROOT, env=os.environ
    )
    assert child.wait(timeout=60) == -signal.SIGKILL
    warehouse = open_warehouse(tmp_path)
    assert active(warehouse) == [in_force]
    assert profile_history(warehouse)[0].profile == in_force
    assert qualities(warehouse).equals(old) == (in_force == DEFAULT)
    runs = warehouse.select("select normalisation from score_runs order by scored_at")
    assert runs["normalisation"].to_list()[-1] == way
    assert scores_current(warehouse)
    warehouse.close()


def test_profiles_and_activations_of_an_earlier_schema_are_still_there(tmp_path, monkeypatch):
    newest = migration.known_migrations()
    monkeypatch.setattr(migration, "known_migrations", lambda: newest[:4])
    earlier = database.open_warehouse(tmp_path)
    with earlier.transaction() as cursor:
        cursor.execute(
            "insert into weight_profiles (name, lambdas, author) "
            "values ('mine', map {'clip': 2.0}, 'ada')"
        )
        cursor.execute("update weight_profiles set active = (name = 'mine')")
        cursor.execute(
            "insert into audit (person_id, action, subject, before, after) values "
            "('ada', 'activate weight profile', 'mine', '{\"active\": \"GEMRec default\"}', null)"
        )
        cursor.execute("insert into score_runs (images, inputs_hash) values (3, 'abc')")
    earlier.close()
    monkeypatch.setattr(migration, "known_migrations", lambda: newest)
    warehouse = database.open_warehouse(tmp_path)
    mine, default = weight_profiles(warehouse)
    assert (mine.name, mine.lambdas, mine.active) == ("mine", {"clip": 2.0}, True)
    assert mine.normalisation == default.normalisation == Normalisation.MIN_MAX
    assert [(a.profile, a.previous) for a in profile_history(warehouse)] == [
        ("mine", DEFAULT),
        (DEFAULT, None),
    ]
    run = warehouse.select("select inputs_hash, normalisation, metrics from score_runs").row(0)
    assert run == ("abc", "min-max", ["clip 1", "mcos 1", "pop 1"])
    assert roll_back(warehouse, "bob", expected="mine") == DEFAULT
    warehouse.close()


def test_a_collision_that_never_ends_is_an_error_and_not_a_loop(warehouse, monkeypatch):
    scored_grid(warehouse)
    make(warehouse, "mine")
    monkeypatch.setattr(profiles, "latest_run", lambda cursor: object())
    monkeypatch.setattr(profiles, "rescored", lambda *words: None)
    with pytest.raises(duckdb.TransactionException):
        activate_profile(warehouse, "mine")
    assert active(warehouse) == [DEFAULT]
