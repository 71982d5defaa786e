"""The stage of Rank: what the browser is told, what it may answer, and the plain mode."""

import json

import duckdb
import pytest

from core.sessions.session import Rules
from dashboard import ranking
from dashboard.components.rank import scene
from dashboard.components.rank.answers import take_answers
from dashboard.state.rank_stage import PLAIN
from tests.pages.apps import components, opened
from tests.ranking import ADA
from warehouse.database import open_warehouse
from warehouse.ranking_start import start_session

SESSION = "11111111-1111-4111-8111-111111111111"
LETTERS = "rank_stage.{}." + SESSION + ".{}"


def begun(mode, prompt_ids=(2,), **rules):
    """The first state of a session of the person at the screen."""
    ranking.begin(prompt_ids, mode=mode, rules=Rules(**rules), session_id=SESSION)
    return ranking.state(SESSION)


def answer(state, kind="vote", **more):
    """An answer as the browser sends it."""
    shown = [each["id"] for each in scene.scene(state)["pictures"]]
    told = {"id": f"{kind} {state.step}", "session": SESSION, "step": state.step, "kind": kind}
    return told | {"shown": shown, "ms": 900} | more


def stage(app):
    (data,) = components(app, "rank_stage")
    return data


def words(app):
    """Everything that is written on the page."""
    found = [*app.text, *app.caption, *app.markdown, *app.button, *app.error, *app.info]
    return "\n".join(getattr(each, "label", None) or str(each.value) for each in found)


def test_a_pair_is_told_without_anything_that_names_a_model(filled_home):
    state = begun("battle")
    data = stage(opened("rank", session=SESSION))
    assert data["mode"] == "battle" and data["step"] == 0 and not data["over"]
    assert data["far"] == "0 answered, 3 to 5 left"
    assert len(data["pictures"]) == 2 and all(each["src"] for each in data["pictures"])
    told = json.dumps(data)
    for image_id in scene.candidates(state):
        assert image_id not in told
    assert "Model" not in told and "-m1" not in told


def test_an_answer_is_taken_once_and_then_names_who_left(filled_home):
    state = begun("battle")
    left, right = state.screen.image_ids
    sent = answer(state, outcome="left")
    taken = take_answers(state, [sent])
    assert (taken.state.step, taken.refused, taken.reason) == (1, (), "")
    assert take_answers(state, [sent]).state.step == 1
    assert take_answers(taken.state, [sent, sent]) == taken
    event = taken.state.events[0]
    assert event.outcome == "left" and event.response_time_ms == 900
    assert event.shown_image_ids == (left, right)
    known = scene.pictures_of(taken.state, (left, right))
    told = scene.told(taken.state)
    assert told[0]["words"] == "Your answer: left is better"
    assert told[1] == {"words": "left stays, its model is told when it goes", "model": ""}
    assert told[2] == {"words": "right:", "model": scene.model_words(known[right])}
    assert scene.model_words(known[left]) not in json.dumps(scene.scene(taken.state))


def test_after_an_undo_no_model_is_named(filled_home):
    state = begun("battle")
    state = take_answers(state, [answer(state, outcome="right")]).state
    undo = answer(state, "undo", undoes=scene.scene(state)["undoable"])
    state = take_answers(state, [undo]).state
    assert [event.kind for event in state.events] == ["vote", "undo"]
    assert scene.scene(state)["undoable"] is None
    assert [part["model"] for part in scene.told(state)] == [""]


