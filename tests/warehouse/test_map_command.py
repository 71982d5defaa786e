"""`map` draws what is missing, says what it did, and changes nothing the second time."""

import pytest

from tests import seeding
from tests.features import ENCODER, give_features
from warehouse.database import open_warehouse


@pytest.fixture
def featured(command, home):
    warehouse = open_warehouse(home)
    seeding.fill(warehouse, prompts=2, models=11)
    give_features(warehouse, zero=("p2-m3-s1",))
    warehouse.close()
    return command


def test_every_prompt_and_all_pictures_get_a_map_once(featured):
    first = featured("map", "--json").json
    assert first["encoder"] == ENCODER
    assert [(row["prompt_id"], row["drawn"], row["damaged"]) for row in first["maps"]] == [
        (1, 11, 0),
        (2, 11, 1),
        (None, 22, 1),
    ]
    assert all(0 <= row["trustworthiness"] <= 1 for row in first["maps"])
    second = featured("map", "--json").json
    assert [(row["drawn"], row["kept"]) for row in second["maps"]] == [(0, 11), (0, 11), (0, 22)]


def test_one_prompt_or_all_pictures_alone(featured):
    assert [row["prompt_id"] for row in featured("map", "--prompt", 2, "--json").json["maps"]] == [
        2
    ]
    ran = featured("map", "--all-pictures")
    assert "All pictures: 22 drawn" in ran.out
    assert "Left out: 1 with features" in ran.out
    again = featured("map", "--all-pictures", "--redraw", "--json").json["maps"][0]
    assert (again["drawn"], again["kept"]) == (22, 0)


def test_without_features_it_says_what_to_do(command, home):
    warehouse = open_warehouse(home)
    seeding.fill(warehouse)
    warehouse.close()
    ran = command("map")
    assert ran.code == 0
    assert "python -m warehouse embed" in ran.out
    assert command("map", "--json").json == {"encoder": None, "maps": []}


@pytest.mark.parametrize("words", [("--encoder", "nobody"), ("--prompt", "99")])
def test_what_is_not_there_is_named(featured, words):
    ran = featured("map", *words)
    assert ran.code == 1
    assert words[1] in ran.err
    assert ran.err.count("\n") == 1
