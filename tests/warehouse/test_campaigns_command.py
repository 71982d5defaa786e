"""`campaigns`: made, looked into, closed and reopened on the command line."""

import pytest

from tests import seeding
from tests.ranking import ADA, LEFT, answered, begun
from warehouse.campaigns import campaigns
from warehouse.database import open_warehouse


@pytest.fixture
def filled(command, home):
    """The command line on a seeded home."""
    warehouse = open_warehouse(home)
    seeding.fill(warehouse)
    warehouse.close()
    return command


def judged(home, *choices):
    warehouse = open_warehouse(home)
    (campaign,) = campaigns(warehouse)
    answered(warehouse, begun(warehouse, ADA, "choose", campaign=campaign.campaign_id), *choices)
    warehouse.close()


def test_a_campaign_is_made_of_tags_and_prompts_with_its_rules(filled):
    made = filled(
        *("campaigns", "create", "Spring", "--tag", "animal", "--prompt", "3", "--mode", "battle"),
        *("--pictures", "4", "--people", "2", "--per-person", "40", "--per-pair", "1.5"),
        *("--session-prompts", "1", "--settled", "0.9", "--checks", "0.1", "--informative"),
        *(
            "--comparisons",
            "5",
            "--exploration",
            "0.2",
            "--batch",
            "3",
            "--no-reject-bin",
            "--json",
        ),
    )
    assert made.code == 0
    assert made.json["prompt_ids"] == [1, 3]
    assert made.json["estimate"] == {
        "fewest_judgments": 4 * 5,
        "most_judgments": 4 * 5 + 4 * 5 // 9,
        "sessions": 4,
        "people": 2,
    }
    shown = filled("campaigns", "show", made.json["campaign_id"], "--json").json
    assert (shown["name"], shown["mode"], shown["state"]) == ("Spring", "battle", "open")
    assert shown["plan"] == {
        "rules": {
            "batch_size": 3,
            "reject_bin": False,
            "pairing": "information",
            "comparisons": 5,
            "exploration": 0.2,
            "check_every": 9,
            "check_gap": 3,
        },
        "pictures_per_prompt": 4,
        "prompts_per_session": 1,
        "people_per_prompt": 2,
        "judgments_per_pair": 1.5,
        "judgments_per_person": 40,
        "settled_level": 0.9,
    }


def test_an_estimate_makes_nothing(filled):
    told = filled("campaigns", "create", "Spring", "--prompt", "2", "--estimate", "--json")
    assert told.json["estimate"]["people"] == 3
    assert "campaign_id" not in told.json
    assert filled("campaigns", "list", "--json").json == []
    assert "No campaigns yet" in filled("campaigns", "list").out


def test_progress_is_listed_and_shown(filled, home):
    assert (
        "rank?campaign="
        in filled("campaigns", "create", "Spring", "--prompt", "2", "--mode", "battle").out
    )
    judged(home, LEFT, LEFT)
    (listed,) = filled("campaigns", "list", "--json").json
    assert (listed["judgments"], listed["annotators"], listed["prompts_done"]) == (2, 1, 0)
    assert "2 judgments by 1 annotators" in filled("campaigns", "list").out
    shown = filled("campaigns", "show", "Spring", "--json").json
    assert shown["by_annotator"][0]["person_name"] == "Ada"
    assert shown["by_prompt"][0]["pairs"] == 2
    assert len(shown["top"]["model_version_ids"]) == 3
    words = filled("campaigns", "show", "Spring").out
    assert "Ada (ada): 1 sessions" in words and "not settled at 90%" in words


def test_closing_and_reopening_with_a_note(filled, home):
    filled("campaigns", "create", "Spring", "--prompt", "2")
    closed = filled("campaigns", "close", "Spring", "--note", "enough", "--json")
    assert closed.json["state"] == "closed"
    assert filled("campaigns", "list", "--json").json[0]["state"] == "closed"
    assert "Spring is open" in filled("campaigns", "reopen", "Spring").out
    (row,) = filled(
        "sql", "select note from campaign_changes where state = 'closed'", "--json"
    ).json
    assert row == {"note": "enough"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("create", " ", "--prompt", "2"), "needs a name"),
        (("create", "Spring"), "a prompt or more"),
        (("create", "Spring", "--prompt", "77"), "two pictures to rank: 77"),
        (("create", "Spring", "--tag", "nope"), "has the tag “nope”"),
        (("create", "Spring", "--prompt", "2", "--mode", "duel"), "random, sort, battle"),
        (("create", "Spring", "--prompt", "2", "--mode", "duel", "--estimate"), "no mode “duel”"),
        (("create", "Spring", "--prompt", "2", "--checks", "0.9"), "share from 0 to 0.5"),
        (("create", "Spring", "--prompt", "2", "--people", "0"), "one person or more"),
        (("show", "Spring"), "no campaign named “Spring”"),
        (("close", "Spring"), "no campaign named “Spring”"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(filled, arguments, said):
    done = filled("campaigns", *arguments)
    assert done.code == 1
    assert said in done.err
    assert done.err.count("\n") == 1
    assert filled("campaigns", "list", "--json").json == []
