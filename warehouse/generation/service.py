"""Pictures on demand: orders become jobs in the table `jobs`, made by one thread per device."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import duckdb

from core.errors import GemboardError
from core.generation.devices import DeviceRunner
from core.settings import Settings
from warehouse.database import Warehouse
from warehouse.generation import job_rows
from warehouse.generation.board import Board
from warehouse.generation.device_thread import DeviceThread
from warehouse.generation.estimates import expected_s
from warehouse.generation.job_views import Estimate
from warehouse.generation.live_jobs import LiveJob, places_by_identity
from warehouse.generation.orders import Order, OrderError, read_order
from warehouse.generation.planning import (
    check_distinct,
    check_weights_here,
    estimate_order,
    first_work,
    plan_order,
)
from warehouse.generation.word_list import check_prompt
from warehouse.jobs import end_job
from warehouse.projections import update_map
from warehouse.selections import Picker


class GenerationService:
    """Takes orders, has them made, and tells how far they are (see DeviceThread for the rest)."""

    def __init__(
        self,
        warehouse: Warehouse,
        settings: Settings,
        runners: Sequence[DeviceRunner],
    ) -> None:
        self.runners = tuple(runners)
        self.landed: Callable[[], None] = lambda: None  # called when the warehouse has changed
        self.place: Callable[[str], None] = self._place  # brings an encoder's map up to date
        self._warehouse = warehouse
        self._settings = settings
        self._board = Board()
        self._threads: dict[str, DeviceThread] = {}
        self._asking = threading.Lock()
        self._warming = threading.Lock()
        self._wanted: list[Order | None] = []  # to be warmed; empty while nobody warms

    def begin(self) -> None:
        """Go on with the jobs that an earlier process left."""
        for row in job_rows.left_jobs(self._warehouse):
            self._revive(row)
        self._wake()

    def ask(self, order: Order, picker: Picker) -> str:
        """Id of the job that makes the order; the same again while under way gives the same one.

        Raises BlockedWordsError, and OrderError where weights are not here or places agree.
        """
        asked = {(each.request.prompt, each.request.negative_prompt) for each in order.pictures}
        for prompt, negative_prompt in asked:
            check_prompt(self._warehouse, prompt, negative_prompt)
        check_distinct(order)
        check_weights_here(self._warehouse, order)
        with self._asking:
            job_id = job_rows.add_job(self._warehouse, order, picker)
            if self._board.find(job_id) is None:
                job_rows.record_asked(self._warehouse, job_id, order, picker.person_id)
                self._board.add(self._planned(job_id, order, picker.person_id, time.time()))
                self._wake()
        return job_id

    def estimate(self, order: Order) -> Estimate:
        """What the order would cost now."""
        found = estimate_order(
            self._warehouse, order, tuple(runner.name for runner in self.runners)
        )
        ahead_s = sum(job.left_s() or 0.0 for job in self._board.jobs())
        return replace(found, ahead_s=ahead_s / len(self.runners))

    def live(self, job_id: str) -> LiveJob | None:
        """A job under way as this process knows it."""
        return self._board.find(job_id)

    def ahead(self, job: LiveJob) -> int:
        """Pictures of other people that were asked for before this job and are not made yet."""
        others = (each for each in self._board.jobs() if each.person_id != job.person_id)
        return sum(
            len(each.places) - len(each.done) for each in others if each.asked_at <= job.asked_at
        )

    def cancel(self, job_id: str) -> None:
        """Stop a job; what is finished stays. A batch under way ends within a step."""
        self._board.cancel(job_id)

    def retry(self, job_id: str) -> None:
        """Make what is missing of a failed or cancelled job. Raises OrderError."""
        with self._asking:
            rows = job_rows.job_rows(self._warehouse, job_id=job_id)
            ended = rows and rows[0]["state"] in ("failed", "cancelled")
            if not ended or self._board.find(job_id):
                return
            check_weights_here(self._warehouse, read_order(rows[0]["request"]))
            job_rows.reopen_job(self._warehouse, job_id)
            self._revive(rows[0])
            self._wake()

    def finish(self, image_ids: Sequence[str]) -> None:
        """Give images that were kept later their features, scores and places."""
        self._board.finish_images(tuple(image_ids))
        self._wake()

    def warm(self, order: Order | None) -> None:
        """Start the first device in the background, with the weights of the order's first batch.

        Of several orders that come while it is busy, the last one counts.
        """
        if self._board.busy() or self._board.closed:
            return
        self._watch(self.runners[0])
        with self._warming:
            self._wanted.append(order)
            if len(self._wanted) == 1:
                threading.Thread(target=self._warm, name="warm", daemon=True).start()

    def _warm(self) -> None:
        while True:
            with self._warming:
                order = self._wanted[-1]
                self._wanted = [order]
            if not self._board.busy():
                with suppress(GemboardError, duckdb.Error):  # whoever asks for pictures is told
                    work = first_work(self._warehouse, order) if order else None
                    self.runners[0].warm(work)
            with self._warming:
                if len(self._wanted) == 1:
                    self._wanted = []
                    return

    def close(self) -> None:
        """Give the devices back; jobs under way go on when the next process begins."""
        self._board.close()
        for runner in self.runners:
            runner.close()
        for thread in list(self._threads.values()):
            thread.join(timeout=10)

    def _revive(self, row: dict[str, Any]) -> None:
        job_id = str(row["job_id"])
        try:
            order = read_order(row["request"])
        except OrderError as error:
            end_job(self._warehouse, job_id, "failed", str(error))
            return
        asked_at = row["created_at"].timestamp()
        self._board.add(self._planned(job_id, order, row["person_id"], asked_at))

    def _planned(self, job_id: str, order: Order, person_id: str, asked_at: float) -> LiveJob:
        """The job with what it lacks; what is here already answers at once."""
        rows = job_rows.job_pictures(self._warehouse, job_id)
        done = set(rows["identity"].to_list())
        if not order.force:
            here = job_rows.pictures_here(self._warehouse, order)
            job_rows.add_found(self._warehouse, job_id, order, here, done)
            done |= set(here)
        batches = plan_order(order, self.runners[0].name, done)
        places = places_by_identity(order)
        expected, _ = expected_s(self._warehouse, self.runners[0].name, batches)
        return LiveJob(
            job_id, person_id, order, asked_at, deque(batches), places, done & set(places), expected
        )

    def _wake(self) -> None:
        """Have a thread for each device while there is work."""
        with self._board.changed:
            for runner in self.runners if self._board.busy() else ():
                self._watch(runner)

    def _watch(self, runner: DeviceRunner) -> None:
        """Have a thread for the device, which gives it back after a long rest."""
        with self._board.changed:
            before = self._threads.get(runner.name)
            if before is None or before.retired or not before.is_alive():
                self._threads[runner.name] = self._started(runner, before)

    def _started(self, runner: DeviceRunner, before: DeviceThread | None) -> DeviceThread:
        thread = DeviceThread(
            runner,
            self._board,
            self._warehouse,
            self._settings,
            landed=lambda: self.landed(),
            place=lambda key: self.place(key),
            after=before,
        )
        thread.start()
        return thread

    def _place(self, encoder: str) -> None:
        update_map(self._warehouse, encoder, None)
