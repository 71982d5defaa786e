"""What a campaign asks for, told before: it holds when people do it."""

from math import ceil

import pytest

from core.sessions.session import Rules
from tests import seeding
from tests.ranking import LEFT, SKIP, begun, finished
from warehouse.campaign_estimates import Estimate, answers, estimate
from warehouse.campaign_plans import Plan
from warehouse.campaign_progress import campaign_progress, next_prompts
from warehouse.campaigns import create_campaign
from warehouse.database import open_in_memory
from warehouse.reads.ranking import prompts_to_rank
from warehouse.selections import Picker


@pytest.fixture
def filled(tmp_path):
    warehouse = open_in_memory(tmp_path)
    seeding.fill(warehouse)
    yield warehouse
    warehouse.close()


def done(warehouse, plan, mode, choice):
    """Judgments and sessions when people do all that is asked, and what was estimated."""
    campaign = create_campaign(warehouse, "Done", [1, 2, 3], person_id="max", mode=mode, plan=plan)
    counts = prompts_to_rank(warehouse)["pictures"].to_list()
    sessions = judgments = 0
    for number in range(30):
        person = Picker(f"p{number}", "P", "annotator")
        while next_prompts(warehouse, campaign, person_id=person.person_id).prompt_ids:
            state = begun(warehouse, person, "choose", campaign=campaign.campaign_id)
            judgments += len(finished(warehouse, state, choice).answers)
            sessions += 1
    far = campaign_progress(warehouse, campaign)
    assert far.share == 1
    people = sum(person.sessions > 0 for person in far.annotators)
    return judgments, sessions, people, estimate(plan, mode, counts)


PLANS = [
    Plan(people_per_prompt=2, prompts_per_session=1, pictures_per_prompt=4),
    Plan(people_per_prompt=1, prompts_per_session=3, judgments_per_pair=2.0, pictures_per_prompt=4),
    Plan(Rules(batch_size=2), people_per_prompt=3, prompts_per_session=2),
    Plan(Rules(pairing="information", comparisons=6), people_per_prompt=2),
    Plan(Rules(check_every=1, check_gap=1), people_per_prompt=2, prompts_per_session=3),
]


@pytest.mark.parametrize("mode", ["sort", "battle"])
@pytest.mark.parametrize("plan", PLANS)
def test_as_many_judgments_and_sessions_as_were_told(filled, plan, mode):
    judgments, sessions, people, told = done(filled, plan, mode, LEFT)
    assert told.fewest_judgments <= judgments <= told.most_judgments
    assert people >= told.people
    if mode == "sort":
        assert judgments == told.most_judgments
        assert sessions >= told.sessions


def test_skips_make_a_battle_as_short_as_was_told(filled):
    plan = Plan(people_per_prompt=1, pictures_per_prompt=4)
    counts = prompts_to_rank(filled)["pictures"].to_list()
    fewest = sum(answers("battle", [min(count, 4)], plan.rules)[0] for count in counts)
    state = begun(filled, prompt_ids=(1, 2, 3), rules=plan.rules)
    least, _ = answers("battle", [len(pool.image_ids) for pool in state.session.pools], plan.rules)
    assert len(finished(filled, state, SKIP).answers) == least
    assert estimate(plan, "battle", counts).fewest_judgments == fewest


def test_a_drawn_mode_spans_both():
    plan, counts = Plan(), [8, 8, 3]
    both = [estimate(plan, mode, counts) for mode in ("sort", "battle")]
    drawn = estimate(plan, "random", counts)
    assert drawn.fewest_judgments == min(told.fewest_judgments for told in both)
    assert drawn.most_judgments == max(told.most_judgments for told in both)
    assert (both[0].most_judgments, both[1].most_judgments) == (3 * (2 + 2 + 1), 3 * (7 + 7 + 2))


def test_who_gives_little_needs_more_people():
    few = estimate(Plan(judgments_per_person=10), "battle", [8] * 10)
    assert few.people == ceil(few.most_judgments / 10)
    assert estimate(Plan(), "battle", [8] * 10).people == 3


def test_attention_checks_come_on_top():
    plain = estimate(Plan(), "battle", [8] * 10)
    checked = estimate(Plan(Rules(check_every=9)), "battle", [8] * 10)
    assert checked.most_judgments == plain.most_judgments + plain.most_judgments // 9
    assert checked.fewest_judgments == plain.fewest_judgments


def test_nothing_to_rank_asks_for_nothing():
    assert estimate(Plan(), "random", []) == estimate(Plan(), "sort", [1]) == Estimate(0, 0, 0, 0)
