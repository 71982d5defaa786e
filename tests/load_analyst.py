"""An analyst of a load test: filters in Explore, opens maps, moves weights, and notes the times."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tests.load_tab import Mounted, Tab

GALLERY, FACETS, SLIDERS = "gemboard_gallery", "gemboard_facet_panel", "gemboard_weight_sliders"
PATIENCE_S = 60


class Analyst:
    """One person in one tab who never stops looking around."""

    def __init__(self, tab: Tab, think_s: tuple[float, float]) -> None:
        self.tab, self.think_s = tab, think_s
        self.waits_s: list[tuple[str, float]] = []  # what was done, and how long it took
        self._random = random.Random(6)
        self._prompts: list[str] = []
        self._step = 0

    async def browse(self) -> None:
        """Two filters in Explore, a map, two moves in Weights, and again, until cancelled."""
        while True:
            await self._do("filter Explore", self._filter)
            await self._do("filter Explore", self._filter)
            await self._do("open a map", self._open_map)
            await self._do("open Weights", lambda: self._open("weights"))
            await self._do("move a weight", self._move)
            await self._do("move a weight", self._move)
            await self._do("open Explore", lambda: self._open("explore"))

    async def _do(self, what: str, act: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(self._random.uniform(*self.think_s))
        connections, begun = self.tab.connections, time.perf_counter()
        try:
            await act()
        except TimeoutError:
            self.tab.complaints.append(f"{what}: no answer within {PATIENCE_S} s")
            return
        if self.tab.connections == connections:  # what a killed server cut off has no time
            self.waits_s.append((what, time.perf_counter() - begun))

    async def _open_map(self) -> None:
        """The map of some prompt, by its link; it is drawn where nobody saw it before."""
        await self._open("map", {"prompt": self._random.choice(self._prompts)})

    async def _open(self, page: str, query: Mapping[str, str] | None = None) -> None:

        def is_there() -> bool:
            return self.tab.page_hash == self.tab.pages[page]

        while True:
            connections = self.tab.connections
            await self.tab.open_page(page, query)
            await self._quiet(is_there, connections)
            if is_there():
                return

    async def _filter(self) -> None:
        facets = await self._standing(FACETS)
        options = {facet["name"]: facet.get("options") for facet in facets.data["facets"]}
        self._prompts = [option["value"] for option in options["prompt"]]
        tag = self._random.choice(options["tag"])["value"]
        await self._report(facets, "chosen", {"chosen": {"tag": [tag]}})
        gallery = await self._standing(GALLERY)
        cards = gallery.data["cards"]
        await asyncio.gather(*(self.tab.download(card["src"]) for card in cards if card["src"]))

    async def _move(self) -> None:
        sliders = await self._standing(SLIDERS)
        weights = {row["metric"]: row["weight"] for row in sliders.data["rows"]}
        weights[self._random.choice(list(weights))] = round(self._random.uniform(0.1, 1.5), 2)
        await self._report(sliders, "draft", {"weights": weights, "settled": True})

    async def _report(self, mounted: Mounted, state: str, value: Mapping[str, Any]) -> None:
        """Send a component's state until the component says that it was taken."""

        def is_taken() -> bool:
            drawn = self.tab.component(mounted.name)
            return drawn is not None and drawn.data["taken"] >= self._step

        while True:
            self._step = max(self._step + 1, int(time.time() * 1000))
            connections = self.tab.connections
            await self.tab.set_state(mounted, state, {**value, "step": self._step})
            await self._quiet(is_taken, connections)
            if is_taken():
                return

    async def _quiet(self, is_done: Callable[[], bool], connections: int) -> None:
        """Wait until all is drawn, or the click was lost with its connection."""
        await self.tab.until(
            lambda: self.tab.is_idle and (is_done() or self.tab.connections > connections),
            PATIENCE_S,
        )

    async def _standing(self, name: str) -> Mounted:
        """The component, once it is drawn."""
        mounted: Mounted = await self.tab.until(lambda: self.tab.component(name), PATIENCE_S)
        return mounted
