"""The process of one device: `python -m core.generation.worker_main DEVICE [--checker PLACE]`.

It holds the weights, so that neither a crash nor a lack of memory touches whoever asked. Lines of
JSON come in on standard input and go out on standard output; when nobody writes any more, it ends
at once, in the middle of a step if need be.
"""

import argparse
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from core.errors import MissingPackageError
from core.generation.worker import Worker
from core.generation.worker_messages import error_content, line


def main() -> None:
    """Work until nobody writes any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the owner, who then ends this
    parser = argparse.ArgumentParser(prog="python -m core.generation.worker_main")
    parser.add_argument("device")
    parser.add_argument("--checker")
    told = parser.parse_args()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print goes beside, not between our lines
    inbox: queue.Queue[dict[str, Any]] = queue.Queue()
    speaking = threading.Lock()

    def tell(message: Mapping[str, Any]) -> None:
        with speaking:
            out.write(line(message))
            out.flush()

    stopped: set[int] = set()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, inbox, stopped), daemon=True).start()
    worker = _started(told.device, told.checker, tell)
    worker.stopped = stopped
    while True:
        worker.do(inbox.get())


def _started(device: str, checker: str | None, tell: Callable[[Mapping[str, Any]], None]) -> Worker:
    try:
        from core.generation.engine import Engine

        engine = Engine(device)
        judge = None
        if checker:
            from core.generation.safety import load_checker

            judge = load_checker(checker, device)
    except ImportError as error:
        missing = MissingPackageError("Making pictures", error.name or "torch")
        tell({"id": 0, "kind": "failed", **error_content(missing)})
        sys.exit(1)
    except Exception as error:
        tell({"id": 0, "kind": "failed", **error_content(error)})
        sys.exit(1)
    tell({"id": 0, "kind": "done", "words": engine.words})
    return Worker(engine, tell, judge)


def _listen(stream: BinaryIO, inbox: "queue.Queue[dict[str, Any]]", stopped: set[int]) -> None:
    for text in stream:
        message = json.loads(text)
        if message["kind"] == "stop":
            stopped.add(message["id"])
        else:
            inbox.put(message)
    os._exit(0)


if __name__ == "__main__":
    main()
