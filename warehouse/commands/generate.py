"""`generate`: fill the missing cells of a grid of models x prompts."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.errors import GemboardError, shortened
from core.settings import load_settings
from warehouse.commands.console import progress_bar, say, say_json, writable_warehouse

if TYPE_CHECKING:  # importing it takes a while
    from warehouse.generation.build_plans import BuildPlan
    from warehouse.generation.building import BuildReport

ALL = "all"
SHOWN_SKIPPED = 5


class IdsError(GemboardError):
    """A list of numbers that is none."""

    wrong_usage = True


def generate(
    models: Annotated[
        str, typer.Option(help="Comma-separated model_version_id, or all that are usable here.")
    ],
    prompts: Annotated[str, typer.Option(help="Comma-separated prompt_id, or all.")],
    device: Annotated[
        str | None,
        typer.Option(help="cpu, cuda:0,cuda:1 or auto. GEMBOARD_GENERATION_DEVICES if unsaid."),
    ] = None,
    steps: Annotated[int | None, typer.Option(help="Steps; the base's own if unsaid.")] = None,
    cfg: Annotated[
        float | None, typer.Option(help="CFG scale; the prompt's, else the base's own if unsaid.")
    ] = None,
    sampler: Annotated[
        str | None, typer.Option(help="Sampler; the prompt's, else the base's own if unsaid.")
    ] = None,
    batch: Annotated[
        int | None, typer.Option(min=1, max=256, help="Pictures computed at once.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be made and how long it takes.")
    ] = False,
    no_score: Annotated[
        bool, typer.Option("--no-score", help="Leave features and scores for later.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")] = False,
) -> None:
    """Fill the missing cells of a grid of models x prompts, then compute features and scores.

    Each prompt has one seed, shared by all models. Where neither prompt nor base says otherwise,
    pictures are made by Euler a in 30 steps with CFG 7, as GEMRec did. Each model is loaded once.
    Stopped at any moment and started again, it goes on, and ends with the same bytes.

    python -m warehouse generate --models all --prompts 1,2,3 --dry-run
    """
    from core.generation.local_devices import local_devices
    from core.generation.safety import checker_place
    from core.generation.worker_process import WorkerProcess
    from warehouse.generation.build_plans import Wishes, plan_build
    from warehouse.generation.building import Builder

    settings = load_settings()
    names = local_devices(device or settings.generation_devices)
    model_ids, prompt_ids = _ids("--models", models), _ids("--prompts", prompts)
    wishes = Wishes(steps, cfg, sampler, batch)
    with writable_warehouse() as warehouse:
        plan = plan_build(warehouse, model_ids, prompt_ids, names, wishes)
        if dry_run:
            _tell_plan(plan, names, json=json)
            return
        if not json:
            _say_skipped(plan)
        place = checker_place(settings)
        runners = [WorkerProcess(name, None if place is None else str(place)) for name in names]
        try:
            with progress_bar() as progress:
                builder = Builder(warehouse, settings, runners, progress)
                report = builder.build(plan, finish=not no_score)
        finally:
            for runner in runners:
                runner.close()
    _tell_report(plan, report, json=json)


def _ids(option: str, text: str) -> list[int] | None:
    """Numbers between commas; None for all. Raises IdsError."""
    if text.strip() == ALL:
        return None
    parts = [part.strip() for part in text.split(",") if part.strip()]
    wrong = [part for part in parts if not (part.isascii() and part.isdigit() and len(part) < 19)]
    if wrong or not parts:
        raise IdsError(
            f"{option}: {shortened(wrong[0] if wrong else text)} is no number. "
            "Write numbers between commas, such as 1,2,3, or all."
        )
    return [int(part) for part in parts]


def _tell_plan(plan: "BuildPlan", names: tuple[str, ...], *, json: bool) -> None:
    content: dict[str, Any] = {
        "cells": plan.missing,
        "filled": plan.filled,
        "model_loads": plan.loads,
        "estimated_seconds": round(plan.seconds, 3),
        "measured": plan.measured,
        "batch": plan.batch_size,
        "batches": len(plan.batches),
        "devices": list(names),
        "skipped": list(plan.skipped),
    }
    if json:
        say_json(content)
        return
    _say_skipped(plan)
    say(f"{plan.missing:,} cells to fill, {plan.filled:,} are filled already.")
    say(f"{plan.loads:,} model loads, batches of {plan.batch_size} on {', '.join(names)}.")
    basis = "from what was measured here" if plan.measured else "a guess: nothing was measured yet"
    say(f"About {plan.seconds:,.0f} s ({basis}).")


def _tell_report(plan: "BuildPlan", report: "BuildReport", *, json: bool) -> None:
    if json:
        say_json(
            {
                "cells": report.made,
                "filled": plan.filled,
                "model_loads": plan.loads,
                "seconds": round(report.seconds, 3),
                "load_seconds": round(report.load_seconds, 3),
                "notes": list(report.notes),
                "skipped": list(plan.skipped),
            }
        )
        return
    each = f", {report.seconds / report.made:.2f} s each" if report.made else ""
    say(f"{report.made:,} cells filled in {report.seconds:,.0f} s{each}.")
    for note in report.notes:
        say(f"Note: {note}")


def _say_skipped(plan: "BuildPlan") -> None:
    if plan.skipped:
        say(f"{len(plan.skipped):,} models cannot make pictures here:")
        for line in plan.skipped[:SHOWN_SKIPPED]:
            say(f"  {line}")
