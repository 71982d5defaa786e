"""Jobs that make pictures: each picture once, fair, stopped in time, and nothing lost."""

import errno
import threading
import time
from dataclasses import replace

import duckdb
import pytest

from core.generation.blocked_words import BlockedWordsError
from core.generation.devices import DeviceLostError, GenerationError, WrongWeightsError
from tests.warehouse.making import ANN, BEN, MODELS, Painter, add_models, an_order
from warehouse.generation import keeping, landing, watching
from warehouse.generation.orders import OrderError
from warehouse.generation.service import GenerationService
from warehouse.health import find_problems

WAIT_S = 20.0


@pytest.fixture
def painter():
    return Painter()


@pytest.fixture
def service(warehouse, settings, painter):
    add_models(warehouse)
    opened = GenerationService(warehouse, settings, [painter])
    yield opened
    painter.gate.set()
    opened.close()


def until(condition):
    """Wait for what a thread of the service brings about."""
    end = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.005)


def ended(warehouse, service, job_id):
    until(lambda: watching.job_view(warehouse, service, job_id).ended)
    return watching.job_view(warehouse, service, job_id)


def states(view):
    return [picture.state for picture in view.pictures]


def images(warehouse):
    return warehouse.select("select * from images order by image_id").to_dicts()


def test_a_job_makes_each_picture_and_lands_it_with_its_recipe(warehouse, service):
    landed = []
    service.landed = lambda: landed.append(1)
    job_id = service.ask(an_order(MODELS, (1, 2)), ANN)
    view = ended(warehouse, service, job_id)
    assert (view.state, states(view)) == ("done", ["kept"] * 6)
    rows = images(warehouse)
    assert {(row["model_version_id"], row["seed"]) for row in rows} == {
        (model, seed) for model in MODELS for seed in (1, 2)
    }
    assert {row["source"] for row in rows} == {"generated"}
    prompts = warehouse.select("select prompt, tag, source from prompts").rows()
    assert prompts == [("a cat", "custom", "generated")]
    recipes = warehouse.select("select image_id, job_id from image_recipes").rows()
    assert set(recipes) == {(row["image_id"], job_id) for row in rows}
    for row in rows:
        assert (warehouse.home / row["path"]).is_file()
    assert landed


def test_a_prompt_that_is_there_is_joined_but_one_kept_apart_is_not(warehouse, service):
    with warehouse.transaction() as cursor:
        cursor.execute(
            "insert into prompts (prompt_id, prompt, source) values "
            "(3, 'a cat', 'starter queries'), (4, 'a cat', 'starter'), (5, 'a dog', 'starter')"
        )
    ended(warehouse, service, service.ask(an_order(), ANN))
    assert [row["prompt_id"] for row in images(warehouse)] == [4]


def test_repeated_clicks_make_one_job_and_other_people_have_their_own(warehouse, service, painter):
    painter.gate.clear()
    first = service.ask(an_order(), ANN)
    assert service.ask(an_order(), ANN) == first
    assert service.ask(an_order(), BEN) != first


def test_the_same_request_is_answered_from_the_warehouse_unless_forced(warehouse, service, painter):
    ended(warehouse, service, service.ask(an_order(seeds=(1, 2)), ANN))
    made = len(painter.batches)
    again = ended(warehouse, service, service.ask(an_order(seeds=(1, 2, 3)), BEN))
    assert states(again) == ["found", "found", "kept"]
    assert sum(len(work.keep) for work in painter.batches[made:]) == 1
    estimate = service.estimate(an_order(seeds=(1, 2, 9)))
    assert (estimate.pictures, estimate.here, estimate.loads) == (1, 2, 1)
    forced = ended(warehouse, service, service.ask(an_order(seeds=(1, 2), force=True), ANN))
    assert states(forced) == ["kept", "kept"]
    assert len(images(warehouse)) == 3  # in the same company the same bytes: the same image


def test_steps_are_seen_with_previews_and_the_time_left(warehouse, service, painter):
    painter.gate.clear()
    job_id = service.ask(an_order(MODELS[:2], steps=8), ANN)
    assert painter.at_step.wait(WAIT_S)
    painter.gate.set()
    until(lambda: (view := watching.job_view(warehouse, service, job_id)).share > 0 or view.ended)
    painter.gate.clear()
    view = watching.job_view(warehouse, service, job_id)
    if not view.ended:
        assert view.state == "running"
        assert 0 < view.share < 1 or "waiting" not in states(view)
    painter.gate.set()
    assert ended(warehouse, service, job_id).share == 1


