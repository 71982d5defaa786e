"""Leaderboard: from no judgment to many, each method, votes behind it, links, files, names."""

import json
import re
from datetime import date

import pytest
import streamlit as st

from core.leaderboards.board import PROVISIONAL
from dashboard import access, summaries
from dashboard.access import LOCAL_PERSON, Person, Role
from dashboard.components.leaderboard import downloads, names
from dashboard.state import leaderboard as state
from dashboard.state import simulated
from tests.judging import judge, judge_grid
from tests.pages.apps import components, opened
from tests.pages.test_summary import changed, frame, headings, picker, words
from tests.seeding import HIDDEN_ID, HOSTILE_MODEL, HOSTILE_PROMPTS
from warehouse.database import open_warehouse
from warehouse.leaderboards import METHODS, Slice, judged

ONE, TWO, THREE, FOUR = "p1-m1-s2", "p1-m2-s1", "p1-m3-s1", "p1-m4-s1"
OTHERS = ("p2-m4-s1", "p2-m5-s1")


def lines(app, place=0):
    return components(app, "rated_models")[place]["lines"]


def listed(app):
    return components(app, "vote_list")[0]


def several(warehouse):
    """Votes with a tie and both bad, and an order with a rejected picture."""
    judge(warehouse, "vote", [ONE, TWO], outcome="left")
    judge(warehouse, "vote", [TWO, ONE], outcome="left", person="bob")
    judge(warehouse, "vote", [ONE, THREE], outcome="tie")
    judge(warehouse, "vote", [ONE, THREE], outcome="both_bad")
    judge(warehouse, "order", [ONE, TWO, THREE], ranked_image_ids=[THREE, ONE],
          rejected_image_ids=[TWO], person="bob")  # fmt: skip
    judge(warehouse, "vote", ["p2-m1-s1", "p2-m2-s1"], outcome="right", prompt_id=2)


def shown_texts(app):
    """All that a person can read of numbers."""
    parts = [json.dumps(data) for name in ("rated_models", "vote_list", "heat_map")
             for data in components(app, name)]  # fmt: skip
    return "\n".join([words(app), *parts, *(str(metric.value) for metric in app.metric)])


def test_without_judgments_it_leads_to_rank(filled_home):
    app = opened("leaderboard")
    assert headings(app) == ["No judgments yet"]
    assert not app.exception and not app.error
    assert any("Rank some pictures" in str(link.proto) for link in app.get("page_link"))
    assert "switch" not in words(app)


def test_simulated_judgments_count_with_the_switch_alone_and_are_marked(filled_home):
    changed(filled_home, lambda warehouse: judge_grid(warehouse, simulated=True))
    app = opened("leaderboard")
    assert headings(app) == ["No judgments yet"] and "switch above" in words(app)
    app = opened("leaderboard", {simulated.SHOWN: True})
    assert len(lines(app)) == 5
    assert re.search(r"simulated: (\d+) of \1 judgments", words(app))


def test_simulated_judgments_beside_real_ones_count_only_when_asked_for(filled_home):
    def work(warehouse):
        several(warehouse)
        judge_grid(warehouse, simulated=True)

    changed(filled_home, work)
    app = opened("leaderboard")
    assert "simulated" not in words(app) and "5 judgments by 2 people" in words(app)
    app = opened("leaderboard", {simulated.SHOWN: True})
    real, marked = 5, int(re.search(r"simulated: (\d+) of", words(app)).group(1))
    assert f"{real + marked} judgments by 2 people" in words(app)
    assert any(vote["simulated"] for vote in listed(
        opened("leaderboard", {simulated.SHOWN: True}, votes="1"))["votes"])  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
def test_each_method_gives_a_board_without_nan_or_infinity(filled_home, method):
    changed(filled_home, several)
    app = opened("leaderboard", method=method)
    assert not app.exception and not app.error and not app.warning
    assert len(lines(app)) == 3
    assert [line["rank"] for line in lines(app)] == ["1–3"] * 3
    assert all(line["rating"].endswith("%") == (method == "win-rate") for line in lines(app))
    assert all(0 <= line["at"] <= 1 for line in lines(app))
    assert not re.search(r"\b(nan|inf|infinity|none)\b", shown_texts(app), re.IGNORECASE)
    assert components(app, "rated_models")[0]["ticks"]


