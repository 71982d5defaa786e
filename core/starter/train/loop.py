"""The loop that the stages of training share: steps, learning rates, averages, checkpoints."""

import math
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from tqdm import tqdm

from core.starter.train.checkpoint import Checkpoint, Journal
from core.starter.train.workplace import training_folder

LOG_EVERY = 25


class Trainee(Protocol):
    """What is trained; its state is a dictionary that torch can save."""

    def step(self, number: int, share_done: float) -> dict[str, float]:
        """One step; returns figures to be averaged and logged, `loss` among them."""

    def state(self) -> dict[str, Any]:
        """Weights, averages and optimizers."""

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""

    def after_save(self, seen: int) -> None:
        """Whatever belongs to a checkpoint besides the state."""


@dataclass(frozen=True)
class Run:
    """What one run is to do."""

    name: str  # of the stage and its folder
    unit: str  # what is seen: picture or crop
    total: int  # to be seen in all, over every run since the checkpoint began
    batch_size: int
    save_every_s: float


@dataclass(frozen=True)
class Schedule:
    """Share of the peak learning rate: a warm-up, a constant stretch, a cosine at the end."""

    warmup_steps: int
    cooldown_share: float  # of the whole run
    final: float

    def at(self, step: int, share_done: float) -> float:
        """The share at a step, after a share of the run."""
        late = max(0.0, (share_done - 1 + self.cooldown_share) / self.cooldown_share)
        cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, late)))
        warmup = min(1.0, (step + 1) / self.warmup_steps)
        return warmup * (self.final + (1 - self.final) * cosine)


def train(trainee: Trainee, run: Run) -> bool:
    """Train until enough was seen, from the checkpoint if there is one; False where stopped."""
    folder = training_folder(run.name)
    checkpoint = Checkpoint(folder / "checkpoint.pt", run.save_every_s)
    journal = Journal(folder / "losses.jsonl")
    step, seen = 0, 0
    saved = checkpoint.load()
    if saved:
        trainee.restore(saved)
        step, seen = saved["step"], saved["seen"]

    def save() -> None:
        checkpoint.save({**trainee.state(), "step": step, "seen": seen})
        trainee.after_save(seen)

    recent: list[dict[str, float]] = []
    bar = tqdm(total=run.total, initial=seen, desc=run.name, unit=run.unit, mininterval=10)
    while seen < run.total and not checkpoint.stopping:
        recent.append(trainee.step(step, seen / run.total))
        step, seen = step + 1, seen + run.batch_size
        bar.update(run.batch_size)
        if step % LOG_EVERY == 0:
            means = {
                name: sum(figures[name] for figures in recent) / len(recent) for name in recent[0]
            }
            journal.write(step=step, seen=seen, **means, per_s=bar.format_dict["rate"] or 0.0)
            bar.set_postfix({name: f"{value:.4f}" for name, value in means.items()}, refresh=False)
            recent.clear()
        if checkpoint.is_due():
            save()
    save()
    return not checkpoint.stopping


def set_rates(
    optimizers: list[torch.optim.Optimizer], peaks: tuple[float, ...], share: float
) -> None:
    """Set each optimizer's learning rate to a share of its peak."""
    for optimizer, peak in zip(optimizers, peaks, strict=True):
        for group in optimizer.param_groups:
            group["lr"] = peak * share


def average_decay(most: float, step: int) -> float:
    """How much of a running average stays: little at first, so that it forgets the beginning."""
    return min(most, (step + 1) / (step + 10))


def blend_into(average: torch.nn.Module, current: torch.nn.Module, decay: float) -> None:
    """Move an exponential moving average towards the current weights; buffers are copied."""
    pairs = list(zip(average.parameters(), current.parameters(), strict=True))
    with torch.no_grad():
        torch._foreach_lerp_([a for a, _ in pairs], [c.detach() for _, c in pairs], 1 - decay)
        for kept, new in zip(average.buffers(), current.buffers(), strict=True):
            kept.copy_(new)
