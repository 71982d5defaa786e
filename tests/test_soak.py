"""Long tests: kills in the middle of writing, and many threads on one warehouse."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from core.settings import Settings
from warehouse.database import open_read_only, open_warehouse
from warehouse.exporters.synthetic import write_synthetic
from warehouse.importers.gemrec import import_gemrec

pytestmark = pytest.mark.soak
ROOT = Path(__file__).resolve().parents[1]
MODELS = "model_name,modelVersion_id,model_download_count\n"
PROMPTS = "prompt_id,tag,size,prompt\n"


def small_grid(folder: Path, prompts: int, models: int) -> tuple[Path, Path, Path]:
    roster, promptset = folder / "roster.csv", folder / "prompts.csv"
    roster.write_text(MODELS + "".join(f"m{i},{i},{i * 10}\n" for i in range(1, models + 1)))
    promptset.write_text(
        PROMPTS + "".join(f"{i},t,64x64,prompt {i}\n" for i in range(1, prompts + 1))
    )
    write_synthetic(folder / "grid", roster, promptset, dimension=8, pictures=True)
    return roster, promptset, folder / "grid"


def test_a_hundred_kills_never_leave_half_an_import(tmp_path: Path) -> None:
    roster, prompts, images = small_grid(tmp_path, 5, 12)
    arguments = ["import", "gemrec", "--roster", roster, "--prompts", prompts, "--images", images]
    command = [sys.executable, "-m", "warehouse", *map(str, arguments)]

    def start(home: Path) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "GEMBOARD_HOME": str(home)}
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)

    began = time.monotonic()
    assert start(tmp_path / "whole").wait() == 0
    whole_s = time.monotonic() - began
    chance = random.Random(0)
    seen: Counter[tuple[int, ...]] = Counter()
    for attempt in range(100):
        home = tmp_path / f"home{attempt}"
        process = start(home)
        time.sleep(whole_s * chance.uniform(0.4, 1.2))
        process.send_signal(signal.SIGKILL)
        process.wait()
        warehouse = open_warehouse(home)
        counts = warehouse.table_counts()
        warehouse.close()
        seen[counts["models"], counts["prompts"], counts["images"]] += 1
    assert set(seen) == {(0, 0, 0), (12, 5, 60)}, f"half an import, or one outcome alone: {seen}"


def test_readers_never_see_half_a_write(tmp_path: Path) -> None:
    roster, prompts, images = small_grid(tmp_path, 5, 10)
    warehouse = open_warehouse(tmp_path / "home")
    import_gemrec(warehouse, roster, prompts, images, Settings(home=tmp_path / "home"))
    stop, wrong = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            rows = warehouse.select("select image_id, prompt_id from image_scores")
            if rows.height != 50 or rows["prompt_id"].n_unique() != 5:
                wrong.append(rows.height)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with warehouse.transaction() as cursor:
            cursor.execute("update images set nsfw_score = random()")
    stop.set()
    for thread in threads:
        thread.join()
    warehouse.close()
    assert wrong == []
    assert open_read_only(tmp_path / "home").table_counts()["images"] == 50