def test_a_job_is_stopped_within_a_step_and_keeps_what_is_finished(warehouse, service, painter):
    job_id = service.ask(an_order(MODELS, seeds=(1, 2), steps=5), ANN)
    until(lambda: images(warehouse))
    painter.gate.clear()
    until(lambda: len(painter.batches) >= 2)
    service.cancel(job_id)
    view = ended(warehouse, service, job_id)
    assert view.state == "cancelled"
    kept = states(view).count("kept")
    assert 0 < kept < 6
    assert view.message.startswith(f"Stopped after {kept} of 6 pictures.")
    assert len(images(warehouse)) == kept


def test_a_stopped_job_goes_on_where_it_was(warehouse, service, painter):
    painter.gate.clear()
    job_id = service.ask(an_order(MODELS), ANN)
    assert painter.at_step.wait(WAIT_S)
    service.cancel(job_id)
    assert ended(warehouse, service, job_id).state == "cancelled"
    painter.gate.set()
    service.retry(job_id)
    assert states(ended(warehouse, service, job_id)) == ["kept"] * 3


def test_jobs_of_a_stopped_process_go_on_in_the_next(warehouse, settings, service, painter):
    painter.gate.clear()
    job_id = service.ask(an_order(MODELS), ANN)
    assert painter.at_step.wait(WAIT_S)
    service.close()
    assert watching.job_view(warehouse, service, job_id).state in ("queued", "running")
    following = GenerationService(warehouse, settings, [Painter()])
    following.begin()
    assert states(ended(warehouse, following, job_id)) == ["kept"] * 3
    following.close()


def test_a_lost_device_is_started_again_and_said(warehouse, service, painter):
    painter.errors = [DeviceLostError("The process of cpu is gone: it was killed by SIGKILL.")]
    view = ended(warehouse, service, service.ask(an_order(), ANN))
    assert (view.state, states(view)) == ("done", ["kept"])
    assert "killed by SIGKILL. It was started again" in view.message


def test_a_device_that_is_lost_again_and_again_ends_the_job(warehouse, service, painter):
    painter.errors = [DeviceLostError("The process of cpu is gone: boom.")] * 3
    view = ended(warehouse, service, service.ask(an_order(), ANN))
    assert view.state == "failed"
    assert view.message.startswith("The process of cpu is gone: boom. It was tried 3 times.")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (WrongWeightsError("The file ink has changed."), "The file ink has changed."),
        (GenerationError("The LoRA is of another base."), "The LoRA is of another base."),
        (ZeroDivisionError("oh"), "ZeroDivisionError: oh"),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_later_jobs_are_made(
    warehouse, service, painter, error, says
):
    painter.errors = [error]
    view = ended(warehouse, service, service.ask(an_order(), ANN))
    assert (view.state, view.message) == ("failed", says)
    assert ended(warehouse, service, service.ask(an_order(prompt="b"), ANN)).state == "done"


def test_a_full_disk_is_said_and_nothing_is_half_kept(warehouse, service, monkeypatch):
    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(landing, "store_picture", full)
    view = ended(warehouse, service, service.ask(an_order(), ANN))
    assert view.state == "failed"
    assert "is full: free some space, then try again" in view.message
    assert images(warehouse) == []
    monkeypatch.undo()
    service.retry(view.job_id)
    assert ended(warehouse, service, view.job_id).state == "done"


def test_two_people_are_served_in_turns(warehouse, service, painter, monkeypatch):
    monkeypatch.setattr("core.generation.turns.QUANTUM_S", 0.0)
    painter.gate.clear()
    long = service.ask(an_order(MODELS, seeds=range(1, 41)), ANN)
    until(lambda: painter.batches)
    short = service.ask(an_order(prompt="b"), BEN)
    waiting = watching.job_view(warehouse, service, short)
    assert (waiting.state, waiting.ahead) == ("queued", 120)
    painter.gate.set()
    ended(warehouse, service, short)
    assert not watching.job_view(warehouse, service, long).ended
    service.cancel(long)


def test_pictures_wait_to_be_kept_where_that_is_asked(warehouse, service):
    order = an_order(seeds=(1, 2), keep=False)
    view = ended(warehouse, service, service.ask(order, ANN))
    assert states(view) == ["fresh", "fresh"]
    assert images(warehouse) == []
    assert warehouse.value("select count(*) from prompts") == 0
    (image_id,) = keeping.keep_pictures(warehouse, view.job_id, [0], "ann")
    keeping.discard_pictures(warehouse, view.job_id, [1], "ann")
    after = watching.job_view(warehouse, service, view.job_id)
    assert states(after) == ["kept", "discarded"]
    assert [row["image_id"] for row in images(warehouse)] == [image_id]
    files = [path for path in (warehouse.home / "pictures").rglob("*") if path.is_file()]
    assert len(files) == 1


