"""Beginning a session: which pictures, which prompts, which mode."""

from collections import Counter

import pytest

from core.errors import NotFoundError
from core.sessions.session import Rules
from tests import seeding
from tests.ranking import ADA, BEN, LEFT, answered, begun, finished
from tests.seeding import HIDDEN_ID, UNSCORED_ID
from warehouse import ranking_start, selections
from warehouse.database import open_in_memory
from warehouse.ranking import OthersSessionError
from warehouse.ranking_start import NothingToRankError, chosen_prompts, start_session
from warehouse.selections import Picker


@pytest.fixture
def filled(tmp_path):
    warehouse = open_in_memory(tmp_path)
    seeding.fill(warehouse, seeds=4)
    yield warehouse
    warehouse.close()


def pool(warehouse, person=ADA, prompt_id=1, mode="battle", **options):
    session = start_session(warehouse, person, [prompt_id], mode=mode, **options)
    return session.pools[0].image_ids


def gre_of(warehouse, image_ids):
    known = dict(warehouse.select("select image_id, gre from image_scores").iter_rows())
    return [known[image_id] for image_id in image_ids if known[image_id] is not None]


def make_real(warehouse, *image_ids):
    with warehouse.transaction() as cursor:
        cursor.execute(
            "update images set simulated = false where image_id in (select unnest($ids))",
            {"ids": list(image_ids)},
        )


def test_picks_are_filled_up_with_the_best_in_the_order_of_the_mode(filled, monkeypatch):
    monkeypatch.setattr(ranking_start, "FEWEST", 2)
    best = [
        row[0]
        for row in filled.select(
            "select arg_max(image_id, gre) from image_scores inner join images using (image_id) "
            "where image_scores.prompt_id = 1 and gre is not null and path is not null "
            "group by images.model_version_id order by max(gre) desc"
        ).iter_rows()
    ]
    selections.pick(filled, ADA, [best[-1], "p2-m2-s1", HIDDEN_ID], page="explore")
    expected = [best[0], best[-1]]
    assert pool(filled, mode="sort") == tuple(expected)
    assert pool(filled) == tuple(expected[::-1])
    assert pool(filled, BEN) == tuple(best[1::-1]), "nobody ranks another's picks"


def test_hidden_pictures_never_take_part_and_unscored_ones_come_last(filled):
    selections.pick(filled, ADA, ["p1-m2-s1"], page="explore")
    with filled.transaction() as cursor:
        cursor.execute("update images set nsfw_score = 0.99 where image_id = 'p1-m2-s1'")
    pictures = pool(filled)
    assert {HIDDEN_ID, "p1-m2-s1"} & set(pictures) == set()
    assert pictures[-1] == UNSCORED_ID
    scores = gre_of(filled, pictures)
    assert scores == sorted(scores)


def test_drawn_pictures_stand_among_real_ones_only_when_picked_or_asked_for(filled):
    make_real(filled, "p1-m2-s1", "p1-m3-s1")
    assert set(pool(filled)) == {"p1-m2-s1", "p1-m3-s1"}
    selections.pick(filled, ADA, ["p1-m5-s1"], page="explore")
    assert set(pool(filled)) == {"p1-m2-s1", "p1-m3-s1", "p1-m5-s1"}
    assert len(pool(filled, with_simulated=True)) > 3
    assert len(pool(filled, prompt_id=2)) > 2, "a prompt of drawn pictures alone"


def test_the_session_is_stored_with_all_that_decides_it(filled):
    rules = Rules(pairing="information", check_every=3)
    session = start_session(filled, ADA, [3, 1], mode="battle", rules=rules)
    assert [each.prompt_id for each in session.pools] == [3, 1]
    assert (session.rules, session.profile, session.simulated) == (rules, "GEMRec default", False)
    assert filled.value("select name from people where person_id = 'ada'") == "Ada"
    assert filled.value("select settings ->> 'mode_from' from sessions") == "asked"
    assert filled.value("select count(*) from sessions") == 1


def test_the_same_id_again_begins_nothing_new(filled):
    first = start_session(filled, ADA, [1], session_id="one click")
    assert start_session(filled, ADA, [2], session_id="one click") == first
    assert filled.value("select count(*) from sessions") == 1
    with pytest.raises(OthersSessionError):
        start_session(filled, BEN, [1], session_id="one click")


