"""`make load`: people vote at once through the real server, and every vote is counted.

Twice: as it is, and with connections that break and a SIGKILL of the server, each within an answer.
Each annotator is a tab without a screen (`load_tab`), so what is measured is the server, the
warehouse and the protocol, and not a browser's drawing. Exits with 1 where an answer is lost,
doubled or altered, or waits are too long.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from tests.load_count import Count
from tests.load_process import ROOT
from tests.load_run import Load, Voting, run

P95_LIMIT_S = 1.0
DROPPED = 0.02  # connections broken, share of clicks


def main() -> int:
    """Both runs, each on a starter home of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--annotators", type=int, default=Load.annotators)
    parser.add_argument("--seconds", type=float, default=Load.seconds)
    parser.add_argument("--home", type=Path, help="copied; else the starter world")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gemboard-load-"))
    try:
        home = asked.home or _starter_home(folder / "starter")
        right = True
        for kill in (False, True):
            shutil.copytree(home, folder / "home")
            dropped = DROPPED if kill else 0.0
            load = Load(asked.annotators, asked.seconds, dropped=dropped, kill=kill)
            voting, count = run(folder / "home", load)
            right &= _report(load, voting, count)
            shutil.rmtree(folder / "home")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if right else 1


def _starter_home(home: Path) -> Path:
    print("Loading the starter world", flush=True)
    subprocess.run(
        [sys.executable, "-m", "warehouse", "starter"],
        cwd=ROOT,
        env={**os.environ, "GEMBOARD_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return home


def _report(load: Load, voting: Voting, count: Count) -> bool:
    """Say what was seen; whether it is as it must be."""
    p95_s = float(np.percentile(voting.waits_s, 95))
    fast = p95_s < P95_LIMIT_S
    browsed = np.array([wait for _, wait in voting.browsed_s]) * 1000
    cut_off = [click.wait_s for click in voting.clicks if click.cut_off and click.wait_s]
    lines = {
        "annotators": f"{load.annotators}, and an analyst" if load.analyst else load.annotators,
        "voting": f"{voting.seconds:.0f} s",
        "load average": f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
        "answers sent": count.sent,
        "acknowledged": count.acknowledged,
        "stored": count.stored,
        "lost": count.lost,
        "doubled": count.doubled,
        "altered": count.altered,
        "never clicked": count.unclicked,
        "click to next pair, ms": _percentiles(voting.waits_s * 1000),
        "connection broke meanwhile": f"{len(cut_off)}, longest {max(cut_off, default=0):.1f} s",
        "opening a session, ms": _percentiles(np.array(voting.opened_s) * 1000),
        "analyst's acts": browsed.size,
        "analyst's waits, ms": _percentiles(browsed) if browsed.size else "none",
        "server's processor": f"{voting.cpu:.2f} cores",
        "server's memory": f"{voting.memory_mib:,.0f} MiB at most",
    }
    if load.kill:
        lines["from SIGKILL to next answer"] = f"{voting.outage_s or 0:.1f} s"
    for complaint in sorted(set(voting.complaints)):
        lines[f"the page said {voting.complaints.count(complaint)} times"] = complaint
    print(f"\n{'With SIGKILL' if load.kill else 'As it is'}")
    for name, value in lines.items():
        print(f"  {name:28} {value}")
    if not count.is_right:
        print("  WRONG: not every answer is stored exactly once, as it was clicked")
    if not fast:
        print(f"  SLOW: p95 is {p95_s:.2f} s, over {P95_LIMIT_S:.0f} s")
    sys.stdout.flush()
    return count.is_right and fast


def _percentiles(values_ms: np.ndarray) -> str:
    names = ("p50", "p95", "p99", "max")
    found = np.percentile(values_ms, (50, 95, 99, 100))
    return ", ".join(f"{name} {value:,.0f}" for name, value in zip(names, found, strict=True))


if __name__ == "__main__":
    sys.exit(main())
