"""What benchmarks on screen share: a home with GEMRec's grid, a server, Chromium's settings."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.settings import load_settings
from warehouse.database import open_warehouse
from warehouse.exporters.synthetic import ENCODER, write_synthetic
from warehouse.importers.features import import_features
from warehouse.importers.gemrec import import_gemrec
from warehouse.scoring import score

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def filled_grid(folder: Path, gemrec: Path) -> list[int]:
    """GEMRec's grid with 18,000 drawn rows and features; the ids of its prompts."""
    roster, prompts = gemrec / "roster.csv", gemrec / "promptset_v6.csv"
    write_synthetic(folder / "grid", roster, prompts)
    warehouse = open_warehouse(folder / "home")
    try:
        import_gemrec(warehouse, roster, prompts, folder / "grid", load_settings(), pictures=False)
        for kind in ("image", "prompt"):
            import_features(warehouse, folder / "grid" / f"{kind}_features.parquet", ENCODER)
        score(warehouse)
        return warehouse.select("select prompt_id from prompts order by 1")["prompt_id"].to_list()
    finally:
        warehouse.close()


@contextmanager
def serving(where: Path, script: str, home: Path) -> Iterator[str]:
    """Streamlit with `script`, run in the folder `where`; its address once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}"],
        cwd=where,
        env={
            **os.environ,
            "GEMBOARD_HOME": str(home),
            "PYTHONPATH": str(ROOT),
            "STREAMLIT_SERVER_HEADLESS": "true",
            "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
