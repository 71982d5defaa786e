"""How long from starting the dashboard to a first page that is all there."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

from core.settings import load_settings
from tests.bench_server import ARGUMENTS, CHROMIUM, ROOT
from warehouse.database import open_warehouse
from warehouse.exporters.synthetic import write_synthetic
from warehouse.importers.gemrec import import_gemrec
from warehouse.scoring import score

EMPTY_PAGE = "import streamlit as st\nst.title('Nothing')\n"
STARTS = 3


def first_page_ms(gemrec: Path) -> tuple[float, float]:
    """Medians for our dashboard on GEMRec's grid, and for a Streamlit script of two lines."""
    folder = Path(tempfile.mkdtemp(prefix="gemboard-bench-"))
    try:
        roster, prompts = gemrec / "roster.csv", gemrec / "promptset_v6.csv"
        write_synthetic(folder / "grid", roster, prompts)
        warehouse = open_warehouse(folder / "home")
        settings = load_settings()
        import_gemrec(warehouse, roster, prompts, folder / "grid", settings, pictures=False)
        score(warehouse)
        warehouse.close()
        (folder / "empty.py").write_text(EMPTY_PAGE)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            ours = [_start(browser.new_page(), ROOT, folder, "Weights in force")]
            peer = [_start(browser.new_page(), folder, folder, "Nothing")]
            for _ in range(STARTS - 1):
                ours.append(_start(browser.new_page(), ROOT, folder, "Weights in force"))
                peer.append(_start(browser.new_page(), folder, folder, "Nothing"))
            browser.close()
        return sorted(ours)[STARTS // 2], sorted(peer)[STARTS // 2]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(page: Page, where: Path, folder: Path, last_words: str) -> float:
    """Milliseconds from starting the process to `last_words` on the page."""
    script = "dashboard/server.py" if where == ROOT else "empty.py"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}"],
        cwd=where,
        env={
            **os.environ,
            "GEMBOARD_HOME": str(folder / "home"),
            "STREAMLIT_SERVER_HEADLESS": "true",
            "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = started + 60
        while time.perf_counter() < deadline:
            try:
                page.goto(f"http://127.0.0.1:{port}/")
                break
            except Error:
                time.sleep(0.02)
        page.get_by_text(last_words).first.wait_for(timeout=60_000)
        return (time.perf_counter() - started) * 1000
    finally:
        process.terminate()
        process.wait()
        page.close()
