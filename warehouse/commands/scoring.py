"""`score`: compute every metric and the GRE-Score of every image."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from core.settings import load_settings
from warehouse.commands.console import progress_bar, say, say_json, writable_warehouse

if TYPE_CHECKING:  # importing it takes a while
    from warehouse.measuring import Measured

SHOWN_UNREADABLE = 5


def score(
    metric: Annotated[
        list[str] | None,
        typer.Option(
            help="Score this metric too, though no profile weighs it, such as sharpness; "
            "may be repeated."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")] = False,
) -> None:
    """Compute every metric that a weight profile weighs, and the GRE-Score of every image.

    CLIP score and mCos come from the features of the scoring encoder; values that a dataset
    brought stand. Metrics read from picture files are measured once per picture and kept;
    stopped and started again, it goes on. The GRE-Score follows the active weight profile.

    python -m warehouse score --metric sharpness
    """
    from warehouse.scoring import score as compute

    settings = load_settings()
    with writable_warehouse() as warehouse, progress_bar() as progress:
        report = compute(
            warehouse,
            metrics=metric or (),
            limit_mpx=settings.picture_limit_mpx,
            workers=settings.workers,
            on_progress=progress,
        )
    if json:
        say_json(asdict(report))
        return
    say(f"{report.images:,} images scored, {report.hidden:,} of them hidden as NSFW.")
    shown = report.images - report.hidden
    for name, present in report.present.items():
        say(f"  {name}: {present:,} of {shown:,}")
    for name, measured in report.measured.items():
        _tell_measured(name, measured)
    for name, lack in report.unavailable.items():
        say(f"Note: {name} is empty. {lack}")
    if report.encoder is None and shown:
        say("No features yet: `python -m warehouse embed` computes them.")
    if report.mixed_prompts:
        say(f"Note: {report.mixed_prompts} prompts mix brought and computed values of one metric.")


def _tell_measured(name: str, measured: "Measured") -> None:
    say(f"{name}: {measured.added:,} measured, {measured.already:,} as they were")
    if measured.without_picture:
        say(f"  {measured.without_picture:,} images have no picture to measure.")
    if measured.unreadable:
        say(f"  {len(measured.unreadable):,} images stay without it:")
        for image_id, why in measured.unreadable[:SHOWN_UNREADABLE]:
            say(f"    {image_id}: {why}")
