"""The dataset builder: fills the missing cells of a grid, on several devices, from any stop."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass

from core.generation.batches import PlannedBatch, deal
from core.generation.devices import DeviceLostError, DeviceRunner, MadeBatch
from core.generation.recipe import identity
from core.settings import Settings
from warehouse.database import Warehouse
from warehouse.generation.board import MOST_ATTEMPTS
from warehouse.generation.build_plans import BuildPlan
from warehouse.generation.finishing import finish_pictures
from warehouse.generation.landing import SOURCE, land_batch
from warehouse.generation.planning import work_for
from warehouse.landing import record
from warehouse.projections import update_map

Progress = Callable[[str, int, int], None]  # what, done, of how many


@dataclass(frozen=True)
class BuildReport:
    """What one run of the builder did."""

    made: int  # cells filled
    seconds: float  # of making them, loading included
    load_seconds: float
    notes: tuple[str, ...]


class Builder:
    """One run over a plan; `stop` ends it within a step, and the next run goes on."""

    def __init__(
        self,
        warehouse: Warehouse,
        settings: Settings,
        runners: Sequence[DeviceRunner],
        on_progress: Progress | None = None,
    ) -> None:
        self._warehouse = warehouse
        self._settings = settings
        self._runners = tuple(runners)
        self._show = on_progress or (lambda what, done, total: None)
        self._lock = threading.Lock()
        self._stopped = False
        self._made = 0
        self._load_s = 0.0
        self._notes: dict[str, None] = {}

    def stop(self) -> None:
        """End soon; what is finished stays."""
        self._stopped = True

    def build(self, plan: BuildPlan, *, finish: bool = True) -> BuildReport:
        """Fill the cells, then give them features and scores. Raises GenerationError, OSError."""
        begun = time.perf_counter()
        self._show("pictures", 0, plan.missing)
        shares = deal(plan.batches, len(self._runners))
        with ThreadPoolExecutor(len(self._runners)) as pool:
            parts = [
                pool.submit(self._make_all, runner, share, plan)
                for runner, share in zip(self._runners, shares, strict=True)
            ]
            try:
                done, _ = wait(parts, return_when=FIRST_EXCEPTION)
                failed = any(part.exception() for part in done)
            except BaseException:  # Ctrl-C
                self.stop()
                raise
            if failed:
                self.stop()
        for part in parts:
            part.result()
        seconds = time.perf_counter() - begun
        if finish:
            self._finish(plan)
        return BuildReport(self._made, seconds, self._load_s, tuple(self._notes))

    def _make_all(
        self, runner: DeviceRunner, batches: Sequence[PlannedBatch], plan: BuildPlan
    ) -> None:
        for batch in batches:
            if self._stopped:
                return
            made = self._made_batch(runner, batch)
            pictures = [
                plan.pictures[identity(batch.requests[each.place])] for each in made.pictures
            ]
            land_batch(
                self._warehouse,
                self._settings,
                made,
                list(enumerate(pictures)),
                device=runner.name,
                keep=True,
            )
            with self._lock:
                self._made += len(pictures)
                self._load_s += made.load_s
                if made.words:
                    self._notes[made.words] = None
                self._show("pictures", self._made, plan.missing)

    def _made_batch(self, runner: DeviceRunner, batch: PlannedBatch) -> MadeBatch:
        work = work_for(self._warehouse, batch, previews=False)
        for attempt in range(1, MOST_ATTEMPTS + 1):
            try:
                return runner.make(work, lambda step: None, lambda: self._stopped)
            except DeviceLostError as error:
                if attempt == MOST_ATTEMPTS:
                    raise
                self._notes[f"{error} It was started again."] = None
        raise AssertionError("unreachable")

    def _finish(self, plan: BuildPlan) -> None:
        rows = self._warehouse.frame(
            "pictures_to_finish",
            source=SOURCE,
            model_version_ids=list(plan.model_version_ids),
            prompt_ids=list(plan.prompt_ids),
        )
        if rows.is_empty():
            return
        note = finish_pictures(
            self._warehouse,
            self._settings,
            self._runners[0],
            rows["image_id"].to_list(),
            place=lambda encoder: _place(self._warehouse, encoder),
            on_progress=self._show,
        )
        if note:
            self._notes[note] = None
        if self._made:
            with self._warehouse.transaction() as cursor:
                record(
                    cursor,
                    "build dataset",
                    f"{len(plan.model_version_ids)} models x {len(plan.prompt_ids)} prompts",
                    after={"cells": self._made},
                )


def _place(warehouse: Warehouse, encoder: str) -> None:
    update_map(warehouse, encoder, None)
