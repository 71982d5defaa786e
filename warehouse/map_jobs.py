"""Large maps in the background: one at a time, with progress, stopped on request."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from core.errors import GemboardError, ProjectionCancelledError
from core.maps.tsne import ProjectionSettings
from warehouse.database import Warehouse
from warehouse.jobs import ask_job, end_job, end_left_jobs, note_job
from warehouse.map_worker import read_answer, write_work
from warehouse.projections import MapWork, map_work, store_places

KIND = "map"
NOTE_EVERY_S = 2.0  # between two writes of the progress; the screen reads it from memory
ROOT = Path(__file__).resolve().parents[1]
ENDED = frozenset({"done", "failed", "cancelled"})


@dataclass
class MapJob:
    """One job as the screen sees it; only its thread changes it, but for `stop`."""

    job_id: str
    encoder: str
    prompt_id: int | None
    redraw: bool
    state: str = "queued"
    share: float = 0.0
    message: str = ""
    stop: bool = False
    started_at: float = 0.0  # monotonic seconds

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ENDED

    def left_s(self) -> float | None:
        """Seconds still to go at the pace so far; None while too little is known."""
        if self.share < 0.12 or self.ended:
            return None
        return (time.monotonic() - self.started_at) * (1 - self.share) / self.share


class MapJobs:
    """The maps that are being drawn in this process, and those that were."""

    def __init__(self, warehouse: Warehouse, settings: ProjectionSettings | None = None) -> None:
        self._warehouse = warehouse
        self._settings = settings or ProjectionSettings()
        self._lock = threading.Lock()
        self._queue: deque[MapJob] = deque()
        self._latest: dict[tuple[str, int | None], MapJob] = {}
        self._thread: threading.Thread | None = None
        self._closed = False
        end_left_jobs(warehouse, KIND)

    def start(
        self, encoder: str, prompt_id: int | None, person_id: str, *, redraw: bool = False
    ) -> MapJob:
        """Ask for a map to be drawn or brought up to date; the same again gives the same job."""
        with self._lock:
            known = self._latest.get((encoder, prompt_id))
            if known and not known.ended:
                return known
            request = {"encoder": encoder, "prompt_id": prompt_id, "redraw": redraw}
            job_id = ask_job(self._warehouse, KIND, person_id, request)
            job = MapJob(job_id, encoder, prompt_id, redraw)
            self._latest[encoder, prompt_id] = job
            self._queue.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="maps", daemon=True)
                self._thread.start()
            return job

    def latest(self, encoder: str, prompt_id: int | None) -> MapJob | None:
        """The last job of this map since the process began."""
        return self._latest.get((encoder, prompt_id))

    def cancel(self, job: MapJob) -> None:
        """Stop the job soon; what it found so far is not kept."""
        job.stop = True

    def close(self) -> None:
        """Stop everything and wait for it."""
        self._closed = True
        thread = self._thread
        if thread is not None:
            thread.join(timeout=10)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._queue:
                    self._thread = None
                    return
                job = self._queue.popleft()
            with suppress(duckdb.Error):  # the warehouse was closed: its next opening ends the job
                self._run(job)

    def _run(self, job: MapJob) -> None:
        try:
            self._draw(job)
        except ProjectionCancelledError:
            self._end(job, "cancelled", "Stopped; nothing of it was kept.")
        except GemboardError as error:
            self._end(job, "failed", str(error))
        except Exception as error:  # shown to the person, since a thread has nobody above it
            self._end(job, "failed", f"{type(error).__name__}: {error}")

    def _draw(self, job: MapJob) -> None:
        self._go_on(job)
        job.state, job.started_at = "running", time.monotonic()
        note_job(self._warehouse, job.job_id, 0.0)
        work = map_work(self._warehouse, job.encoder, job.prompt_id, redraw=job.redraw)
        if not work.image_ids:
            self._end(job, "done", "Every picture was on the map already.")
            return
        with tempfile.TemporaryDirectory(prefix="gemboard-map-") as name:
            folder = Path(name)
            write_work(folder, work, self._settings)
            self._watch(job, folder)
            result = read_answer(folder)
        store_places(self._warehouse, work, result, self._settings)
        self._end(job, "done", _told(work))

    def _watch(self, job: MapJob, folder: Path) -> None:
        """Run the worker to its end. Raises ProjectionCancelledError or RuntimeError."""
        environment = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}
        with (folder / "errors.txt").open("w") as errors:
            worker = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-m", "warehouse.map_worker", str(folder)],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        reader = threading.Thread(target=_follow, args=(worker, job), daemon=True)
        reader.start()
        noted = time.monotonic()
        try:
            while worker.poll() is None:
                self._go_on(job)
                if time.monotonic() - noted > NOTE_EVERY_S:
                    note_job(self._warehouse, job.job_id, job.share)
                    noted = time.monotonic()
                time.sleep(0.1)
        finally:
            worker.kill()
            worker.wait()
            reader.join()
        if worker.returncode:
            said = (folder / "errors.txt").read_text().strip().splitlines()
            raise RuntimeError(said[-1] if said else f"the worker ended with {worker.returncode}")

    def _go_on(self, job: MapJob) -> None:
        if job.stop or self._closed:
            raise ProjectionCancelledError

    def _end(self, job: MapJob, state: str, message: str) -> None:
        try:
            end_job(self._warehouse, job.job_id, state, message)
        finally:
            job.message, job.state = message, state


def _follow(worker: "subprocess.Popen[str]", job: MapJob) -> None:
    assert worker.stdout is not None
    with worker.stdout as lines:
        for line in lines:
            job.share = float(line)


def _told(work: MapWork) -> str:
    count = f"{len(work.image_ids):,} pictures"
    return f"{count} drawn." if work.projection_id is None else f"{count} placed."
