"""`score`: compute every metric and the GRE-Score of every image."""

from typing import Annotated

import typer

from warehouse.commands.console import say, say_json, writable_warehouse


def score(
    json: Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")] = False,
) -> None:
    """Compute CLIP score, mCos, popularity and the GRE-Score of every image.

    CLIP score and mCos come from the features of the scoring encoder; values that a dataset
    brought stand. The GRE-Score follows the active weight profile.
    """
    from warehouse.scoring import score as compute

    with writable_warehouse() as warehouse:
        report = compute(warehouse)
    if json:
        say_json(vars(report))
        return
    say(f"{report.images:,} images scored, {report.hidden:,} of them hidden as NSFW.")
    shown = report.images - report.hidden
    for metric, present in report.present.items():
        say(f"  {metric}: {present:,} of {shown:,}")
    if report.encoder is None and shown:
        say("No features yet: `python -m warehouse embed` computes them.")
    if report.mixed_prompts:
        say(f"Note: {report.mixed_prompts} prompts mix brought and computed values of one metric.")
