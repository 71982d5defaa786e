"""The life of one device: it takes batches from the board, has them made, and lands them."""

import errno
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import duckdb

from core.errors import DiskFullError, GemboardError
from core.generation.batches import PlannedBatch
from core.generation.devices import (
    DeviceLostError,
    DeviceRunner,
    GenerationCancelledError,
    Step,
)
from core.generation.recipe import identity
from core.settings import Settings
from warehouse.database import Warehouse
from warehouse.generation import job_rows
from warehouse.generation.board import Board, Task
from warehouse.generation.finishing import finish_pictures
from warehouse.generation.landing import land_batch
from warehouse.generation.live_jobs import LiveJob
from warehouse.generation.planning import work_for
from warehouse.jobs import end_job, note_job

NOTE_EVERY_S = 2.0  # between two writes of the progress; screens read it from memory
IDLE_S = 900.0  # after that a device is given back: weights take memory that others may want


class DeviceThread(threading.Thread):
    """Works until it was idle for long, or the board is closed; then it gives the device back.

    `landed` is called when the warehouse has changed, `place` brings the map of all pictures up
    to date (it gets the encoder's key).
    """

    def __init__(
        self,
        runner: DeviceRunner,
        board: Board,
        warehouse: Warehouse,
        settings: Settings,
        landed: Callable[[], None],
        place: Callable[[str], None],
        after: threading.Thread | None = None,
    ) -> None:
        super().__init__(name=f"device {runner.name}", daemon=True)
        self._runner = runner
        self._board = board
        self._warehouse = warehouse
        self._settings = settings
        self._landed = landed
        self._place = place
        self._after = after  # the thread before, which may still be giving the device back
        self._noted_s = 0.0
        self.retired = False  # takes nothing any more; set under the board's lock

    def run(self) -> None:
        """Take one task after another."""
        board = self._board
        if self._after:
            self._after.join()
            self._after = None
        with suppress(duckdb.ConnectionException):  # the warehouse was closed
            while True:
                with board.changed:
                    task = board.next(self._runner.name)
                    if task is None:
                        if board.closed or not (board.changed.wait(IDLE_S) or board.busy()):
                            self.retired = True
                            break
                        continue
                if task.job and task.batch:
                    self._make(task.job, task.batch)
                else:
                    self._finish(task)
        self._runner.close()

    def _make(self, job: LiveJob, batch: PlannedBatch) -> None:
        """One batch; whatever happens is told in its job."""
        device = self._runner.name
        self._note(job, at_once=True)
        try:
            made = self._runner.make(
                work_for(self._warehouse, batch),
                lambda step: self._stepped(job, step),
                lambda: job.stop or self._board.closed,
            )
            places = [job.places[identity(batch.requests[each.place])] for each in made.pictures]
            land_batch(
                self._warehouse,
                self._settings,
                made,
                [(place, job.order.pictures[place]) for place in places],
                device=device,
                keep=job.order.keep,
                job_id=job.job_id,
            )
            self._board.made(job, batch, made.words)
        except GenerationCancelledError:
            pass  # its owner knows; or all is closing, and the job stays queued
        except DeviceLostError as error:
            self._board.lost(job, batch, error)
        except GemboardError as error:
            self._board.fail(job, str(error))
        except OSError as error:
            self._board.fail(job, self._disk_words(error))
        except duckdb.ConnectionException:
            raise
        except Exception as error:  # shown to the person, since a thread has nobody above it
            self._board.fail(job, f"{type(error).__name__}: {error}")
        finally:
            self._board.release(device, job)
        self._landed()

    def _stepped(self, job: LiveJob, step: Step) -> None:
        self._board.stepped(self._runner.name, job, step)
        self._note(job)

    def _note(self, job: LiveJob, *, at_once: bool = False) -> None:
        now = time.monotonic()
        if at_once or now - self._noted_s > NOTE_EVERY_S:
            self._noted_s = now
            with suppress(duckdb.TransactionException):  # somebody else changed the row just now
                note_job(self._warehouse, job.job_id, job.share())

    def _finish(self, task: Task) -> None:
        """Features, scores and places of what was kept; then the job has ended."""
        job = task.job
        image_ids = task.image_ids
        try:
            if job:
                image_ids = job_rows.kept_images(self._warehouse, job.job_id)
            if image_ids or job is None:
                note = finish_pictures(
                    self._warehouse,
                    self._settings,
                    self._runner,
                    image_ids,
                    on_words=lambda words: setattr(job, "words", words) if job else None,
                    place=self._place,
                )
                if job:
                    job.note(note)
        except duckdb.ConnectionException:
            raise
        except Exception as error:  # the pictures are there all the same
            if job:
                job.note(f"The pictures are kept, but not scored: {error}")
        self._landed()
        if job and not self._board.closed:
            state, message = job.outcome()
            job_rows.retried(lambda: end_job(self._warehouse, job.job_id, state, message))
            self._board.remove(job)

    def _disk_words(self, error: OSError) -> str:
        if error.errno == errno.ENOSPC:
            return str(DiskFullError(self._settings.home_path))
        return f"The disk refuses a picture ({error.strerror or error}): nothing of it was kept."