def test_what_cannot_be_ranked_is_left_out_or_named(filled, tmp_path):
    with filled.transaction() as cursor:
        cursor.execute("update images set nsfw_score = 0.99 where prompt_id = 2")
    session = start_session(filled, ADA, [2, 3], mode="sort")
    assert [each.prompt_id for each in session.pools] == [3]
    with pytest.raises(NothingToRankError):
        start_session(filled, ADA, [2])
    with pytest.raises(NotFoundError, match="77"):
        start_session(filled, ADA, [1, 77])
    empty = open_in_memory(tmp_path)
    with pytest.raises(NothingToRankError):
        start_session(empty, ADA)
    empty.close()


def test_modes_are_balanced_over_people_and_kept(filled):
    people = [Picker(f"p{number}", f"P {number}", "annotator") for number in range(8)]
    modes = {}
    for person in people:
        modes[person] = start_session(filled, person, [1]).mode
    assert Counter(modes.values()) == {"sort": 4, "battle": 4}
    start_session(filled, people[0], [2], mode="sort")
    start_session(filled, people[0], [2], mode="battle")
    for person in people:
        assert start_session(filled, person, [2]).mode == modes[person]
    assert filled.value(
        "select count(*) from sessions where settings ->> 'mode_from' = 'chance'"
    ) == len(people)


def test_choose_for_me_takes_what_was_judged_least(filled):
    seen = Counter(chosen_prompts(filled, "ada", seed, count=1)[0] for seed in range(30))
    assert set(seen) == {1, 2, 3}, "chance decides between equal ones"
    assert chosen_prompts(filled, "ada", 5) == chosen_prompts(filled, "ada", 5)
    answered(filled, begun(filled, BEN, prompt_ids=[2]), LEFT, LEFT)
    answered(filled, begun(filled, BEN, prompt_ids=[3]), LEFT)
    assert chosen_prompts(filled, "ada", 5) == [1, 3, 2]
    answered(filled, begun(filled, ADA, prompt_ids=[1]), LEFT)
    assert chosen_prompts(filled, "ada", 5) == [3, 2, 1], "one's own come last"
    assert [each.prompt_id for each in start_session(filled, ADA).pools] == [3, 2, 1]


def test_prompts_with_real_pictures_are_chosen_first(filled):
    make_real(filled, "p2-m2-s1", "p2-m3-s1")
    assert chosen_prompts(filled, "ada", 1) == [2]
    assert len(chosen_prompts(filled, "ada", 1, with_simulated=True)) == 3


def test_pairs_by_information_start_from_what_others_judged(filled):
    rules = Rules(pairing="information")
    assert begun(filled, rules=rules).session.pools[0].ratings is None
    over = finished(filled, begun(filled, BEN, prompt_ids=[2]))
    state = begun(filled, rules=rules, prompt_ids=[2, 3])
    known, unknown = state.session.pools
    assert unknown.ratings is None
    means = dict(zip(known.image_ids, known.ratings.means, strict=True))
    best = over.answers[-1].shown_image_ids[0]
    assert means[best] > 0
    assert min(means.values()) < 0
    again = begun(filled, rules=rules, session_id=state.session.session_id)
    assert again.session == state.session, "kept with the session"


def test_sessions_of_simulated_people_are_marked_and_count_for_nobody_else(filled):
    with filled.transaction() as cursor:
        cursor.execute("insert into people values ('bot', 'Bot', 'annotator', true, now())")
    bot = Picker("bot", "Bot", "annotator")
    state = finished(filled, begun(filled, bot, prompt_ids=[2]))
    assert state.session.simulated
    assert filled.value("select bool_and(simulated) from judgments")
    rules = Rules(pairing="information")
    assert begun(filled, ADA, rules=rules).session.pools[0].ratings is None
    assert begun(filled, bot, rules=rules).session.pools[0].ratings is not None
    first = chosen_prompts(filled, "ada", 5)
    assert set(first) == {1, 2, 3}
    assert chosen_prompts(filled, "ada", 5, with_simulated=True)[-1] == 2
