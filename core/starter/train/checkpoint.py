"""Checkpoints that survive a kill at any moment, and a journal of losses."""

import json
import random
import signal
import time
from pathlib import Path
from types import FrameType
from typing import Any


class Checkpoint:
    """One file, replaced atomically; asks for a save every so often and on SIGTERM or Ctrl-C."""

    def __init__(self, path: Path, every_s: float = 120) -> None:
        self.path = path
        self.every_s = every_s
        self.stopping = False
        self._saved_at = time.monotonic()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def is_due(self) -> bool:
        """Whether it is time to save."""
        return self.stopping or time.monotonic() - self._saved_at > self.every_s

    def save(self, state: dict[str, Any]) -> None:
        """Write the state and the random generators."""
        import torch

        generators = {
            "torch": torch.get_rng_state(),
            "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
            "python": random.getstate(),
        }
        partial = self.path.with_suffix(".partial")
        torch.save({**state, "generators": generators}, partial)
        partial.replace(self.path)
        self._saved_at = time.monotonic()

    def load(self) -> dict[str, Any] | None:
        """The saved state, random generators set as they were; None where there is none."""
        import torch

        if not self.path.exists():
            return None
        # Our own file: it holds optimizer and generator states, which weights_only refuses.
        state: dict[str, Any] = torch.load(self.path, map_location="cpu", weights_only=False)
        generators = state.pop("generators")
        torch.set_rng_state(generators["torch"])
        if generators["cuda"] and torch.cuda.is_available():
            torch.cuda.set_rng_state_all(generators["cuda"])
        random.setstate(generators["python"])
        return state


class Journal:
    """Appends one JSON object a line: step, loss, speed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, **figures: float | str) -> None:
        """Append one line."""
        rounded = {k: round(v, 6) if isinstance(v, float) else v for k, v in figures.items()}
        with self.path.open("a") as file:
            file.write(
                json.dumps({"time": time.strftime("%FT%TZ", time.gmtime()), **rounded}) + "\n"
            )