def test_a_late_answer_is_refused_with_the_present_state(filled_home):
    state = begun("battle")
    state_then = take_answers(state, [answer(state, outcome="left")]).state
    taken = take_answers(state_then, [answer(state, outcome="right")])
    assert taken.refused == ("vote 0",)
    assert "answered already" in taken.reason
    assert taken.state.step == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"step": "0"},
        {"step": True},
        {"step": None},
        {"step": 7},
        {"ms": -5},
        {"shown": ["0", "9999"]},
        {"shown": None},
        {"shown": ["p2-m1-s1", "p2-m2-s1"]},
        {"outcome": "up"},
        {"outcome": None},
        {"kind": "order", "ranked": ["0"], "rejected": []},
        {"kind": "dance"},
        {"kind": "undo"},
        {"kind": "comment", "comment": "  "},
        {"kind": "comment", "comment": "x" * 2001},
    ],
    ids=str,
)
def test_what_no_browser_should_send_is_refused_and_stores_nothing(filled_home, wrong):
    state = begun("battle")
    taken = take_answers(state, [answer(state, outcome="left") | wrong])
    assert len(taken.refused) == 1 and taken.reason
    assert ranking.state(SESSION).step == 0


def test_answers_of_another_session_and_junk_are_left_alone(filled_home):
    state = begun("battle")
    other = answer(state, outcome="left") | {"session": "another"}
    for junk in ([other], [None, 3, "x"], "x", None, {}):
        taken = take_answers(state, junk)
        assert (taken.state.step, taken.refused) == (0, ())


def test_an_order_is_stored_with_what_was_shown_and_rejected(filled_home):
    state = begun("sort")
    shown = state.screen.image_ids
    data = scene.scene(state)
    assert data["bin"] is True
    a, b, c, d = (each["id"] for each in data["pictures"])
    sent = answer(state, "order", ranked=[c, a, b], rejected=[d])
    (event,) = take_answers(state, [sent]).state.events
    assert event.shown_image_ids == shown
    assert event.ranked_image_ids == (shown[2], shown[0], shown[1])
    assert event.rejected_image_ids == (shown[3],)


def test_without_a_bin_nothing_can_be_rejected(filled_home):
    state = begun("sort", reject_bin=False)
    data = scene.scene(state)
    assert data["bin"] is False
    ids = [each["id"] for each in data["pictures"]]
    taken = take_answers(state, [answer(state, "order", ranked=ids[1:], rejected=ids[:1])])
    assert "no reject bin" in taken.reason


def test_a_picture_that_became_hidden_is_not_shown_and_only_skipped(filled_home):
    ranking.begin((2,), mode="battle", session_id=SESSION)
    hidden = ranking.state(SESSION).screen.image_ids[0]
    ranking.warehouse().close()
    ranking.warehouse.clear()
    with duckdb.connect(str(filled_home / "gemboard.duckdb")) as connection:
        connection.execute("update images set nsfw_score = 1 where image_id = ?", [hidden])
    data = stage(opened("rank", session=SESSION))
    assert data["pictures"][0]["src"] == data["pictures"][0]["small"] == ""
    assert "hidden" in data["pictures"][0]["note"]
    assert data["pictures"][1]["src"]
    plain = opened("rank", {PLAIN: True}, session=SESSION)
    assert "hidden" in words(plain)
    labels = [button.label for button in plain.button]
    assert "Skip" in labels and "A is better" not in labels
    plain.button(LETTERS.format("skip", 0)).click().run()
    assert ranking.state(SESSION).step == 1


def test_a_session_of_another_person_is_not_shown(filled_home):
    warehouse = open_warehouse(filled_home)
    start_session(warehouse, ADA, (2,), mode="battle", session_id=SESSION)
    warehouse.close()
    for plain in (False, True):
        app = opened("rank", {PLAIN: plain}, session=SESSION)
        assert not app.exception
        assert "belongs to somebody else" in app.error[0].value
        assert components(app, "rank_stage") == []
        assert "Sessions" in [button.label for button in app.button]


@pytest.mark.parametrize("settings", ["null", "{}", '{"seed": 1, "rules": {"nonsense": 1}}'])
def test_a_session_that_does_not_tell_its_rules_is_said_in_words(filled_home, settings):
    begun("battle")
    ranking.warehouse().close()
    ranking.warehouse.clear()
    with duckdb.connect(str(filled_home / "gemboard.duckdb")) as connection:
        connection.execute("update sessions set settings = ?", [settings])
    app = opened("rank", session=SESSION)
    assert not app.exception
    assert "cannot be gone on with" in app.error[0].value


