"""The lobby of Rank: go on, campaigns, three ways to begin, and who may not."""

import duckdb
import polars as pl
import pytest

from core.errors import NotAllowedError
from dashboard import campaigns, ranking, selection
from dashboard.access import LOCAL_PERSON, Role
from dashboard.components.notices import literal
from dashboard.components.rank import lobby_start, prompt_picker
from dashboard.components.rank.beginning import begin
from dashboard.resources import warehouse
from dashboard.state import rank as state
from dashboard.state.rank import RankLink
from tests.pages.apps import opened
from tests.pages.campaigns import HOSTILE_NAME, as_person, keyed, with_campaign, words
from tests.ranking import LEFT, answer_to, begun, finished
from tests.seeding import HIDDEN_ID
from warehouse import selections
from warehouse.campaign_plans import Plan
from warehouse.database import open_warehouse
from warehouse.selections import Picker

ME = Picker(LOCAL_PERSON.person_id, LOCAL_PERSON.name, "maintainer")


def done(home, work):
    """Do `work` to the warehouse while no dashboard holds it."""
    opened_here = open_warehouse(home)
    try:
        return work(opened_here)
    finally:
        opened_here.close()


def started(app, what):
    """The app after a click on Start."""
    (button,) = keyed(app.button, f"rank.start.{what}")
    return button.click().run()


def sessions():
    return warehouse().select("select * from sessions order by created_at")


def way(app, value):
    return next(g for g in app.button_group if g.key == state.RANK_WAY).set_value(value).run()


def test_choose_for_me_says_how_and_begins_a_session_that_the_address_names(filled_home):
    app = opened("rank")
    assert "judged least" in words(app)
    assert "drawn by chance when you begin" in words(app)
    app = started(app, "choose")
    assert not app.exception and not app.error
    (session_id,) = sessions()["session_id"]
    assert app.query_params["session"] == [session_id] or app.query_params["session"] == session_id
    assert app.session_state[state.RANK_SHOWN] == RankLink(session_id)


def test_starting_twice_begins_one_session(filled_home):
    app = opened("rank")
    (button,) = keyed(app.button, "rank.start.choose")
    again = opened("rank", {state.RANK_NEXT: button.key.removeprefix("rank.start.choose.")})
    started(app, "choose")
    started(again, "choose")
    assert sessions().height == 1
    assert state.RANK_NEXT not in app.session_state, "the next Start begins another one"


def test_the_picks_are_counted_and_filled_up_prompt_by_prompt(filled_home):
    done(
        filled_home,
        lambda at: selections.pick(at, ME, ["p2-m2-s1", "p1-m2-s1", "p2-m3-s1"], page="explore"),
    )
    app = opened("rank")
    assert "the prompts of your 3 picks" in words(app)
    (table,) = (found.value for found in app.dataframe)
    assert list(table["Your picks"]) == [2, 1]
    assert list(table["Pictures"]) == [6, 4], "all but the hidden one and the one without a file"
    assert "GEMRec default" in words(app) and "8 is Gemboard" in words(app)
    started(app, "picks")
    (row,) = sessions().rows(named=True)
    assert row["prompt_ids"] == [2, 1]
    assert len(row["candidate_image_ids"]) == 10
    assert HIDDEN_ID not in row["candidate_image_ids"]


def test_more_picks_than_the_fewest_all_take_part(filled_home, monkeypatch):
    monkeypatch.setattr(lobby_start, "FEWEST", 3)
    picks = ["p2-m2-s1", "p2-m3-s1", "p2-m4-s1", "p2-m5-s1"]
    done(filled_home, lambda at: selections.pick(at, ME, [*picks, "p1-m2-s1"], page="explore"))
    (table,) = (found.value for found in opened("rank").dataframe)
    assert list(table["Pictures"]) == [4, 3]


def test_an_empty_basket_says_where_to_pick(filled_home):
    app = way(opened("rank"), "picks")
    assert "Your selection is empty" in words(app)
    assert "Pick pictures" in {link.label for link in app.get("page_link")}


def test_picks_are_proposed_once_there_are_some(filled_home):
    app = opened("rank")
    assert app.session_state[state.RANK_WAY] == "choose"
    selection.pick(["p1-m2-s1"], "explore")
    again = opened("rank", {state.RANK_PICKED: False, state.RANK_WAY: "choose"})
    assert again.session_state[state.RANK_WAY] == "picks"


