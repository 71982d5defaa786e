"""Jobs under way, as the process that works on them knows them."""

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.generation.batches import PlannedBatch
from core.generation.devices import Step
from core.generation.recipe import identity
from warehouse.generation.orders import Order

TELLING_SHARE = 0.05  # before that, the pace says nothing about the time left


@dataclass
class Running:
    """A batch on a device."""

    batch: PlannedBatch
    step: Step
    previews: dict[str, bytes] = field(default_factory=dict)  # identity -> WebP


@dataclass
class LiveJob:
    """One job; changed under the board's lock alone."""

    job_id: str
    person_id: str
    order: Order
    asked_at: float  # seconds of the wall clock
    pending: deque[PlannedBatch]
    places: Mapping[str, int]  # identity -> its place in the order
    done: set[str]  # identities whose pictures are there
    expected_s: float = 0.0
    words: str = ""  # what it does now
    stop: bool = False
    finishing: bool = False
    failure: str = ""
    began_s: float | None = None  # monotonic; None while queued
    at_first: float = 0.0  # share that was there when it began
    running: dict[str, Running] = field(default_factory=dict)  # device -> batch
    attempts: dict[PlannedBatch, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def idle(self) -> bool:
        """Whether no batch is under way or to come."""
        return not (self.pending or self.running or self.finishing)

    def note(self, words: str) -> None:
        """Something that the person should know, said once."""
        if words and words not in self.notes:
            self.notes.append(words)

    def share(self) -> float:
        """How much of the work is done, 0 to 1, steps counted."""
        parts = {name: 1.0 if name in self.done else 0.0 for name in self.places}
        for running in self.running.values():
            part = running.step.step / max(1, running.step.steps)
            for request in running.batch.requests[: running.batch.filled]:
                name = identity(request)
                parts[name] = max(parts.get(name, 0.0), part)
        return sum(parts.values()) / max(1, len(parts))

    def left_s(self) -> float | None:
        """Seconds still to go: by the pace so far, or by what was expected."""
        if self.began_s is None:
            return self.expected_s or None
        share, passed = self.share(), time.monotonic() - self.began_s
        made = share - self.at_first
        if made < TELLING_SHARE:
            return max(0.0, self.expected_s - passed) or None
        return passed / made * (1 - share)

    def outcome(self) -> tuple[str, str]:
        """State and message at its end."""
        made, wanted = len(self.done), len(self.places)
        if self.failure:
            return "failed", " ".join([self.failure, *self.notes])
        if self.stop and made < wanted:
            words = f"Stopped after {made} of {wanted} pictures."
            return "cancelled", " ".join([words, *self.notes])
        return "done", " ".join(self.notes)


def places_by_identity(order: Order) -> dict[str, int]:
    """Where each request stands in the order."""
    return {identity(picture.request): place for place, picture in enumerate(order.pictures)}
