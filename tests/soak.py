"""`make soak`: run the long tests and write what was seen to docs/soak.md."""

import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[1] / "docs" / "soak.md"


class Outcomes:
    """Collects the outcome of each test as pytest reports it."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            name = report.nodeid.split("::")[-1].replace("_", " ")
            self.lines.append(f"| {name} | {report.outcome} | {report.duration:.0f} |")


def main() -> int:
    outcomes = Outcomes()
    start = time.monotonic()
    code = pytest.main(["-m", "soak", "-q", "tests"], plugins=[outcomes])
    PAGE.write_text(
        "# Long tests\n\nWritten by `make soak`.\n\n"
        f"- date: {datetime.now(UTC):%Y-%m-%d}\n"
        f"- machine: {platform.machine()}, Python {platform.python_version()}\n"
        f"- all in all: {time.monotonic() - start:.0f} s\n\n"
        "| test | outcome | seconds |\n| --- | --- | --- |\n" + "\n".join(outcomes.lines) + "\n",
        encoding="utf-8",
    )
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
