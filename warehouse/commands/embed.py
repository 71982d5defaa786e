"""`embed`: compute the features that are missing."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from core.settings import load_settings
from warehouse.commands.console import progress_bar, say, say_json, writable_warehouse

if TYPE_CHECKING:  # importing it takes a while
    from warehouse.embedding import EmbedReport

SHOWN_SKIPPED = 5


def embed(
    encoder: Annotated[
        str | None,
        typer.Option(
            help="NAME/PRETRAINED of open_clip, NAME//path/to/weights or local-dir:FOLDER; with "
            "+crop at the end, pictures are cropped, not squashed. GEMBOARD_ENCODER if unsaid."
        ),
    ] = None,
    device: Annotated[
        str | None, typer.Option(help="auto, cpu or cuda. GEMBOARD_DEVICE if unsaid.")
    ] = None,
    batch_size: Annotated[
        int, typer.Option(min=1, help="Pictures at a time; more is faster on a GPU.")
    ] = 32,
    scoring: Annotated[
        bool, typer.Option("--scoring", help="Score with this encoder from now on.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")] = False,
) -> None:
    """Compute the features of pictures and prompts that are missing.

    Stopped and started again, it goes on where it was. The first encoder ever used is the one
    that `score` takes; --scoring changes it.

    python -m warehouse embed --encoder local-dir:var/models/clip
    """
    from core.encoders import load_encoder
    from warehouse import embedding
    from warehouse.encoder_registry import scoring_encoder, set_scoring_encoder

    settings = load_settings()
    with writable_warehouse() as warehouse, progress_bar() as progress:
        loaded = load_encoder(
            encoder or settings.encoder, device=device or settings.device, batch_size=batch_size
        )
        report = embedding.embed(
            warehouse,
            loaded,
            batch_size=batch_size,
            limit_mpx=settings.picture_limit_mpx,
            on_progress=progress,
        )
        if scoring:
            set_scoring_encoder(warehouse, report.encoder)
        scored_with = scoring_encoder(warehouse)
    if json:
        skipped = [{"image_id": image_id, "reason": why} for image_id, why in report.skipped]
        say_json({**asdict(report), "skipped": skipped, "scoring_encoder": scored_with})
    else:
        _tell(report, loaded.device, scored_with)


def _tell(report: "EmbedReport", device: str, scored_with: str | None) -> None:
    say(f"Encoder {report.encoder} on {device}.")
    say(f"images: {report.images_added:,} added, {report.images_already:,} as they were")
    say(f"prompts: {report.prompts_added:,} added, {report.prompts_already:,} as they were")
    if report.images_without_picture:
        say(f"{report.images_without_picture:,} images have no picture to take features from.")
    if report.skipped:
        say(f"{len(report.skipped):,} pictures were skipped:")
        for image_id, why in report.skipped[:SHOWN_SKIPPED]:
            say(f"  {image_id}: {why}")
    if scored_with != report.encoder:
        say(f"Scores are computed with {scored_with}; --scoring changes that.")
    elif report.images_added or report.prompts_added:
        say("Next: `python -m warehouse score`.")