def test_one_vote_is_a_board_with_open_ends_in_words(filled_home):
    changed(filled_home, lambda warehouse: judge(warehouse, "vote", [ONE, TWO], outcome="left"))
    app = opened("leaderboard")
    best, last = lines(app)
    assert (best["name"], last["name"]) == (HOSTILE_MODEL, "Model 2")
    assert best["interval"].startswith("from ") and best["upper"] is None
    assert last["interval"].startswith("up to ") and last["lower"] is None
    assert "never lost" in best["meaning"] and "never won" in last["meaning"]
    assert best["provisional"] and "no model has" in words(app)
    assert "one person's taste" in words(app)
    for view in ("pairs", "time", "trust"):
        app = opened("leaderboard", view=view)
        assert not app.exception and not app.error
        assert not re.search(r"\b(nan|inf)\b", shown_texts(app), re.IGNORECASE)


def test_groups_that_never_met_stand_apart(filled_home):
    def work(warehouse):
        several(warehouse)
        judge(warehouse, "vote", list(OTHERS), outcome="left", prompt_id=2)

    changed(filled_home, work)
    app = opened("leaderboard")
    assert headings(app)[:2] == ["Group 1", "Group 2"]
    assert [line["name"] for line in lines(app, 1)] == ["Model 4", "Model 5"]
    assert "never met" in words(app)


def test_enough_judgments_are_not_provisional(filled_home):
    def work(warehouse):
        for _ in range(PROVISIONAL):
            judge(warehouse, "vote", [ONE, TWO], outcome="left")
        judge(warehouse, "vote", [ONE, THREE], outcome="left")

    changed(filled_home, work)
    app = opened("leaderboard")
    told = {line["name"]: line["provisional"] for line in lines(app)}
    assert told == {HOSTILE_MODEL: False, "Model 2": False, "Model 3": True}


@pytest.mark.parametrize("method", METHODS)
def test_the_votes_listed_are_those_counted(filled_home, method):
    changed(filled_home, several)
    board = {line["id"]: line["votes"] for line in lines(opened("leaderboard", method=method))}
    for model, votes in board.items():
        app = opened("leaderboard", method=method, votes=model)
        told = listed(app)
        assert str(len(told["votes"])) == votes
        assert re.match(rf"{votes} judgments?,", told["facts"])
        assert all(any(side["meant"] for side in vote["sides"]) for vote in told["votes"])
        assert app.query_params["votes"] == model


def test_a_pairs_votes_are_listed_with_the_whole_order(filled_home):
    changed(filled_home, several)
    told = listed(opened("leaderboard", votes="1-2"))
    assert told["title"] == f"{HOSTILE_MODEL} v1.0 against Model 2 v2.0"
    assert told["facts"].startswith("4 judgments, 4 comparisons: 2 won (50%")
    kinds = [vote["kind"] for vote in told["votes"]]
    assert kinds == ["battle", "sorted batch", "battle", "battle"], "the newest first"
    order = told["votes"][1]
    assert [(side["model"], side["mark"]) for side in order["sides"]] == [
        ("Model 3", "1st"),
        (f"{HOSTILE_MODEL} v1.0", "2nd"),
        ("Model 2 v2.0", "rejected"),
    ]
    assert order["headline"] == f"{HOSTILE_MODEL} v1.0 2nd of 3; Model 2 v2.0 rejected of 3"
    vote = told["votes"][-1]
    assert vote["headline"] == f"{HOSTILE_MODEL} v1.0 preferred to Model 2 v2.0"
    assert [side["preferred"] for side in vote["sides"]] == [True, False]
    assert vote["prompt"] == " ".join(HOSTILE_PROMPTS[0].split())
    assert "/thumbnails/" in vote["sides"][0]["src"]


def test_the_opponent_narrows_the_list(filled_home):
    changed(filled_home, several)
    app = opened("leaderboard", votes="1")
    app = picker(app, "Against").set_value(3).run()
    assert app.query_params["votes"] == "1-3"
    assert len(listed(app)["votes"]) == 2
    app = picker(app, "Against").set_value(None).run()
    assert app.query_params["votes"] == "1"


def test_many_votes_come_in_pages(filled_home):
    def work(warehouse):
        for _ in range(25):
            judge(warehouse, "vote", [ONE, TWO], outcome="left")

    changed(filled_home, work)
    told = listed(opened("leaderboard", votes="1"))
    assert len(told["votes"]) == 20 and told["facts"].startswith("25 judgments")


