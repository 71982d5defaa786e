"""A job as screens show it: its order, how far it is, and every picture of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from warehouse.generation.orders import Order

JobState = Literal["queued", "running", "done", "failed", "cancelled"]
PictureState = Literal["waiting", "running", "found", "fresh", "kept", "discarded"]
ENDED = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True)
class PictureView:
    """One place of the grid; those not made yet have no picture, running ones may have a preview.

    found: it was in the warehouse already. fresh: made and not kept so far.
    """

    place: int  # in the order's pictures
    state: PictureState
    image_id: str | None = None
    sha256: str | None = None  # of the stored picture, for its address
    nsfw_score: float | None = None
    hidden: bool = False  # above the NSFW threshold: never shown
    preview: bytes | None = None  # WebP


@dataclass(frozen=True)
class JobView:
    """One job; `order` is None where what was stored cannot be read."""

    job_id: str
    person_id: str
    person_name: str
    state: JobState
    message: str  # why it failed, what it did, or what it does now
    created_at: datetime
    finished_at: datetime | None
    order: Order | None
    pictures: tuple[PictureView, ...]
    share: float  # 0 to 1, steps counted
    left_s: float | None  # None while too little is known
    ahead: int = 0  # pictures of others that come first, while it is queued
    notes: tuple[str, ...] = ()  # what a person should know: a smaller batch, no checker, ...

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ENDED

    @property
    def counts(self) -> Mapping[str, int]:
        """How many pictures are in each state."""
        found: dict[str, int] = {}
        for picture in self.pictures:
            found[picture.state] = found.get(picture.state, 0) + 1
        return found


@dataclass(frozen=True)
class Estimate:
    """What an order would cost now."""

    pictures: int  # to be made
    here: int  # answered from the warehouse
    loads: int  # times that weights are loaded
    seconds: float
    measured: bool  # False: nothing like it was made on this device yet, so it is a guess
    ahead_s: float = 0.0  # what others asked for before
