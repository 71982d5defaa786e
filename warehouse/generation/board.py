"""Which jobs are under way and whose batch comes next: shared by people and devices."""

import threading
import time
from collections import deque
from dataclasses import dataclass

from core.generation.batches import PlannedBatch
from core.generation.devices import DeviceLostError, Step
from core.generation.recipe import identity
from core.generation.turns import Turns, Waiting
from warehouse.generation.live_jobs import LiveJob, Running

MOST_ATTEMPTS = 3  # of a batch whose device is lost on the way


@dataclass(frozen=True)
class Task:
    """What a device does next: a batch of a job, or finishing a job or images kept later."""

    job: LiveJob | None
    batch: PlannedBatch | None = None
    image_ids: tuple[str, ...] = ()  # to be finished where there is no job


class Board:
    """All live jobs; every method may be called by any thread."""

    def __init__(self) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.closed = False
        self._jobs: dict[str, LiveJob] = {}
        self._to_finish: deque[Task] = deque()
        self._turns = Turns()

    def add(self, job: LiveJob) -> None:
        """A job to make; one that lacks nothing is finished at once."""
        with self.changed:
            self._jobs[job.job_id] = job
            self._settle(job)
            self.changed.notify_all()

    def finish_images(self, image_ids: tuple[str, ...]) -> None:
        """Images that were kept after their job had ended."""
        with self.changed:
            self._to_finish.append(Task(None, image_ids=image_ids))
            self.changed.notify_all()

    def find(self, job_id: str) -> LiveJob | None:
        """A job under way."""
        return self._jobs.get(job_id)

    def jobs(self) -> tuple[LiveJob, ...]:
        """All jobs under way."""
        with self.changed:
            return tuple(self._jobs.values())

    def busy(self) -> bool:
        """Whether there is anything to do."""
        with self.changed:
            return bool(self._jobs or self._to_finish)

    def next(self, device: str) -> Task | None:
        """What the device does next; None where nothing waits or all is closing."""
        with self.changed:
            if self.closed:
                return None
            if self._to_finish:
                return self._to_finish.popleft()
            waiting = [
                Waiting(job.job_id, job.person_id, job.asked_at, job.pending[0].weights)
                for job in self._jobs.values()
                if job.pending
            ]
            turn = self._turns.next(device, waiting, time.monotonic())
            if turn is None:
                return None
            job = self._jobs[turn.job_id]
            batch = job.pending.popleft()
            if job.began_s is None:
                job.began_s, job.at_first = time.monotonic(), job.share()
            job.running[device] = Running(batch, Step(0, batch.requests[0].steps))
            return Task(job, batch)

    def stepped(self, device: str, job: LiveJob, step: Step) -> None:
        """A device is this far with its batch."""
        with self.changed:
            running = job.running.get(device)
            if running is None:
                return
            running.step = step
            for place, data in (step.previews or {}).items():
                running.previews[identity(running.batch.requests[place])] = data
            job.words = step.words or (f"Step {step.step} of {step.steps}" if step.step else "")

    def made(self, job: LiveJob, batch: PlannedBatch, words: str) -> None:
        """The pictures of a batch have landed."""
        with self.changed:
            job.done |= {identity(batch.requests[place]) for place in batch.missing}
            job.note(words)

    def lost(self, job: LiveJob, batch: PlannedBatch, error: DeviceLostError) -> None:
        """The device went away in the middle of a batch: it is tried again, a few times."""
        with self.changed:
            job.attempts[batch] = job.attempts.get(batch, 0) + 1
            if job.stop or self.closed:
                return
            if job.attempts[batch] >= MOST_ATTEMPTS:
                self.fail(job, f"{error} It was tried {MOST_ATTEMPTS} times.")
                return
            job.note(f"{error} It was started again, and nothing finished was lost.")
            job.pending.appendleft(batch)

    def fail(self, job: LiveJob, why: str) -> None:
        """The job cannot go on; what is finished stays."""
        with self.changed:
            job.failure = job.failure or why
            job.pending.clear()

    def release(self, device: str, job: LiveJob) -> None:
        """The device is free again; a job without batches is finished next."""
        with self.changed:
            job.running.pop(device, None)
            if not self.closed:
                self._settle(job)
            self.changed.notify_all()

    def cancel(self, job_id: str) -> None:
        """No further batch of the job begins, and those under way end within a step."""
        with self.changed:
            job = self._jobs.get(job_id)
            if job is not None:
                job.stop = True
                job.pending.clear()
                self._settle(job)
                self.changed.notify_all()

    def remove(self, job: LiveJob) -> None:
        """The job has ended."""
        with self.changed:
            self._jobs.pop(job.job_id, None)
            self.changed.notify_all()

    def close(self) -> None:
        """Nothing further begins; batches under way are given up and begun anew another time."""
        with self.changed:
            self.closed = True
            self.changed.notify_all()

    def _settle(self, job: LiveJob) -> None:
        if job.idle:
            job.finishing = True
            self._to_finish.append(Task(job))