def test_a_kept_picture_goes_with_all_of_its_rows_unless_somebody_judged_it(warehouse, service):
    view = ended(warehouse, service, service.ask(an_order(seeds=(1, 2)), ANN))
    first, second = (picture.image_id for picture in view.pictures)
    answered = ended(warehouse, service, service.ask(an_order(seeds=(2,)), BEN))
    assert states(answered) == ["found"]
    with warehouse.transaction() as cursor:
        cursor.execute(
            "insert into judgments (idempotency_key, session_id, person_id, mode, step, kind, "
            "shown_image_ids, profile) values ('k', 's', 'ann', 'sort', 1, 'skip', [$id], 'p')",
            {"id": first},
        )
    with pytest.raises(OrderError, match="1 of these pictures was picked or judged"):
        keeping.discard_pictures(warehouse, view.job_id, [0, 1], "ann")
    assert keeping.discard_pictures(warehouse, view.job_id, [1], "ann") == (second,)
    assert [row["image_id"] for row in images(warehouse)] == [first]
    assert warehouse.value("select count(*) from image_recipes") == 1
    assert states(watching.job_view(warehouse, service, answered.job_id)) == ["discarded"]
    problems = {problem.check for problem in find_problems(warehouse, read_files=False)}
    assert not {check for check in problems if "image" in check or "picture" in check}


def test_a_device_is_given_back_after_a_long_rest_and_taken_again(
    warehouse, service, painter, monkeypatch
):
    monkeypatch.setattr("warehouse.generation.device_thread.IDLE_S", 0.05)
    service.warm(None)
    until(lambda: painter.closed)
    assert painter.words == "warm"
    painter.closed = False
    assert ended(warehouse, service, service.ask(an_order(), ANN)).state == "done"
    until(lambda: painter.closed)


def test_of_many_models_that_are_tried_the_last_one_is_warmed(service, painter):
    begun, go_on, warmed = threading.Event(), threading.Event(), []

    def warm(work):
        warmed.append(work.requests[0].model.name)
        begun.set()
        assert go_on.wait(WAIT_S)

    painter.warm = warm
    service.warm(an_order((11,)))
    assert begun.wait(WAIT_S)
    for model in (12, 11, 12, 13):
        service.warm(an_order((model,)))
    go_on.set()
    until(lambda: not service._wanted)
    assert warmed == ["model 11", "model 13"]


def test_an_order_with_words_not_allowed_or_weights_elsewhere_is_refused(warehouse, service):
    with warehouse.transaction() as cursor:
        cursor.execute("insert into blocked_words (word, person_id) values ('forbidden', 'm')")
    with pytest.raises(BlockedWordsError, match="forbidden"):
        service.ask(an_order(prompt="a forbidden cat"), ANN)
    with pytest.raises(OrderError, match="The weights of model 99 are not on this machine"):
        service.ask(an_order((99,)), ANN)
    assert warehouse.value("select count(*) from jobs") == 0


def test_places_that_ask_for_the_same_picture_are_refused_by_name(service):
    order = an_order(seeds=(1, 1))
    with pytest.raises(OrderError, match=r"\(11, 1; 11, 1\): take one of them out"):
        service.ask(order, ANN)


def test_an_order_whose_row_cannot_be_read_fails_at_the_next_start(warehouse, settings, service):
    with warehouse.transaction() as cursor:
        cursor.execute(
            "insert into jobs (job_id, kind, person_id, request, request_sha256) values "
            "('old', 'generate', 'ann', '{\"pictures\": 7}', 'x')"
        )
    service.begin()
    view = watching.job_view(warehouse, service, "old")
    assert (view.state, view.order) == ("failed", None)
    assert "cannot be read; ask for it anew" in view.message


def test_hidden_pictures_are_marked_and_jobs_are_listed_by_person(warehouse, service, painter):
    make = painter.make

    def unsafe(work, on_step, stopped):
        made = make(work, on_step, stopped)
        return replace(
            made, pictures=tuple(replace(picture, nsfw_score=0.9) for picture in made.pictures)
        )

    painter.make = unsafe
    view = ended(warehouse, service, service.ask(an_order(), ANN))
    assert [picture.hidden for picture in view.pictures] == [True]
    assert warehouse.value("select hidden from image_scores") is True
    ended(warehouse, service, service.ask(an_order(prompt="b"), BEN))
    mine = watching.job_views(warehouse, service, "ann", 10)
    assert [each.person_name for each in mine] == ["Ann"]
    everybody = watching.job_views(warehouse, service, None, 10)
    assert [each.person_name for each in everybody] == ["Ben", "Ann"]


def test_closing_the_warehouse_first_ends_the_threads_quietly(settings, home):
    from warehouse.database import open_in_memory

    opened = open_in_memory(home)
    add_models(opened)
    painter = Painter()
    service = GenerationService(opened, settings, [painter])
    painter.gate.clear()
    service.ask(an_order(), ANN)
    assert painter.at_step.wait(WAIT_S)
    opened.close()
    painter.gate.set()
    service.close()
    with pytest.raises(duckdb.ConnectionException):
        opened.value("select 1")
