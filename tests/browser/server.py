"""The real server over a home, on a free port, for as long as a test needs it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_S = 60


@contextmanager
def serving(home, port=None):
    """Address of a running dashboard over `home`; on a free port where none is given."""
    port = port or _free_port()
    log = home / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "streamlit",
                "run",
                "dashboard/server.py",
                "--server.port",
                str(port),
            ],
            cwd=ROOT,
            env={**os.environ, "GEMBOARD_HOME": str(home)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(server, f"http://127.0.0.1:{port}/_stcore/health", log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(server, address, log):
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        assert server.poll() is None, f"The server ended: {log.read_text()}"
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"The server did not start within {START_S} s: {log.read_text()}")