def test_prompts_are_ranked_in_the_order_of_ticking(filled_home):
    app = way(opened("rank"), "prompts")
    (start,) = keyed(app.button, "rank.start.prompts")
    assert start.disabled
    ticks = next(found for found in app.multiselect if found.key == state.RANK_PROMPTS)
    app = ticks.set_value([3, 1]).run()
    assert not app.exception
    started(app, "prompts")
    assert sessions()["prompt_ids"].to_list() == [[3, 1]]


def test_prompts_are_ranked_in_the_order_they_are_dragged_into(filled_home, monkeypatch):
    monkeypatch.setattr(prompt_picker, "sort_items", lambda items, **_: items[::-1])
    app = opened("rank", {state.RANK_WAY: "prompts", state.RANK_PICKED: False})
    ticks = next(found for found in app.multiselect if found.key == state.RANK_PROMPTS)
    app = ticks.set_value([3, 1]).run()
    assert app.session_state[state.RANK_ORDER] == [1, 3]
    app = next(f for f in app.multiselect if f.key == state.RANK_PROMPTS).set_value([3, 1, 2]).run()
    assert app.session_state[state.RANK_ORDER] == [2, 3, 1], "dragged from 1, 3, 2"
    started(app, "prompts")
    assert sessions()["prompt_ids"].to_list() == [[2, 3, 1]]


def test_an_open_session_is_gone_on_with_or_ended(filled_home):
    def work(at):
        begun_here = begun(at, ME, (2, 1, 3))
        finished(at, begun(at, ME, (1,), mode="sort"))
        return begun_here.session.session_id

    session_id = done(filled_home, work)
    app = opened("rank")
    (resume,) = keyed(app.button, "rank.resume")
    assert resume.key.endswith(session_id)
    assert "3 prompts: " in words(app) and "and 1 more" in words(app)
    assert "left" in str(app.get("progress")[0].proto.text)
    assert "finished" in words(app)
    assert resume.click().run().session_state[state.RANK_SHOWN] == RankLink(session_id)
    app = opened("rank")
    app = keyed(app.button, "rank.end")[0].click().run()
    assert not keyed(app.button, "rank.resume")
    assert "ended early" in words(app)
    (again,) = keyed(app.button, "rank.reopen")
    assert again.key.endswith(session_id)


def test_past_sessions_lead_to_their_summary(filled_home):
    session_id = done(filled_home, lambda at: finished(at, begun(at, ME, (1,)))).session.session_id
    links = [link for link in opened("rank").get("page_link") if link.label == "Summary"]
    assert [link.proto.query_string for link in links] == [f"session={session_id}"]


def test_a_session_made_elsewhere_is_listed_and_not_gone_on_with(filled_home):
    with duckdb.connect(str(filled_home / "gemboard.duckdb")) as connection:
        connection.execute(
            "insert into sessions (session_id, person_id, mode, prompt_ids, candidate_image_ids, "
            "profile, settings, simulated) values ('elsewhere', 'local', 'sort', [1], ['x', 'y'], "
            "'none', '{}', false)"
        )
    app = opened("rank")
    assert not app.exception
    assert "not by Rank" in words(app)
    assert not keyed(app.button, "rank.resume") and not keyed(app.button, "rank.reopen")


def test_the_mode_of_the_first_session_is_kept_and_said(filled_home):
    app = started(opened("rank"), "choose")
    mode = sessions()["mode"][0]
    app = opened("rank")
    assert f"Your mode is **{'drag and sort' if mode == 'sort' else 'battle'}**" in words(app)
    ticks = next(
        found for found in way(app, "prompts").multiselect if found.key == state.RANK_PROMPTS
    )
    said = words(ticks.set_value([2]).run())
    assert ("batches to sort" if mode == "sort" else "answers") in said


def test_campaigns_tell_what_is_left_and_start(filled_home):
    campaign_id = with_campaign(filled_home, name=HOSTILE_NAME)
    app = opened("rank")
    assert f"**{literal(HOSTILE_NAME)}**" in words(app)
    assert "2 prompts left for you" in words(app) and "as its maintainer set it" in words(app)
    app = started(app, campaign_id)
    assert not app.exception
    assert sessions().select("campaign", "mode").rows() == [(campaign_id, "battle")]
    said = words(opened("rank"))
    assert "in a session of yours" in said, "it holds the prompts"