def test_a_hidden_picture_is_never_shown(filled_home):
    changed(
        filled_home, lambda warehouse: judge(warehouse, "vote", [HIDDEN_ID, TWO], outcome="left")
    )
    (vote,) = listed(opened("leaderboard", votes="1"))["votes"]
    assert vote["sides"][0]["src"] is None and vote["sides"][0]["missing"] == "hidden"
    assert vote["sides"][1]["src"]


def test_who_beats_whom_shows_shares_and_counts(filled_home):
    changed(filled_home, several)
    app = opened("leaderboard", view="pairs")
    shares, counts = components(app, "heat_map")
    assert (shares["shares"], counts["shares"]) == (True, False)
    assert [entry["id"] for entry in shares["axis"]] == [
        line["id"] for line in lines(opened("leaderboard"))
    ]
    assert "3 of them" not in words(app) and "3 pairs of models" in words(app)
    assert counts["scale"] == [0.0, 4.0]


def test_filters_stand_in_the_address_and_are_restored(filled_home):
    def work(warehouse):
        several(warehouse)
        judge_grid(warehouse)

    changed(filled_home, work)
    today = date.today().isoformat()
    app = opened("leaderboard", tag="animal", prompt="1", base="SD 1.5", since="2000-01-02",
                 until=today, method="win-rate", view="pairs")  # fmt: skip
    assert not app.warning
    assert picker(app, "Tag").value == "animal" and picker(app, "Prompt").value == 1
    assert dict(app.query_params) == {
        "tag": "animal", "prompt": "1", "base": "SD 1.5", "since": "2000-01-02",
        "until": today, "method": "win-rate", "view": "pairs",
    }  # fmt: skip
    assert {entry["id"] for entry in components(app, "heat_map")[0]["axis"]} == {"1", "3"}
    app = next(each for each in app.button if each.label == "Clear filters").click().run()
    assert dict(app.query_params) == {"method": "win-rate", "view": "pairs"}
    assert len(components(app, "heat_map")[0]["axis"]) == 5


@pytest.mark.parametrize(
    ("asked", "judgments"),
    [({"tag": "animal"}, "4 judgments"), ({"prompt": "2"}, "1 judgment"),
     ({"role": "maintainer"}, "2 judgments"), ({"until": "2000-01-02"}, None),
     ({"since": "2099-01-01"}, None)],
)  # fmt: skip
def test_a_filter_counts_its_judgments_alone(filled_home, asked, judgments):
    def work(warehouse):
        several(warehouse)
        with warehouse.transaction() as cursor:
            cursor.execute(
                "insert into people (person_id, name, role) values ('bob', '*Bob*', 'maintainer')"
            )

    changed(filled_home, work)
    app = opened("leaderboard", **asked)
    if judgments is None:
        assert headings(app) == ["No judgments match these filters"]
        app = next(each for each in app.button if each.label == "Show all judgments").click().run()
        assert "5 judgments" in words(app)
    else:
        assert f"{judgments} by" in words(app)


def test_what_a_link_cannot_have_is_said(filled_home):
    changed(filled_home, several)
    for asked, said in (
        ({"method": "best"}, "method that does not exist"),
        ({"view": "nice"}, "view that does not exist"),
        ({"tag": "nowhere"}, "not in this warehouse"),
        ({"prompt": "99"}, "not in this warehouse"),
        ({"campaign": "x"}, "not in this warehouse"),
        ({"role": "king"}, "role that does not exist"),
        ({"since": "2026-02-30"}, "date that is none"),
        ({"votes": "1-99"}, "models that are not in this warehouse"),
    ):
        app = opened("leaderboard", **asked)
        assert said in app.warning[0].value
        assert len(lines(app)) == 3


def test_judgments_that_compare_no_two_models_are_said(filled_home):
    changed(filled_home, lambda warehouse: judge(warehouse, "vote", [ONE, TWO], outcome="both_bad"))
    app = opened("leaderboard")
    assert headings(app) == ["Nothing that says which model is better"]
    changed(filled_home, lambda warehouse: judge(warehouse, "vote", [ONE, TWO], outcome="tie"))
    st.cache_data.clear()
    assert "left out: 1 that found both bad" in words(opened("leaderboard"))
    app = opened("leaderboard", method="plackett-luce")
    assert headings(app) == ["Nothing that says which model is better"]