def test_pictures_that_are_gone_leave_their_places(filled_home):
    begun("sort")
    ranking.warehouse().close()
    ranking.warehouse.clear()
    with duckdb.connect(str(filled_home / "gemboard.duckdb")) as connection:
        connection.execute("delete from images where prompt_id = 2")
    data = stage(opened("rank", session=SESSION))
    assert {each["note"] for each in data["pictures"]} == {scene.GONE}
    assert data["prompt"] == "Prompt 2"


def test_the_end_is_said_with_the_way_on(filled_home):
    state = begun("battle")
    while not state.is_over:
        state = take_answers(state, [answer(state, outcome="tie")]).state
    app = opened("rank", session=SESSION)
    data = stage(app)
    assert data["over"] and data["pictures"] == [] and data["share"] == 1
    assert "done" in data["far"]
    assert "All judged" in app.subheader[0].value
    assert "Another session" in [button.label for button in app.button]
    undo = answer(state, "undo", undoes=data["undoable"])
    assert not take_answers(state, [undo]).state.is_over


def test_checks_look_like_any_pair(filled_home):
    state = begun("battle", check_every=1, check_gap=1)
    keys = set()
    repeats = 0
    while not state.is_over:
        keys.add(tuple(scene.scene(state)))
        repeats += state.screen.repeats is not None
        assert "check" not in json.dumps(scene.scene(state))
        state = take_answers(state, [answer(state, outcome="left")]).state
    assert repeats and len(keys) == 1


def test_a_battle_in_plain_mode_stores_the_same_events(filled_home):
    state = begun("battle")
    app = opened("rank", {PLAIN: True}, session=SESSION)
    assert not app.exception
    assert components(app, "rank_stage") == []
    assert "Model" not in words(app)
    alts = [each.value.split("]")[0] for each in app.markdown if each.value.startswith("![")]
    assert alts == ["![Picture A", "![Picture B"]
    app.button(LETTERS.format("right", 0)).click().run()
    (event,) = ranking.state(SESSION).events
    assert event.outcome == "right"
    assert event.shown_image_ids == state.screen.image_ids
    assert event.response_time_ms is not None
    assert "Your answer: right is better" in words(app)
    app.button(LETTERS.format("undo", 1)).click().run()
    assert ranking.state(SESSION).answers == ()
    assert app.button(LETTERS.format("undo", 2)).disabled
    app.text_input(LETTERS.format("words", 2)).input("six fingers")
    app.button[-1].click().run()
    assert ranking.state(SESSION).events[-1].comment == "six fingers"
    assert not app.exception and not app.warning


def test_a_sorting_in_plain_mode_stores_the_order_shown_where_nobody_drags(filled_home):
    state = begun("sort")
    app = opened("rank", {PLAIN: True}, session=SESSION)
    app.button(LETTERS.format("order", 0)).click().run()
    (event,) = ranking.state(SESSION).events
    assert event.ranked_image_ids == state.screen.image_ids
    assert event.rejected_image_ids == ()
    app.button(LETTERS.format("skip", 1)).click().run()
    assert ranking.state(SESSION).is_over
    assert "All judged" in app.subheader[0].value


def test_a_late_plain_answer_is_told(filled_home):
    begun("battle")
    app = opened("rank", {PLAIN: True}, session=SESSION)
    state = ranking.state(SESSION)
    take_answers(state, [answer(state, outcome="left")])
    app.button(LETTERS.format("right", 0)).click().run()
    assert "answered already" in app.warning[0].value
    assert ranking.state(SESSION).step == 1


def test_time_left_is_told_in_words():
    assert scene.time_words(12, exact=True) == "less than a minute"
    assert scene.time_words(61, exact=True) == "about 2 min"
    assert scene.time_words(600, exact=False) == "at most 10 min"
