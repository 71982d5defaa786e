"""The training loop counts, logs, saves, and goes on where it was."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from core.starter.train import loop  # noqa: E402  (torch may be absent)
from core.starter.train.loop import Run, Schedule, average_decay, blend_into, train  # noqa: E402


class Counter:
    """Learns nothing, and remembers what it was asked."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.steps: list[tuple[int, float]] = []
        self.total = 0
        self.stop_after = stop_after
        self.saved_at: list[int] = []

    def step(self, number: int, share_done: float) -> dict[str, float]:
        self.steps.append((number, share_done))
        self.total += 1
        if len(self.steps) == self.stop_after:
            signal.raise_signal(signal.SIGTERM)
        return {"loss": float(number)}

    def state(self) -> dict[str, Any]:
        return {"total": self.total}

    def restore(self, state: dict[str, Any]) -> None:
        self.total = state["total"]

    def after_save(self, seen: int) -> None:
        self.saved_at.append(seen)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(loop, "training_folder", lambda name: tmp_path)
    yield tmp_path
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else 0)


def run(total: int) -> Run:
    return Run("counter", "picture", total, batch_size=4, save_every_s=1000)


def test_a_run_sees_what_was_asked_and_logs_means(folder: Path) -> None:
    counter = Counter()
    assert train(counter, run(100))
    assert [number for number, _ in counter.steps] == list(range(25))
    assert counter.saved_at == [100]
    (line,) = (folder / "losses.jsonl").read_text().splitlines()
    told = json.loads(line)
    assert (told["step"], told["seen"], told["loss"]) == (25, 100, 12.0)


def test_a_stopped_run_saves_and_the_next_goes_on(folder: Path) -> None:
    assert not train(Counter(stop_after=7), run(100))
    counter = Counter()
    assert train(counter, run(100))
    assert counter.steps[0] == (7, 0.28)
    assert counter.total == 25


def test_the_learning_rate_warms_up_stays_and_falls() -> None:
    schedule = Schedule(warmup_steps=10, cooldown_share=0.2, final=0.1)
    assert schedule.at(0, 0.0) == pytest.approx(0.1)
    assert schedule.at(9, 0.1) == schedule.at(500, 0.79) == 1.0
    assert schedule.at(900, 0.9) == pytest.approx(0.55)
    assert schedule.at(1000, 1.0) == pytest.approx(0.1)


def test_an_average_follows_weights_slowly_and_buffers_at_once() -> None:
    average, current = (torch.nn.BatchNorm1d(2) for _ in range(2))
    with torch.no_grad():
        current.weight.fill_(2.0)
        current.running_mean.fill_(5.0)
    blend_into(average, current, 0.75)
    assert average.weight.tolist() == [1.25, 1.25]
    assert average.running_mean.tolist() == [5.0, 5.0]
    assert average_decay(0.999, 0) == pytest.approx(0.1)
    assert average_decay(0.999, 10**6) == 0.999
