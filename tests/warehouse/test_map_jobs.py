"""Large maps in the background: recorded, stoppable, and never two of the same."""

import threading
import time

import pytest

from core.maps.tsne import ProjectionSettings
from tests import seeding
from tests.features import ENCODER, give_features
from warehouse import map_jobs
from warehouse.database import open_in_memory
from warehouse.jobs import LEFT, ask_job, end_job, note_job
from warehouse.map_jobs import KIND, MapJobs
from warehouse.reads import map as reads

PATIENCE_S = 120
SHORT = ProjectionSettings(exaggerated_iterations=25, iterations=50)
ENDLESS = ProjectionSettings(exaggerated_iterations=25, iterations=100_000_000)


@pytest.fixture
def warehouse(tmp_path):
    warehouse = open_in_memory(tmp_path)
    seeding.fill(warehouse, models=12)
    give_features(warehouse)
    yield warehouse
    warehouse.close()


def until(answer):
    end = time.monotonic() + PATIENCE_S
    while not answer():
        assert time.monotonic() < end
        time.sleep(0.05)


def recorded(warehouse):
    return warehouse.select(
        "select state, progress, message, person_id, started_at, finished_at from jobs "
        "order by created_at"
    ).rows(named=True)


def test_a_job_draws_in_another_process_and_is_recorded(warehouse):
    jobs = MapJobs(warehouse, SHORT)
    job = jobs.start(ENCODER, None, "me")
    until(lambda: job.ended)
    assert (job.state, job.message) == ("done", "37 pictures drawn.")
    (row,) = recorded(warehouse)
    assert (row["state"], row["progress"], row["person_id"]) == ("done", 1, "me")
    assert row["started_at"] <= row["finished_at"]
    kept = reads.map_projection(warehouse, encoder=ENCODER, prompt_id=None)
    assert kept["fitted_images"].to_list() == [37]
    assert job.share > 0.5
    again = jobs.start(ENCODER, None, "me")
    until(lambda: again.ended)
    assert again.job_id != job.job_id
    assert again.message == "Every picture was on the map already."


def test_a_job_gives_the_same_places_as_the_command_line(warehouse):
    from warehouse.projections import update_map

    def points():
        kept = reads.map_projection(warehouse, encoder=ENCODER, prompt_id=1)["projection_id"][0]
        return reads.map_points(warehouse, projection_id=kept).select("image_id", "x", "y").rows()

    job = MapJobs(warehouse, SHORT).start(ENCODER, 1, "me")
    until(lambda: job.ended)
    drawn = points()
    update_map(warehouse, ENCODER, 1, redraw=True, settings=SHORT)
    assert points() == drawn


def test_repeated_clicks_make_one_job_and_stopping_keeps_nothing(warehouse):
    jobs = MapJobs(warehouse, ENDLESS)
    job = jobs.start(ENCODER, None, "me")
    assert jobs.start(ENCODER, None, "you") is job
    waiting = jobs.start(ENCODER, 1, "me")
    until(lambda: job.share > 0)
    assert waiting.state == "queued"
    jobs.cancel(waiting)
    jobs.cancel(job)
    until(lambda: job.ended and waiting.ended)
    assert [row["state"] for row in recorded(warehouse)] == ["cancelled", "cancelled"]
    assert warehouse.table_counts()["projections"] == 0
    assert jobs.latest(ENCODER, None) is job


def test_closing_stops_what_is_under_way(warehouse):
    jobs = MapJobs(warehouse, ENDLESS)
    job = jobs.start(ENCODER, None, "me")
    until(lambda: job.share > 0)
    jobs.close()
    assert job.state == "cancelled"
    assert "maps" not in {thread.name for thread in threading.enumerate()}


def test_a_worker_that_fails_is_told_in_words_and_the_next_job_runs(warehouse, monkeypatch):
    jobs = MapJobs(warehouse, SHORT)
    monkeypatch.setattr(map_jobs, "write_work", lambda *anything: None)  # nothing to read
    job = jobs.start(ENCODER, None, "me")
    until(lambda: job.ended)
    assert job.state == "failed"
    assert "FileNotFoundError" in job.message
    assert "\n" not in job.message
    assert recorded(warehouse)[0]["message"] == job.message
    monkeypatch.undo()
    after = jobs.start(ENCODER, 1, "me")
    until(lambda: after.ended)
    assert after.state == "done"


def test_jobs_that_an_earlier_process_left_have_failed(warehouse):
    left = ask_job(warehouse, KIND, "me", {"encoder": ENCODER})
    other = ask_job(warehouse, "generate", "me", {})
    note_job(warehouse, left, 0.4)
    MapJobs(warehouse)
    rows = warehouse.select("select job_id, state, message from jobs").rows()
    assert sorted(rows) == sorted([(left, "failed", LEFT), (other, "queued", None)])


def test_an_ended_job_stays_ended(warehouse):
    job_id = ask_job(warehouse, KIND, "me", {"a": 1})
    assert ask_job(warehouse, KIND, "you", {"a": 1}) == job_id
    end_job(warehouse, job_id, "cancelled", "stopped")
    note_job(warehouse, job_id, 0.9)
    end_job(warehouse, job_id, "done", "")
    assert [row["state"] for row in recorded(warehouse)] == ["cancelled"]
    assert ask_job(warehouse, KIND, "me", {"a": 1}) != job_id
