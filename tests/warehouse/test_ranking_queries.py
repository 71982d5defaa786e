"""Each query of ranking on a tiny warehouse in memory; test name = query name."""

import inspect
from datetime import UTC, datetime, timedelta

import pytest

from core.sessions.events import step_key
from core.sessions.session import Rules
from tests import seeding
from tests.ranking import ADA, BEN, LEFT, SKIP, answered, begun, sent, undo_of
from tests.seeding import HIDDEN_ID, MISSING_ID
from warehouse import selections
from warehouse.campaign_plans import Plan, plan_text
from warehouse.campaigns import close_campaign, create_campaign
from warehouse.database import QUERIES, open_in_memory, query_text
from warehouse.ranking import finish
from warehouse.reads import ranking as reads

NAMES = sorted(path.stem for path in (QUERIES / "ranking").glob("*.sql"))
READS = [name for name, _ in inspect.getmembers(reads, inspect.isfunction)]
LONG_AGO = datetime.now(UTC) - timedelta(days=30)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A warehouse, a campaign in it, Ada's session of the campaign, and Ben's own."""
    warehouse = open_in_memory(tmp_path_factory.mktemp("ranking"))
    seeding.fill(warehouse)
    selections.pick(warehouse, ADA, ["p1-m2-s1"], page="explore")
    plan = Plan(Rules(check_every=1, check_gap=1), people_per_prompt=1)
    asked = create_campaign(warehouse, "Spring", [3, 2], person_id="ada", mode="battle", plan=plan)
    state = begun(warehouse, ADA, "choose", campaign=asked.campaign_id, session_id="adas")
    state = answered(warehouse, state, LEFT, LEFT, LEFT, SKIP)
    sent(warehouse, state, undo_of(state))
    bens = begun(warehouse, BEN, [2], mode=None, session_id="bens")
    answered(warehouse, bens, 2)
    yield warehouse, asked, session_prompt(state)
    warehouse.close()


def session_prompt(state):
    """The prompt that its answers were about."""
    (prompt_id,) = {answer.prompt_id for answer in state.answers}
    return prompt_id


@pytest.mark.parametrize("name", NAMES)
def test_every_query_has_a_test(name):
    assert query_text(name).startswith("-- ")
    assert f"test_{name}" in globals()


@pytest.mark.parametrize("name", READS)
def test_every_read_is_a_query_of_its_name(name):
    assert name in NAMES


def rows(warehouse, query, **parameters):
    return warehouse.frame(query, **parameters).rows(named=True)


def test_ranking_session(told):
    warehouse, asked, _ = told
    (row,) = rows(warehouse, "ranking_session", session_id="adas")
    assert (row["person_id"], row["campaign"], row["mode"]) == ("ada", asked.campaign_id, "battle")
    assert row["profile"] == "GEMRec default"
    assert len(row["candidate_image_ids"]) == 11
    assert rows(warehouse, "ranking_session", session_id="nowhere") == []


def test_ranking_events(told):
    warehouse, *_ = told
    found = rows(warehouse, "ranking_events", session_id="adas", from_step=0)
    assert [row["step"] for row in found] == [0, 1, 2, 3, 4]
    assert [row["kind"] for row in found] == ["vote", "vote", "vote", "skip", "undo"]
    assert found[2]["idempotency_key"] == step_key("adas", 2)
    later = rows(warehouse, "ranking_events", session_id="adas", from_step=3)
    assert later == found[3:]


def test_add_ranking_session(told):
    warehouse, *_ = told
    with warehouse.transaction() as cursor:
        row = {
            "session_id": "added",
            "person_id": "cat",
            "campaign": None,
            "mode": "sort",
            "prompt_ids": [1],
            "candidate_image_ids": ["a", "b"],
            "profile": "none",
            "settings": "{}",
            "simulated": True,
        }
        cursor.execute(query_text("add_ranking_session"), row)
    (found,) = rows(warehouse, "ranking_session", session_id="added")
    assert found == row


def test_add_judgment(told):
    warehouse, *_ = told
    row = {
        "judgment_id": "j",
        "idempotency_key": "added/0",
        "step": 0,
        "kind": "order",
        "prompt_id": 1,
        "shown_image_ids": ["a", "b"],
        "outcome": None,
        "ranked_image_ids": ["b"],
        "rejected_image_ids": ["a"],
        "undoes_judgment_id": None,
        "comment": None,
        "response_time_ms": 5,
        "profile": "none",
        "pairing": "gre descending",
        "pairing_probability": None,
    }
    session = {"session_id": "added", "person_id": "cat", "mode": "sort", "simulated": True}
    with warehouse.transaction() as cursor:
        cursor.execute(query_text("add_judgment"), row | session)
    assert rows(warehouse, "ranking_events", session_id="added", from_step=0) == [row]
    assert warehouse.value("select person_id from judgments where judgment_id = 'j'") == "cat"


def test_ranking_candidates(told):
    warehouse, *_ = told

    def found(prompt_ids, person_id="ada"):
        return reads.ranking_candidates(
            warehouse, prompt_ids=prompt_ids, person_id=person_id, with_simulated=False
        )

    pictures = found([1, 3])
    assert pictures.height == 9
    assert not {HIDDEN_ID, MISSING_ID} & set(pictures["image_id"])
    models = dict(pictures.select("image_id", "model_version_id").iter_rows())
    assert models["p1-m2-s1"] == 2
    assert pictures.filter(pictures["picked"])["image_id"].to_list() == ["p1-m2-s1"]
    assert not found([1], None)["picked"].any()
    assert found([77]).is_empty()


def test_prompts_to_rank(told):
    warehouse, _, prompt_id = told
    found = {row["prompt_id"]: row for row in reads.prompts_to_rank(warehouse).to_dicts()}
    assert {key: row["pictures"] for key, row in found.items()} == {1: 4, 2: 6, 3: 5}
    assert {key: row["models"] for key, row in found.items()} == {1: 4, 2: 5, 3: 4}
    assert all(row["all_simulated"] for row in found.values())
    judged = {1: 0, 2: 1, 3: 0}
    judged[prompt_id] += 2  # of Ada's three votes one was a check
    assert {key: row["judgments"] for key, row in found.items()} == judged
    own = reads.prompts_to_rank(warehouse, person_id="ada", prompt_ids=[prompt_id, 1])
    assert dict(own.select("prompt_id", "judged_by_person").iter_rows()) == {
        1: False,
        prompt_id: True,
    }


def test_first_modes(told):
    warehouse, *_ = told
    ((person_id, mode, simulated),) = reads.first_modes(warehouse).rows()
    assert (person_id, simulated) == ("ben", False), "Ada's mode was the campaign's"
    assert mode == warehouse.value("select mode from sessions where session_id = 'bens'")


def test_ranked_judgments(told):
    warehouse, asked, prompt_id = told
    everything = reads.ranked_judgments(warehouse)
    assert everything["times"].to_list() == [1, 1, 1]
    with warehouse.transaction() as cursor:
        cursor.execute(
            "insert into judgments by name select * replace ('again' as judgment_id, "
            "'again' as idempotency_key, 'another' as session_id, true as simulated) "
            "from judgments where session_id = 'bens'"
        )
    assert reads.ranked_judgments(warehouse)["times"].to_list() == [1, 1, 1]
    with_simulated = reads.ranked_judgments(warehouse, prompt_ids=[2], with_simulated=True)
    assert with_simulated["times"].max() == 2, "one row for the same answer of two people"
    of_campaign = reads.ranked_judgments(warehouse, campaign=asked.campaign_id)
    assert of_campaign["prompt_id"].to_list() == [prompt_id] * 2
    assert reads.ranked_judgments(warehouse, prompt_ids=[1]).is_empty()


def test_sessions_of_person(told):
    warehouse, asked, _ = told
    (row,) = reads.sessions_of_person(warehouse, person_id="ada", most=9).rows(named=True)
    assert (row["session_id"], row["campaign"]) == ("adas", asked.campaign_id)
    assert (row["campaign_name"], row["ended"]) == ("Spring", False)
    assert row["last_at"] > row["created_at"]
    finish(warehouse, "bens", person_id="ben")
    (row,) = reads.sessions_of_person(warehouse, person_id="ben", most=9).rows(named=True)
    assert (row["campaign_name"], row["ended"]) == (None, True)


def test_add_campaign(told):
    warehouse, *_ = told
    row = {
        "campaign_id": "c",
        "name": "Never opened",
        "prompt_ids": [1],
        "mode": "sort",
        "settings": plan_text(Plan()),
        "person_id": "max",
    }
    with warehouse.transaction() as cursor:
        cursor.execute(query_text("add_campaign"), row)
        columns = "campaign_id, name, prompt_ids, mode, settings, person_id"
        found = cursor.execute(f"select {columns} from campaigns where campaign_id = 'c'")
        assert found.fetchone() == tuple(row.values())
        cursor.execute("delete from campaigns where campaign_id = 'c'")


def test_campaign_list(told):
    warehouse, _, _ = told
    later = create_campaign(warehouse, "Later", [1], person_id="max")
    found = reads.campaign_list(warehouse).rows(named=True)
    assert [row["name"] for row in found] == ["Later", "Spring"]
    assert [row["person_name"] for row in found] == ["max", "Ada"]
    close_campaign(warehouse, later.campaign_id, person_id="max")
    found = reads.campaign_list(warehouse).rows(named=True)
    assert [(row["name"], row["state"]) for row in found] == [
        ("Spring", "open"),
        ("Later", "closed"),
    ]
    assert found[0]["prompt_ids"] == [3, 2]
    assert found[1]["changed_at"] > found[1]["created_at"]


def test_campaign_history(told):
    warehouse, *_ = told
    asked = create_campaign(warehouse, "Twice", [2], person_id="ada")
    close_campaign(warehouse, asked.campaign_id, person_id="nobody", note="enough")
    found = rows(warehouse, "campaign_history", campaign_id=asked.campaign_id)
    assert [(row["state"], row["person_name"], row["note"]) for row in found] == [
        ("closed", "nobody", "enough"),
        ("open", "Ada", None),
    ]


def test_campaign_shares(told):
    warehouse, asked, prompt_id = told

    def shares(since):
        return reads.campaign_shares(warehouse, campaign_id=asked.campaign_id, since=since).rows()

    judged = {prompt_id: 2, 5 - prompt_id: 0}
    assert shares(LONG_AGO) == [(p, "ada", judged[p], judged[p], True) for p in (2, 3)]
    assert [row[-1] for row in shares(datetime.now(UTC))] == [False, False]


def test_campaign_people(told):
    warehouse, asked, _ = told
    (row,) = reads.campaign_people(warehouse, campaign_id=asked.campaign_id).rows(named=True)
    assert (row["person_id"], row["person_name"], row["sessions"]) == ("ada", "Ada", 1)
    assert (row["judgments"], row["skips"], row["response_time_ms"]) == (2, 0, 100)
    assert reads.campaign_people(warehouse, campaign_id="nowhere").is_empty()


def test_campaign_checks(told):
    warehouse, asked, _ = told
    found = reads.campaign_checks(warehouse, campaign_id=asked.campaign_id)
    assert found.rows() == [("ada", 0, 1, 0)], "left again, though sides were swapped"
    assert reads.campaign_checks(warehouse, campaign_id="nowhere").is_empty()


def test_campaign_pictures(told):
    warehouse, asked, _ = told
    found = reads.campaign_pictures(warehouse, campaign_id=asked.campaign_id)
    assert found.height == 11
    assert set(found["model_version_id"]) == {1, 2, 3, 4, 5}
    assert HIDDEN_ID not in found["image_id"]


def test_ranked_pictures(told):
    warehouse, *_ = told
    found = {
        row["image_id"]: row
        for row in rows(
            warehouse, "ranked_pictures", image_ids=["p2-m3-s1", HIDDEN_ID, "p1-m4-s1", "none"]
        )
    }
    assert found.keys() == {"p2-m3-s1", HIDDEN_ID, "p1-m4-s1"}
    assert found[HIDDEN_ID]["hidden"] and not found["p2-m3-s1"]["hidden"]
    assert found["p1-m4-s1"]["sha256"] is None, "never stored"
    shown = found["p2-m3-s1"]
    assert (shown["model_name"], shown["version_name"]) == ("Model 3", None)
    assert (shown["prompt_id"], shown["prompt"]) == (2, seeding.HOSTILE_PROMPTS[1])
    assert (shown["width"], shown["height"], len(shown["sha256"])) == (96, 64, 64)
