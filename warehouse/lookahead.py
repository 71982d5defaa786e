"""Work done in threads a few items ahead of whoever takes the results."""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_ahead(
    function: Callable[[Item], Result], items: Iterable[Item], workers: int = 0
) -> Generator[tuple[Item, Result], None, None]:
    """Each item with `function` of it, in the order given; `workers` 0 takes one per core.

    At most two items per worker are taken ahead, so `items` may be endless and results large.
    Errors of `function` are raised where its result would come. Closing early ends the threads.
    """
    workers = workers or os.cpu_count() or 1
    source = iter(items)
    waiting: deque[tuple[Item, Future[Result]]] = deque()
    pool = ThreadPoolExecutor(workers, thread_name_prefix="lookahead")
    try:
        while True:
            for item in islice(source, 2 * workers - len(waiting)):
                waiting.append((item, pool.submit(function, item)))
            if not waiting:
                return
            item, future = waiting.popleft()
            yield item, future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
