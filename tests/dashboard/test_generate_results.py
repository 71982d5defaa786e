"""What the results of Generate tell the browser, and what they do when it answers."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from core.errors import GemboardError
from core.generation.request import SEED_HIGH
from dashboard import generation, selection
from dashboard.components.generate import acts, progress
from dashboard.components.generate.acts import take_acts
from dashboard.components.generate.job_list import job_line
from dashboard.components.generate.picture_grid import Offers, board
from dashboard.state import generate as form_state
from dashboard.state import generate_results as state
from tests.core.generation.asking import a_request
from warehouse.generation.job_views import JobView, PictureView
from warehouse.generation.orders import Order, OrderedPicture

WHEN = datetime(2026, 11, 21, tzinfo=UTC)
ALL = Offers(generate=True, rank=True)
VIEWS = (
    PictureView(0, "kept", "kept-image", "a" * 64, 0.01),
    PictureView(1, "found", "found-image", "b" * 64),
    PictureView(2, "kept", "hidden-image", "c" * 64, 0.934, hidden=True),
    PictureView(3, "fresh", None, "d" * 64),
    PictureView(4, "running", preview=b"webp"),
    PictureView(5, "waiting"),
)


def an_order(**changes):
    pictures = tuple(
        OrderedPicture(a_request(seed=seed, width=512, height=256), model)
        for model in (1, 2)
        for seed in (7, 8, 9)
    )
    columns = tuple(f"seed {seed}" for seed in (7, 8, 9))
    return Order(pictures, ("Inkwell", "Neon <b>"), columns, **changes)


def a_job(pictures=VIEWS, **changes):
    job = JobView(
        "job", "local", "Me", "running", "Step 7 of 16", WHEN, None, an_order(), pictures, 0.5, 20.2
    )
    return replace(job, **changes)


def all_in(picture_state):
    return tuple(replace(view, state=picture_state) for view in VIEWS)


def test_progress_says_what_happens_how_much_is_there_and_how_long_it_takes():
    job = a_job()
    assert progress.doing_words(job) == "Step 7 of 16"
    assert progress.count_words(job) == "4 of 6 pictures, 1 already here"
    assert progress.left_words(job) == "about 20 s left"
    assert progress.left_words(replace(job, left_s=None)) == ""
    done = a_job(all_in("kept"), state="done")
    assert progress.count_words(done) == "6 pictures"
    assert progress.left_words(done) == ""


def test_a_job_that_waits_says_for_what():
    queued = a_job(state="queued", message="")
    assert progress.doing_words(replace(queued, ahead=1)).endswith(
        "1 picture of others comes first"
    )
    assert progress.doing_words(replace(queued, ahead=2)).endswith(
        "2 pictures of others come first"
    )
    assert progress.doing_words(queued) == "Waiting for the device"


def test_a_job_that_failed_gives_its_reason():
    failed = a_job(state="failed", message="The disk is full: free some space.")
    assert progress.doing_words(failed) == "The disk is full: free some space."
    stopped = a_job(state="cancelled", message="Stopped after 4 of 6 pictures.")
    assert progress.doing_words(stopped) == "Stopped after 4 of 6 pictures."
    assert board(stopped, (), ALL, is_first=True)["count"] == "", "said already"


def test_what_a_job_noted_is_told_while_it_runs_and_when_it_is_over():
    note = "A smaller batch was taken."
    assert progress.note_lines(a_job(notes=(note,))) == [note]
    assert progress.note_lines(a_job(state="done", message=note)) == [note]
    assert progress.note_lines(a_job(state="failed", message="The disk is full.")) == []


def test_cells_show_what_may_be_shown_and_nothing_else():
    told = board(a_job(), {"found-image"}, ALL, is_first=True)
    kept, found, hidden, fresh, running, waiting = told["cells"]
    thumbnail = f"/thumbnails/{'a' * 64}"
    assert kept == {"state": "kept", "src": thumbnail, "whole": True, "picked": False}
    assert found["picked"]
    assert hidden == {"state": "kept", "hidden": "Hidden as NSFW: 0.93"}
    assert fresh == {"state": "fresh", "src": f"/thumbnails/{'d' * 64}"}
    assert running == {"state": "running", "preview": "data:image/webp;base64,d2VicA=="}
    assert waiting == {"state": "waiting"}
    assert told["rows"] == ["Inkwell", "Neon <b>"]
    assert told["columns"] == ["seed 7", "seed 8", "seed 9"]
    assert told["aspect"] == "2.0000"


def test_what_was_not_made_is_told_once_the_job_is_over():
    told = board(a_job(state="cancelled"), (), ALL, is_first=True)
    assert told["cells"][5] == {"state": "missing"}


def test_a_job_offers_what_makes_sense_now():
    def offered(job, offers=ALL):
        return board(job, (), offers, is_first=True)["acts"]

    assert offered(a_job()) == ["stop", "rank", "keep_all"]
    assert offered(a_job(state="failed")) == ["retry", "rank", "keep_all", "discard_all"]
    assert offered(a_job(state="cancelled", pictures=all_in("waiting"))) == ["rest"]
    assert offered(a_job(all_in("found"), state="done")) == ["rank"]
    assert offered(a_job(all_in("found"), state="done"), Offers(generate=True, rank=False)) == []
    assert offered(a_job(), Offers(generate=False, rank=True)) == []
    assert not board(a_job(), (), Offers(generate=False, rank=True), is_first=True)["mayAct"]


def test_a_job_that_cannot_be_read_still_shows_its_pictures():
    told = board(a_job(order=None, state="failed"), (), ALL, is_first=True)
    assert len(told["cells"]) == len(told["rows"]) * len(told["columns"])
    assert "retry" not in told["acts"]
    assert not told["mayAsk"]
    assert "cannot be read" in told["notes"][-1]


def test_the_list_shows_small_pictures_of_what_is_there_and_may_be_shown():
    line = job_line(
        a_job((*VIEWS[:4], PictureView(4, "discarded", None, "e" * 64))), everybody=True
    )
    assert line["thumbs"] == [f"/thumbnails/{name * 64}" for name in "abd"]
    assert line["facts"].startswith("Me  ·  5 of 5 pictures")
    assert line["title"] == "a cat in ink"
    assert job_line(a_job(order=None), everybody=False)["title"].startswith("A job that cannot")


@pytest.fixture
def session(monkeypatch):
    """Session state of a browser; what is asked of the dashboard stands in `called`."""
    found = {}
    monkeypatch.setattr(acts, "st", SimpleNamespace(session_state=found))
    return found


@pytest.fixture
def called(monkeypatch):
    made = []

    def note(module, name, answer=None):
        def call(*arguments, **named):
            made.append((name, *arguments))
            return answer

        monkeypatch.setattr(module, name, call)

    for name, answer in (("cancel", None), ("retry", "again"), ("keep", None), ("discard", None)):
        note(generation, name, answer)
    note(generation, "ask", "asked")
    note(selection, "pick")
    note(selection, "unpick")
    monkeypatch.setattr(generation, "job", lambda job_id: a_job(job_id=job_id))
    monkeypatch.setattr(acts.navigation, "current_path", lambda: "generate")
    return made


def sent(session, *told):
    session[state.RESULTS_GRID] = {"acts": [{"job": "job", "places": []} | act for act in told]}


def test_each_action_is_done_once_however_often_it_comes(session, called):
    sent(session, {"step": 5, "act": "keep", "places": [3]})
    assert take_acts(["job"])
    assert not take_acts(["job"])
    sent(
        session,
        {"step": 5, "act": "keep", "places": [3]},
        {"step": 6, "act": "discard", "places": [0]},
        {"step": 6, "act": "stop"},
    )
    take_acts(["job"])
    assert called == [("keep", "job", [3]), ("discard", "job", [0])]


def test_whole_jobs_are_stopped_kept_discarded_and_made_again(session, called):
    session[form_state.ASKED] = "job"
    kinds = ("stop", "keep_all", "discard_all", "rest")
    sent(session, *({"step": step, "act": act} for step, act in enumerate(kinds, start=1)))
    take_acts(["job"])
    assert called == [
        ("cancel", "job"),
        ("keep", "job", [3]),
        ("discard", "job", [0, 2, 3]),
        ("retry", "job"),
    ]
    assert session[form_state.ASKED] == "again"


def test_an_error_is_said_and_the_next_action_is_still_done(session, called, monkeypatch):
    def refuse(*_):
        raise GemboardError("It was judged, so it stays.")

    monkeypatch.setattr(generation, "discard", refuse)
    sent(session, {"step": 1, "act": "keep", "places": [3]}, {"step": 2, "act": "discard"})
    assert take_acts(["job"])
    assert session[state.RESULTS_SAID] == "It was judged, so it stays."
    assert called == [("keep", "job", [3])]
    sent(session, {"step": 3, "act": "stop"})
    take_acts(["job"])
    assert session[state.RESULTS_SAID] == ""


def test_only_jobs_on_the_screen_and_well_formed_actions_are_taken(session, called):
    sent(
        session,
        {"step": 1, "act": "stop", "job": "of-somebody"},
        {"step": True, "act": "stop"},
        {"step": "3", "act": "stop"},
        {"step": 4, "act": "drop table"},
        {"step": 5, "act": "remix", "places": [99]},
        {"step": 6, "act": "remix", "places": ["0"]},
        {"step": 7, "act": "seed", "places": [0], "seed": SEED_HIGH + 1},
        {"step": 8, "act": "seed", "places": [0]},
    )
    session[state.RESULTS_GRID]["acts"].append("nothing")
    assert not take_acts(["job"])
    assert called == []


def test_only_pictures_of_the_warehouse_that_are_not_hidden_are_picked(session, called):
    sent(session, {"step": 1, "act": "pick", "places": [0, 2, 3]}, {"step": 2, "act": "rank"})
    assert take_acts(["job"])
    shown = ["kept-image", "found-image"]
    assert called == [
        ("pick", ["kept-image"], "generate", shown),
        ("pick", shown, "generate", shown),
    ]
    assert session[state.RESULTS_RANK]


def test_another_seed_asks_for_that_picture_alone_and_shows_it_beneath(session, called):
    sent(session, {"step": 1, "act": "seed", "places": [4], "seed": 123})
    assert take_acts(["job"])
    ((_, order),) = called
    (picture,) = order.pictures
    assert (picture.request.seed, picture.model_version_id) == (123, 2)
    assert replace(picture.request, seed=8) == an_order().pictures[4].request
    assert (order.rows, order.columns) == (("Neon <b>",), ("Seed 123",))
    assert state.more_ids(session, "job") == ("asked",)


def test_what_is_asked_from_a_job_beneath_stays_under_the_first(session, called):
    state.add_more(session, "job", "second")
    sent(session, {"step": 1, "act": "seed", "job": "second", "places": [0], "seed": 1})
    take_acts(["job", "second"])
    assert state.more_ids(session, "job") == ("asked", "second")
    sent(session, {"step": 2, "act": "retry", "job": "second"})
    take_acts(["job", "second"])
    assert state.more_ids(session, "job") == ("again", "asked", "second")
    assert form_state.ASKED not in session


def test_remix_fills_the_form(session, called):
    sent(session, {"step": 1, "act": "remix", "places": [5]})
    assert take_acts(["job"])
    draft = session[form_state.PENDING]
    assert (draft.seed, draft.model_version_ids) == (9, (2,))
