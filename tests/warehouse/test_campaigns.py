"""Campaigns: who is asked for what, when it is enough, and how annotators did."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import NotFoundError
from core.sessions.checks import Attention
from core.sessions.refusals import SessionError
from core.sessions.session import Rules
from tests import seeding
from tests.ranking import (
    ADA,
    BEN,
    BOTH_BAD,
    CAT,
    LEFT,
    RIGHT,
    SKIP,
    TIE,
    answered,
    begun,
    finished,
    sent,
    undo_of,
)
from warehouse import campaign_progress as progress
from warehouse import selections
from warehouse.campaign_plans import CampaignError, Plan, check_every_of, plan_of, plan_text
from warehouse.campaigns import (
    campaign_of,
    campaigns,
    close_campaign,
    create_campaign,
    reopen_campaign,
)
from warehouse.database import open_in_memory
from warehouse.judged_ratings import leaders
from warehouse.ranking import finish
from warehouse.ranking_start import NothingToRankError, start_session
from warehouse.selections import Picker

ONE_PROMPT = Plan(prompts_per_session=1, people_per_prompt=2)


@pytest.fixture
def filled(tmp_path):
    warehouse = open_in_memory(tmp_path)
    seeding.fill(warehouse)
    yield warehouse
    warehouse.close()


def campaign(warehouse, prompt_ids=(1, 2, 3), mode="battle", plan=ONE_PROMPT, name="First"):
    return create_campaign(warehouse, name, prompt_ids, person_id="max", mode=mode, plan=plan)


def offered(warehouse, asked, person):
    return progress.next_prompts(warehouse, asked, person_id=person.person_id)


def joined(warehouse, asked, person):
    """The first state of a session in the campaign."""
    return begun(warehouse, person, "choose", campaign=asked.campaign_id)


def per_prompt(warehouse, asked):
    rows = progress.campaign_progress(warehouse, asked).prompts
    return {row.prompt_id: row for row in rows}


def test_a_campaign_is_kept_as_it_was_asked_for(filled):
    plan = Plan(
        Rules(reject_bin=False, pairing="information", exploration=0.2, check_every=9),
        pictures_per_prompt=4,
        people_per_prompt=2,
        judgments_per_pair=1.5,
        judgments_per_person=40,
        settled_level=0.9,
    )
    assert plan_of(plan_text(plan)) == plan
    made = campaign(filled, (3, 1, 3), "random", plan, name=" Spring ")
    assert campaign_of(filled, made.campaign_id) == made
    assert (made.name, made.prompt_ids, made.mode) == ("Spring", (3, 1), "random")
    assert (made.plan, made.state, made.person_id) == (plan, "open", "max")
    assert filled.value("select action from audit where subject = 'Spring'") == "create campaign"


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "  "},
        {"name": "Taken"},
        {"prompt_ids": ()},
        {"prompt_ids": (1, 77)},
        {"mode": "duel"},
    ],
)
def test_a_campaign_that_cannot_be_is_refused_and_leaves_nothing(filled, asked):
    campaign(filled, name="Taken")
    with pytest.raises(CampaignError):
        campaign(filled, **asked)
    assert [each.name for each in campaigns(filled)] == ["Taken"]


@pytest.mark.parametrize(
    "asked",
    [
        {"pictures_per_prompt": 1},
        {"people_per_prompt": 0},
        {"judgments_per_pair": -1.0},
        {"judgments_per_person": -2},
        {"settled_level": 1.0},
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(asked):
    with pytest.raises(CampaignError):
        Plan(**asked)


def test_a_share_of_checks_becomes_answers_between_them():
    assert [check_every_of(share) for share in (0, 0.1, 0.25, 0.5)] == [0, 9, 3, 1]
    with pytest.raises(CampaignError):
        check_every_of(0.6)


def test_a_closed_campaign_starts_nothing_and_what_began_can_be_ended(filled):
    asked = campaign(filled)
    state = joined(filled, asked, ADA)
    for _ in range(2):
        close_campaign(filled, asked.campaign_id, person_id="max", note="enough")
    assert campaign_of(filled, asked.campaign_id).state == "closed"
    with pytest.raises(NothingToRankError, match="closed"):
        joined(filled, asked, BEN)
    assert finished(filled, state).is_over
    reopen_campaign(filled, asked.campaign_id, person_id="max")
    joined(filled, asked, BEN)
    changes = filled.select("select state, note from campaign_changes order by change_id").rows()
    assert changes == [("open", None), ("closed", "enough"), ("open", None)]
    with pytest.raises(NotFoundError):
        close_campaign(filled, "nowhere", person_id="max")


def test_mode_and_rules_are_the_campaigns(filled):
    asked = campaign(filled, mode="sort", plan=Plan(Rules(batch_size=3), pictures_per_prompt=4))
    session = joined(filled, asked, ADA).session
    assert (session.mode, session.rules.batch_size) == ("sort", 3)
    assert {len(pool.image_ids) for pool in session.pools} == {4}
    assert session.campaign == asked.campaign_id
    with pytest.raises(SessionError):
        start_session(filled, BEN, campaign=asked.campaign_id, mode="battle")
    free = start_session(filled, ADA, [1])
    assert (
        filled.value(
            "select settings ->> 'mode_from' from sessions where session_id = $id",
            {"id": free.session_id},
        )
        == "chance"
    ), "a campaign's mode is no mode of the person's own"


def test_everybody_ranks_the_same_pictures_in_a_campaign(filled):
    asked = campaign(filled, (2,), plan=Plan(pictures_per_prompt=3))
    selections.pick(filled, ADA, ["p2-m5-s1", "p2-m4-s1"], page="explore")
    pools = [joined(filled, asked, person).session.pools for person in (ADA, BEN)]
    assert pools[0] == pools[1]
    assert len(pools[0][0].image_ids) == 3


def test_the_overlap_is_met_and_not_overshot(filled):
    asked = campaign(filled, (1, 2))
    for person in (ADA, BEN, ADA, BEN):
        finished(filled, joined(filled, asked, person))
    found = per_prompt(filled, asked)
    assert {prompt: row.people for prompt, row in found.items()} == {1: 2, 2: 2}
    assert all(row.is_enough for row in found.values())
    assert progress.campaign_progress(filled, asked).share == 1
    assert offered(filled, asked, CAT).prompt_ids == ()
    with pytest.raises(NothingToRankError, match="ranked"):
        joined(filled, asked, CAT)


def test_who_began_holds_a_prompt_for_a_day_and_not_when_they_gave_up(filled, monkeypatch):
    asked = campaign(filled, (2,))
    state = joined(filled, asked, ADA)
    joined(filled, asked, BEN)
    row = per_prompt(filled, asked)[2]
    assert (row.people, row.holding, row.is_enough) == (0, 2, False)
    assert offered(filled, asked, CAT).prompt_ids == ()
    assert offered(filled, asked, ADA).prompt_ids == (), "to be gone on with, not begun again"
    finish(filled, state.session.session_id, person_id="ada")
    assert offered(filled, asked, CAT).prompt_ids == (2,)
    monkeypatch.setattr(progress, "HELD", timedelta(0))
    assert per_prompt(filled, asked)[2].holding == 0


def test_prompts_of_fewest_people_come_first(filled):
    asked = campaign(filled, plan=replace(ONE_PROMPT, people_per_prompt=3))
    first = finished(filled, joined(filled, asked, ADA)).session.pools[0].prompt_id
    second = finished(filled, joined(filled, asked, BEN)).session.pools[0].prompt_id
    assert second != first
    assert offered(filled, asked, CAT).prompt_ids[0] not in (first, second)
    assert set(offered(filled, asked, ADA).prompt_ids) == {1, 2, 3} - {first}
    with pytest.raises(NothingToRankError):
        start_session(filled, ADA, [first], campaign=asked.campaign_id)


def test_judgments_that_are_wanted_keep_a_prompt_open_beyond_the_overlap(filled):
    plan = replace(ONE_PROMPT, people_per_prompt=1, judgments_per_pair=0.9, pictures_per_prompt=4)
    asked = campaign(filled, (2,), plan=plan)
    answered(filled, joined(filled, asked, ADA), LEFT, TIE, LEFT)
    row = per_prompt(filled, asked)[2]
    assert (row.people, row.judgments, row.pairs, row.is_enough) == (1, 3, 3, False)
    assert row.pairs_wanted == pytest.approx(0.9 * 6)
    finished(filled, joined(filled, asked, BEN))
    assert per_prompt(filled, asked)[2].is_enough


def test_who_gave_all_their_judgments_is_asked_no_more(filled):
    asked = campaign(filled, plan=replace(ONE_PROMPT, judgments_per_person=3))
    finished(filled, joined(filled, asked, ADA))
    assert "all 3" in offered(filled, asked, ADA).reason
    assert offered(filled, asked, BEN).prompt_ids


def test_undone_answers_skips_and_checks_are_no_judgments(filled):
    plan = replace(ONE_PROMPT, rules=Rules(check_every=2, check_gap=1))
    asked = campaign(filled, (2,), plan=plan)
    state = answered(filled, joined(filled, asked, ADA), LEFT)
    state = sent(filled, state, undo_of(state))
    state = answered(filled, state, LEFT, SKIP, LEFT, LEFT, LEFT, LEFT)
    checks = sum(screen.repeats is not None for screen in state.shown)
    assert checks
    row = per_prompt(filled, asked)[2]
    assert row.judgments == len(state.judgments) - checks
    (person,) = progress.campaign_progress(filled, asked).annotators
    assert (person.person_id, person.person_name, person.sessions) == ("ada", "Ada", 1)
    assert (person.judgments, person.skips, person.prompts) == (row.judgments, 1, 1)
    assert person.response_time_ms is not None


def test_a_sorted_batch_is_one_judgment_of_its_pairs(filled):
    asked = campaign(filled, (2,), mode="sort", plan=replace(ONE_PROMPT, pictures_per_prompt=4))
    answered(filled, joined(filled, asked, ADA), 0)
    answered(filled, joined(filled, asked, BEN), 2)
    row = per_prompt(filled, asked)[2]
    assert (row.judgments, row.pairs) == (2, 6 + 5), "two rejected pictures are no pair"


@pytest.mark.parametrize("answers", [(LEFT,), (LEFT, RIGHT), (LEFT, RIGHT, TIE, BOTH_BAD, SKIP)])
def test_attention_is_what_the_rules_say(filled, answers):
    plan = Plan(Rules(check_every=1, check_gap=1), people_per_prompt=2)
    asked = campaign(filled, plan=plan)
    state = joined(filled, asked, ADA)
    number = 0
    while not state.is_over:
        state = answered(filled, state, answers[number % len(answers)])
        number += 1
    (person,) = progress.campaign_progress(filled, asked).annotators
    assert person.attention == state.attention
    assert person.attention.asked > 0
    assert person.attention != Attention(0, 0, 0)


def test_the_top_three_are_settled_when_judgments_say_so_and_then_it_stops(filled):
    plan = replace(ONE_PROMPT, people_per_prompt=99, settled_level=0.9)
    asked = campaign(filled, plan=plan)
    assert leaders(filled, asked.campaign_id) is None
    people = [Picker(f"p{number}", f"P {number}", "annotator") for number in range(40)]
    models = dict(filled.select("select image_id, model_version_id from images").iter_rows())
    for person in people:
        if not offered(filled, asked, person).prompt_ids:
            break
        state = joined(filled, asked, person)
        while not state.is_over:
            left, right = (models[image_id] for image_id in state.screen.image_ids)
            state = answered(filled, state, TIE if left == right else int(left < right))
    else:
        pytest.fail("it was never settled")
    assert "settled at 90%" in offered(filled, asked, CAT).reason
    best = leaders(filled, asked.campaign_id)
    assert best.model_version_ids == (5, 4, 3)
    assert best.top.is_settled(0.9)
    assert best.judgments == filled.value("select count(*) from judgments")


def test_simulated_annotators_count_among_themselves(filled):
    with filled.transaction() as cursor:
        for number in range(3):
            cursor.execute(
                "insert into people values ($id, 'Bot', 'annotator', true, now())",
                {"id": f"bot{number}"},
            )
    asked = campaign(filled, (2,))
    for number in range(2):
        finished(filled, joined(filled, asked, Picker(f"bot{number}", "Bot", "annotator")))
    assert per_prompt(filled, asked)[2].people == 0
    assert offered(filled, asked, ADA).prompt_ids == (2,)
    with_bots = progress.campaign_progress(filled, asked, with_simulated=True)
    assert with_bots.prompts[0].people == 2
    with pytest.raises(NothingToRankError):
        joined(filled, asked, Picker("bot2", "Bot", "annotator"))
