"""The server's process for a load test: started, killed, started again, and what it uses."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
START_S = 90


class LoadServer:
    """`tests.load_server` over a home, on one port for as long as the test runs."""

    def __init__(self, home: Path, port: int | None = None) -> None:
        self.home, self.port = home, port or _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.most_memory_bytes = 0
        self._cpu_s, self._ended_cpu_s = 0.0, 0.0  # of this process, of those that ended
        self._process: psutil.Popen | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.home / "server.log").open("a") as log:
            self._process = psutil.Popen(
                [sys.executable, "-m", "tests.load_server", "--server.port", str(self.port)],
                cwd=ROOT,
                env={**os.environ, "GEMBOARD_HOME": str(self.home)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            assert self._process.poll() is None, f"The server ended: {self.log()}"
            try:
                urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=2).close()
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"The server did not start within {START_S} s: {self.log()}")

    def kill(self) -> None:
        """SIGKILL: no line of the server runs after this."""
        self.measure()
        self._process.kill()
        self._process.wait()
        self._ended_cpu_s, self._cpu_s = self._ended_cpu_s + self._cpu_s, 0.0

    def stop(self) -> None:
        """End it as a service manager would, so that the database can be opened."""
        if self._process and self._process.poll() is None:
            self.measure()
            self._process.terminate()
            self._process.wait(timeout=60)

    def measure(self) -> float:
        """Processor seconds used so far, by all processes; notes the memory too."""
        with suppress(psutil.NoSuchProcess):
            times, memory = self._process.cpu_times(), self._process.memory_info()
            self._cpu_s = times.user + times.system
            self.most_memory_bytes = max(self.most_memory_bytes, memory.rss)
        return self._ended_cpu_s + self._cpu_s

    def log(self) -> str:
        """What the server said."""
        return (self.home / "server.log").read_text()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
