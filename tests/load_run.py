"""One run of a load test: sessions begun, people voting at once, perhaps a kill, and the count."""

import asyncio
import random
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.load_analyst import Analyst
from tests.load_annotator import PATIENCE_S, Annotator, Click
from tests.load_count import Count, counted
from tests.load_process import LoadServer
from tests.load_server import person_of
from tests.load_tab import Tab
from warehouse.database import open_warehouse
from warehouse.ranking_start import start_session
from warehouse.selections import Picker

ARRIVE_S = 0.2  # between two people who open their session
SORTS_EVERY = 4  # every fourth person drags and sorts, the others battle
MOST_PROMPTS = 30  # of a session: more than anyone gets through in two minutes
KILL_WITHIN_S = 0.03  # of a click, so that an answer is under way


@dataclass(frozen=True)
class Load:
    """Who comes, and for how long."""

    annotators: int = 20
    seconds: float = 120
    think_s: tuple[float, float] = (2.0, 4.0)
    dropped: float = 0.0  # share of clicks after which the connection breaks
    analyst: bool = True
    kill: bool = False


@dataclass(frozen=True)
class Voting:
    """What people saw."""

    clicks: list[Click]
    opened_s: list[float]  # from opening the session to its first pictures
    browsed_s: list[tuple[str, float]]  # what the analyst did, and how long it took
    seconds: float
    cpu: float  # processor seconds of the server per second
    memory_mib: float  # the most
    outage_s: float | None  # from the kill until an answer was acknowledged again
    complaints: list[str]

    @property
    def waits_s(self) -> np.ndarray:
        """From click to next pair, of the answers whose connection held."""
        waits = [c.wait_s for c in self.clicks if c.wait_s is not None and not c.cut_off]
        return np.array(waits)


def run(home: Path, load: Load) -> tuple[Voting, Count]:
    """Begin sessions in `home`, serve it, let people vote, and count afterwards."""
    session_ids = begun_sessions(home, load.annotators)
    server = LoadServer(home)
    server.start()
    try:
        # In a thread of its own: Playwright's loop may run in this one, beside other tests.
        with ThreadPoolExecutor(1) as thread:
            voting = thread.submit(lambda: asyncio.run(_voting(server, session_ids, load))).result()
    finally:
        server.stop()
    return voting, counted(home, session_ids, voting.clicks)


def begun_sessions(home: Path, annotators: int) -> list[str]:
    """A session for each annotator, by number from 1."""
    warehouse = open_warehouse(home)
    try:
        prompts = warehouse.select(
            "select prompt_id from images group by 1 having count(*) > 1 order by 1"
        )["prompt_id"].to_list()
        session_ids = []
        for number in range(1, annotators + 1):
            person = person_of(number)
            chosen = random.Random(number).sample(prompts, min(MOST_PROMPTS, len(prompts)))
            session = start_session(
                warehouse,
                Picker(person.person_id, person.name, person.role.name.lower()),
                chosen,
                mode="sort" if number % SORTS_EVERY == 0 else "battle",
                session_id=str(uuid.uuid4()),
                with_simulated=True,
            )
            session_ids.append(session.session_id)
    finally:
        warehouse.close()
    return session_ids


async def _voting(server: LoadServer, session_ids: Sequence[str], load: Load) -> Voting:
    clicked, closing = asyncio.Event(), asyncio.Event()
    annotators = [
        Annotator(
            Tab(server.address, "rank", {"session": session_id}, person=str(number)),
            session_id,
            load.think_s,
            load.dropped,
            clicked.set,
        )
        for number, session_id in enumerate(session_ids, start=1)
    ]
    analyst = Analyst(Tab(server.address, "explore", {}), load.think_s)
    people = [*annotators, analyst]
    async with asyncio.TaskGroup() as group:
        opening = []
        for annotator in annotators:
            group.create_task(annotator.tab.run())
            opening.append(group.create_task(annotator.open()))
            await asyncio.sleep(ARRIVE_S)
        opened_s = list(await asyncio.gather(*opening))
        background = [group.create_task(_watch(server))]
        if load.analyst:
            group.create_task(analyst.tab.run())
            background.append(group.create_task(analyst.browse()))
        begun, cpu_s = time.perf_counter(), server.measure()
        voting = [group.create_task(each.work(closing)) for each in annotators]
        await asyncio.sleep(load.seconds / 2)
        killed_at = await _kill_within_an_answer(server, clicked) if load.kill else None
        await asyncio.sleep(load.seconds / 2)
        closing.set()
        await asyncio.gather(*voting)
        seconds, cpu_s = time.perf_counter() - begun, server.measure() - cpu_s
        for task in background:
            task.cancel()
        for person in people:
            await person.tab.close()
    clicks = [click for annotator in annotators for click in annotator.clicks]
    return Voting(
        clicks,
        opened_s,
        analyst.waits_s,
        seconds,
        cpu_s / seconds,
        server.most_memory_bytes / 2**20,
        _outage_s(clicks, killed_at),
        [complaint for person in people for complaint in person.tab.complaints],
    )


async def _watch(server: LoadServer) -> None:
    while True:
        await asyncio.sleep(1)
        server.measure()


async def _kill_within_an_answer(server: LoadServer, clicked: asyncio.Event) -> float:
    """SIGKILL a moment after somebody clicked, and start again; when that was."""
    clicked.clear()
    async with asyncio.timeout(PATIENCE_S):
        await clicked.wait()
    await asyncio.sleep(random.uniform(0, KILL_WITHIN_S))
    server.kill()
    killed_at = time.perf_counter()
    await asyncio.to_thread(server.start)
    return killed_at


def _outage_s(clicks: Sequence[Click], killed_at: float | None) -> float | None:
    if killed_at is None:
        return None
    after = [c.acknowledged_at for c in clicks if c.acknowledged_at is not None]
    return min((at - killed_at for at in after if at > killed_at), default=None)
