"""A short load test: people vote at once, the server is killed within an answer, all is counted."""

import pytest

from tests import seeding
from tests.load_annotator import Click
from tests.load_count import compared
from tests.load_run import Load, run
from warehouse.database import open_warehouse


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    warehouse = open_warehouse(folder)
    seeding.fill(warehouse, prompts=20, models=5)
    warehouse.close()
    return folder


@pytest.mark.timeout(240)
def test_a_killed_server_loses_and_doubles_no_vote_of_several_people(home):
    load = Load(4, seconds=6, think_s=(0.1, 0.4), dropped=0.1, analyst=False, kill=True)
    voting, count = run(home, load)
    assert count.is_right, count
    assert voting.outage_s, "nobody voted after the kill"
    assert any(click.cut_off for click in voting.clicks)
    assert voting.complaints == []
    assert {click.kind for click in voting.clicks} >= {"vote", "order"}


def a_click(step, outcome="left"):
    click = Click("s", step, "vote", ("0", "1"), outcome)
    click.acknowledged_at = 1.0
    return click


def a_row(step, outcome="left"):
    return {
        "session_id": "s",
        "step": step,
        "kind": "vote",
        "outcome": outcome,
        "undoes_judgment_id": None,
        "shown": [0, 1],
        "ranked": [],
        "rejected": [],
    }


def test_the_count_is_right_where_every_click_has_its_row():
    assert compared([a_row(0), a_row(1)], [a_click(0), a_click(1)]).is_right


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([a_row(0)], "lost"),
        ([a_row(0), a_row(1), a_row(1)], "doubled"),
        ([a_row(0), a_row(1, "right")], "altered"),
        ([a_row(0), a_row(1), a_row(2)], "unclicked"),
    ],
)
def test_the_count_tells_what_went_wrong(rows, wrong):
    count = compared(rows, [a_click(0), a_click(1)])
    assert getattr(count, wrong) == 1
    assert not count.is_right


def test_an_answer_that_was_never_acknowledged_is_not_right_though_it_is_stored():
    click = a_click(0)
    click.acknowledged_at = None
    count = compared([a_row(0)], [click])
    assert (count.lost, count.is_right) == (0, False)
