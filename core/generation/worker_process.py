"""The runner that ships: a child process per device, started when first needed."""

import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from core.encoders import EncoderIdentity
from core.generation.devices import (
    DeviceLostError,
    GenerationError,
    MadeBatch,
    OnStep,
    Step,
    Work,
)
from core.generation.worker_messages import (
    line,
    packed,
    read_batch,
    read_error,
    read_step,
    unpacked,
    work_content,
)

ROOT = Path(__file__).resolve().parents[2]
ASK_EVERY_S = 0.05  # how often `stopped` is asked
STEP_LIMIT_S = 60.0  # a step that goes on after a stop for longer is ended by force
END_S = 5.0
STARTING = "Starting the device: libraries are loaded once"


class WorkerProcess:
    """A DeviceRunner whose work is done by `python -m core.generation.worker_main`."""

    def __init__(self, name: str, checker: str | None = None) -> None:
        self.name = name
        self.words = ""  # device, precision, how memory is saved; empty until it has started
        self._checker = checker
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as this does
        self._number = 0
        self._using = threading.Lock()

    @property
    def pid(self) -> int | None:
        """Id of the process while it runs."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    def warm(self, work: Work | None) -> None:
        """Start, and load the weights of `work`. Raises GenerationError."""
        with self._using:
            answer = self._ask("warm", work=None if work is None else work_content(work))
            self.words = answer["words"]

    def make(self, work: Work, on_step: OnStep, stopped: Callable[[], bool]) -> MadeBatch:
        """The pictures of one batch. Raises GenerationError and its kinds."""
        with self._using:
            if self.pid is None:
                on_step(Step(0, work.requests[0].steps, STARTING))
            answer = self._ask("make", on_step, stopped, work=work_content(work))
            self.words = answer["device"]
            return read_batch(answer)

    def features(
        self, encoder: str, pictures: Sequence[bytes], texts: Sequence[str]
    ) -> tuple[EncoderIdentity, np.ndarray]:
        """Which encoder the spec names, and features by it. Raises GenerationError."""
        with self._using:
            answer = self._ask(
                "features",
                encoder=encoder,
                device=self.name.split(":")[0],
                pictures=[packed(data) for data in pictures],
                texts=list(texts),
            )
        identity = EncoderIdentity(**answer["encoder"])
        flat = np.frombuffer(unpacked(answer["vectors"]), np.float32)
        return identity, flat.reshape(-1, identity.dimension)

    def close(self) -> None:
        """End the process, at once if it is in the middle of something."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        with suppress(OSError):
            process.stdin.close()  # it ends when nobody writes
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _ask(
        self,
        kind: str,
        on_step: OnStep = lambda step: None,
        stopped: Callable[[], bool] = lambda: False,
        **content: Any,
    ) -> dict[str, Any]:
        """Send one message and wait for its answer. Raises GenerationError and its kinds."""
        process = self._running()
        self._number += 1
        self._send(process, {"id": self._number, "kind": kind, **content})
        for message in self._answers(process, self._number, stopped):
            if message["id"] == 0 and message["kind"] == "failed":
                self.close()
            if message["kind"] == "failed":
                raise read_error(message)
            if message["id"] != self._number:
                continue
            if message["kind"] == "done":
                return message
            on_step(read_step(message))
        raise AssertionError("the answers never end by themselves")

    def _answers(
        self, process: "subprocess.Popen[bytes]", number: int, stopped: Callable[[], bool]
    ) -> Iterator[dict[str, Any]]:
        stopping_s: float | None = None
        while True:
            try:
                message = self._lines.get(timeout=ASK_EVERY_S)
            except queue.Empty:
                message = {}
            if message is None:
                raise self._lost(process)
            if stopping_s is None and stopped():
                self._send(process, {"id": number, "kind": "stop"})
                stopping_s = 0.0
            if message:
                yield message
            elif stopping_s is not None:
                stopping_s += ASK_EVERY_S
                if stopping_s > STEP_LIMIT_S:
                    process.kill()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is not None and self._process.poll() is None:
            return self._process
        command = [sys.executable, "-m", "core.generation.worker_main", self.name]
        if self._checker:
            command += ["--checker", self._checker]
        self._said.seek(0)
        self._said.truncate()
        self._lines = queue.Queue()
        self.words = ""
        process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            command,
            cwd=ROOT,
            env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE", "HF_HUB_DISABLE_TELEMETRY": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
        )
        threading.Thread(target=_read, args=(process, self._lines), daemon=True).start()
        self._process = process
        return process

    def _send(self, process: "subprocess.Popen[bytes]", message: Mapping[str, Any]) -> None:
        assert process.stdin is not None
        try:
            process.stdin.write(line(message))
            process.stdin.flush()
        except OSError as error:
            raise self._lost(process) from error

    def _lost(self, process: "subprocess.Popen[bytes]") -> GenerationError:
        """Why the process is gone."""
        code = process.wait()
        self._process = None
        self._said.seek(0)
        said = self._said.read().decode(errors="replace").strip().splitlines()
        if code < 0:
            why = f"it was killed by {signal.Signals(-code).name}"
            if code == -signal.SIGKILL:
                why += ", as systems do that run out of memory"
        else:
            why = said[-1][:300] if said else f"it ended with {code}"
        return DeviceLostError(f"The process of {self.name} is gone: {why}.")


def _read(process: "subprocess.Popen[bytes]", lines: "queue.Queue[dict[str, Any] | None]") -> None:
    assert process.stdout is not None
    with process.stdout as stream:
        for text in stream:
            lines.put(json.loads(text))
    lines.put(None)