def test_whether_it_can_be_trusted_is_told_with_counts(filled_home):
    changed(filled_home, several)
    app = opened("leaderboard", view="trust")
    assert "of the 5 judgments" in words(app)
    assert {metric.label for metric in app.metric} == {
        "Left preferred",
        "Shown first, ranked first",
        "Agreement between annotators (alpha)",
    }
    assert "over 3 votes for left or right" in words(app)
    table = frame(app, "Annotator", "Decided")
    assert list(table["Judgments"]) == [3, 2]
    show = next(each for each in app.button if each.key == "leaderboard.first_place")
    app = show.click().run()
    assert app.query_params["votes"] == "first-place"
    number = int(re.match(r"\d+", listed(app)["facts"]).group())
    assert len(listed(app)["votes"]) == number
    assert f"Without {number} of" in words(opened("leaderboard", view="trust"))


def test_over_time_ends_with_the_board(filled_home):
    changed(filled_home, several)
    app = opened("leaderboard", view="time")
    assert len(app.get("vega_lite_chart") or app.get("arrow_vega_lite_chart")) == 2
    assert app.multiselect[0].value == [int(line["id"]) for line in lines(opened("leaderboard"))]


def test_only_maintainers_read_who_judged(filled_home, monkeypatch):
    def work(warehouse):
        several(warehouse)
        with warehouse.transaction() as cursor:
            cursor.execute(
                "insert into people (person_id, name, role) values ('bob', '*Bob*', 'annotator')"
            )

    changed(filled_home, work)
    assert {vote["person"] for vote in listed(opened("leaderboard", votes="1"))["votes"]} == {
        "ada",
        "*Bob*",
    }
    person = Person(LOCAL_PERSON.person_id, "Someone", Role.ANALYST)
    for module in (access, summaries, names):
        monkeypatch.setattr(module, "current_person", lambda: person)
    app = opened("leaderboard", votes="1")
    assert {vote["person"] for vote in listed(app)["votes"]} == {"Annotator 1", "Annotator 2"}
    assert "Bob" not in str(frame(opened("leaderboard", view="trust"), "Annotator"))
    chosen = Slice()
    warehouse = open_warehouse(filled_home)
    found = judged(warehouse, chosen)
    warehouse.close()
    choice = type("Choice", (), {"judged": found, "revision": 0})()
    assert set(downloads.pair_rows(choice)["person_id"]) == {"Annotator 1", "Annotator 2"}


def test_a_file_of_pairs_is_rated_apart_and_not_kept(filled_home):
    changed(filled_home, several)
    app = opened("leaderboard")
    text = "model_a,model_b,winner\n<b>x</b>,y,model_a\ny,<b>x</b>,tie\n" + "z,y,both_bad\n"
    app = app.file_uploader[0].set_value(("pairs.csv", text.encode(), "text/csv")).run()
    assert not app.exception and not app.error
    ours, theirs = components(app, "rated_models")
    assert len(ours["lines"]) == 3 and ours["opens"]
    assert [line["name"] for line in theirs["lines"]] == ["<b>x</b>", "y"] and not theirs["opens"]
    assert "2 comparisons of 2 models" in words(app)
    assert not list(filled_home.rglob("pairs*"))


def test_a_file_that_is_none_is_refused_with_its_row(filled_home):
    app = opened("leaderboard")
    bad = b"model_a,model_b,winner\nx,y,X\n"
    app = app.file_uploader[0].set_value(("pairs.csv", bad, "text/csv")).run()
    assert "row 2, column winner" in app.error[0].value.replace("\\", "")
    many = "model_a,model_b,winner\n" + "".join(f"m{i},n{i},tie\n" for i in range(600))
    app = app.file_uploader[0].set_value(("pairs.csv", many.encode(), "text/csv")).run()
    assert "1,200 models" in app.error[0].value.replace("\\", "")


def test_choosing_a_view_leaves_the_votes(filled_home):
    changed(filled_home, several)
    app = opened("leaderboard", votes="1")
    view = next(each for each in app.segmented_control if each.key == state.LEADERBOARD_VIEW)
    app = view.set_value("trust").run()
    assert not components(app, "vote_list") and "votes" not in app.query_params