def test_a_link_opens_the_lobby_at_its_campaign_even_when_closed(filled_home):
    first = with_campaign(filled_home, name="First")
    with_campaign(filled_home, name="Second")
    app = opened("rank", campaign=first)
    told = words(app)
    assert told.index("First") < told.index("Second")
    campaigns.close(first)
    app = opened("rank", campaign=first)
    assert "is closed" in words(app)
    assert "First" not in words(opened("rank"))


def test_the_sentence_on_the_top_three_reaches_annotators(filled_home):
    plan = Plan(people_per_prompt=9, settled_level=0.5)
    with_campaign(filled_home, *[LEFT] * 20, prompts=(1, 2, 3), plan=plan)
    with duckdb.connect(str(filled_home / "gemboard.duckdb")) as connection:
        for number in range(400):  # the same votes of many
            connection.execute(
                "insert into judgments by name select * replace ("
                "judgment_id || $n as judgment_id, idempotency_key || $n as idempotency_key, "
                "step + 1000 * $m as step) from judgments where step < 1000",
                {"n": f"-{number}", "m": number + 1},
            )
    assert "top three models are settled at 50%" in words(opened("rank"))


@pytest.mark.parametrize("asked", [{"session": "not-an-id"}, {"campaign": "<b>"}])
def test_what_a_link_cannot_mean_is_said(filled_home, asked):
    app = opened("rank", **asked)
    assert not app.exception
    assert "names no" in app.warning[0].value


def test_a_link_to_a_campaign_that_is_gone_is_said(filled_home):
    app = opened("rank", campaign="0" * 8 + "-0000-0000-0000-" + "0" * 12)
    assert "not in this warehouse" in app.warning[0].value


def test_the_address_alone_is_the_lobby_again(filled_home, monkeypatch):
    monkeypatch.setattr("dashboard.rank_address.OLD_ADDRESS_S", 0.0)
    app = started(opened("rank"), "choose")
    app.query_params.clear()
    app = app.run()
    assert keyed(app.button, "rank.resume")


def test_an_old_address_does_not_close_a_session_that_just_began(filled_home):
    app = started(opened("rank"), "choose")
    app.query_params.clear()
    app = app.run()
    assert not keyed(app.button, "rank.resume")
    assert "session" in app.query_params


def test_a_viewer_looks_and_begins_nothing(filled_home, monkeypatch):
    with_campaign(filled_home)
    as_person(monkeypatch, Role.VIEWER)
    app = opened("rank")
    assert not app.exception and not app.error
    assert "role annotator" in " ".join(str(m.value) for m in app.markdown)
    assert not keyed(app.button, "rank.start")
    with pytest.raises(NotAllowedError):
        ranking.begin()
    begin("0" * 8 + "-0000-0000-0000-" + "0" * 12, None, None)
    assert sessions().is_empty()


def test_an_error_of_a_start_is_said_once(filled_home):
    app = opened("rank")
    (button,) = keyed(app.button, "rank.start.choose")
    with warehouse().transaction() as cursor:
        cursor.execute("update images set nsfw_score = 1")
    app = button.click().run()
    assert not app.exception
    assert "two pictures" in app.error[0].value
    assert not app.run().error


def test_an_answer_shows_in_the_lobby_at_once(filled_home):
    app = started(opened("rank"), "choose")
    (session_id,) = sessions()["session_id"]
    ranking.record(session_id, answer_to(ranking.state(session_id)))
    app = opened("rank")
    assert "1 answer given" in str(app.get("progress")[0].proto.text)


def test_rank_these_leaves_a_session_for_the_picks(filled_home):
    done(filled_home, lambda at: selections.pick(at, ME, ["p1-m2-s1"], page="explore"))
    app = started(opened("rank", {state.RANK_WAY: "choose", state.RANK_PICKED: True}), "choose")
    (link,) = [link for link in app.get("page_link") if link.label == "Rank these"]
    assert link.proto.query_string == "start=picks"
    app.query_params.clear()
    app.query_params["start"] = "picks"
    app = app.run()
    assert keyed(app.button, "rank.start.picks") and keyed(app.button, "rank.resume")


def test_alike_prompts_are_told_apart_where_they_are_ordered():
    prompts = pl.DataFrame({"prompt_id": [1, 2, 3], "prompt": ["a fox", "a fox", "a tree"]})
    items = prompt_picker._items(prompts, [3, 2, 1])
    assert items == {"a tree": 3, "a fox (prompt 2)": 2, "a fox (prompt 1)": 1}
