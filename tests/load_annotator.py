"""An annotator of a load test: looks at what is asked, thinks, answers, and notes the times.

What the stage's own script does in a browser (`dashboard/components/rank/stage.js`) is done here
without one: an answer is sent again until the server shows a later step.
"""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.load_tab import Mounted, Tab

STAGE = "gemboard_rank_stage"
OUTCOMES, WEIGHTS = ("left", "right", "tie", "both_bad"), (44, 44, 8, 4)
SKIPS, UNDOES, BINNED = 0.03, 0.04, 0.2  # shares of answers, and of sorted batches with a reject
RESEND_S = 4.0  # as the stage's script
PATIENCE_S = 120  # a killed server has to start again meanwhile


@dataclass(eq=False)
class Click:
    """One answer as it was meant, and what became of it; times by `time.perf_counter`."""

    session_id: str
    step: int
    kind: str
    shown: tuple[str, ...]  # pictures by their places among the session's candidates
    outcome: str | None = None
    ranked: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    undoes: str | None = None
    clicked_at: float = 0.0
    acknowledged_at: float | None = None  # the server's data say that the step is over
    ready_at: float | None = None  # what is asked next is there, its pictures too
    cut_off: bool = False  # the connection that drew the pictures did not live to the answer

    @property
    def sent_id(self) -> str:
        """What refusals name it by."""
        return f"{self.session_id}-{self.step}"

    @property
    def wait_s(self) -> float | None:
        """Seconds from the click to the next pictures."""
        return None if self.ready_at is None else self.ready_at - self.clicked_at


class Annotator:
    """One person in one tab, at one session that was begun before.

    After a share `dropped` of the clicks the connection breaks.
    """

    def __init__(
        self,
        tab: Tab,
        session_id: str,
        think_s: tuple[float, float],
        dropped: float = 0.0,
        on_click: Callable[[], None] = lambda: None,
    ) -> None:
        self.tab, self.session_id, self.think_s = tab, session_id, think_s
        self.dropped, self.on_click = dropped, on_click
        self.clicks: list[Click] = []
        self._random = random.Random(session_id)
        self._tries = 0
        self._sees_all = False  # else the stage takes nothing but skip and undo

    async def open(self) -> float:
        """Seconds until the first pictures are there."""
        begun = time.perf_counter()
        await self._pictures(await self.tab.until(self._asked, PATIENCE_S))
        return time.perf_counter() - begun

    async def work(self, closing: asyncio.Event) -> None:
        """Answer until it is closing time or the session is over; the last answer is waited for."""
        while True:
            await asyncio.sleep(self._random.uniform(*self.think_s))
            stage = await self.tab.until(self._asked, PATIENCE_S)
            if closing.is_set() or stage.data["over"]:
                return
            await self._give(self._answer(stage.data), stage.connection)

    async def _give(self, click: Click, connection: int) -> None:
        """Answer, and wait for what comes next; `connection` drew what is answered."""
        self.clicks.append(click)
        click.clicked_at = time.perf_counter()
        await self._send(click)
        self.on_click()
        if self._random.random() < self.dropped:
            self.tab.drop()
        stage = await self._after(click)
        if stage is None:
            return
        click.acknowledged_at = time.perf_counter()
        await self._pictures(stage)
        click.ready_at = time.perf_counter()
        click.cut_off = stage.connection > connection

    async def _after(self, click: Click) -> Mounted | None:
        """The stage once the click's step is over; None where the server does not take it."""
        for _ in range(int(PATIENCE_S / RESEND_S)):
            try:
                stage: Mounted = await self.tab.until(lambda: self._told(click), RESEND_S)
            except TimeoutError:
                await self._send(click)
                continue
            if stage.data["step"] > click.step:
                return stage
            self.tab.complaints.append(f"refused: {stage.data['said']}")
            return None
        self.tab.complaints.append(f"not acknowledged within {PATIENCE_S} s")
        return None

    def _told(self, click: Click) -> Mounted | None:
        """The stage where it says that the click was stored, or refused."""
        stage = self._asked()
        refused = stage and click.sent_id in stage.data["refused"]
        return stage if refused else self._asked(click.step + 1)

    async def _send(self, click: Click) -> None:
        """Report the answer as the component does; without a connection it goes with the next."""
        stage = self._asked()
        assert stage is not None
        self._tries += 1
        answer = {
            "id": click.sent_id,
            "session": click.session_id,
            "step": click.step,
            "kind": click.kind,
            "shown": click.shown,
            "ms": 1000,
            "tries": self._tries,
        }
        optional = {
            "outcome": click.outcome,
            "ranked": click.ranked if click.kind == "order" else None,
            "rejected": click.rejected if click.kind == "order" else None,
            "undoes": click.undoes,
        }
        answer |= {name: value for name, value in optional.items() if value is not None}
        await self.tab.set_state(stage, "answers", [answer])

    def _asked(self, step: int = 0) -> Mounted | None:
        """The stage where it asks for `step` or a later one."""
        stage = self.tab.component(STAGE)
        return stage if stage and stage.data["step"] >= step else None

    async def _pictures(self, stage: Mounted) -> None:
        """Download what is shown, unless it came ahead of time; then begin with what may come."""
        shown = [each["src"] for each in stage.data["pictures"] if each["src"]]
        sizes = await asyncio.gather(*map(self.tab.download, shown))
        self._sees_all = all(sizes) and len(sizes) == len(stage.data["pictures"])
        for each in stage.data["next"]:
            if each["src"]:
                self.tab.preload(each["src"])

    def _answer(self, data: dict[str, Any]) -> Click:
        step, shown = data["step"], tuple(each["id"] for each in data["pictures"])
        chance = self._random.random()
        if chance < UNDOES and data["undoable"]:
            undoes = data["undoable"]
            return Click(self.session_id, step, "undo", shown, undoes=undoes)
        if chance > 1 - SKIPS or not self._sees_all:
            return Click(self.session_id, step, "skip", shown)
        if data["mode"] == "battle":
            outcome = self._random.choices(OUTCOMES, WEIGHTS)[0]
            return Click(self.session_id, step, "vote", shown, outcome)
        ranked = tuple(self._random.sample(shown, len(shown)))
        kept = len(ranked) - int(data["bin"] and self._random.random() < BINNED)
        rejected = ranked[kept:]
        return Click(self.session_id, step, "order", shown, ranked=ranked[:kept], rejected=rejected)
