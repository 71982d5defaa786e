"""`identify`: which model made a picture, and how well that is told here."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from core.errors import EncoderError
from core.settings import load_settings
from warehouse.commands.bench_tables import say_bench
from warehouse.commands.console import progress_bar, say, say_json, writable_warehouse
from warehouse.database import Warehouse

if TYPE_CHECKING:  # importing it takes a while
    from warehouse.identification.bench import Bench
    from warehouse.identification.identify import Identified

LISTED = 10
_LIKE = "a picture of it like yours"


class PicturesFirst(TyperGroup):
    """`identify PICTURE...` stands for `identify pictures PICTURE...`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Whatever names no command of the group is a picture, or an option for pictures."""
        if args and args[0] not in (*self.commands, "--help"):
            args = ["pictures", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=PicturesFirst,
    help="Which model makes pictures like these: `identify PICTURE...`; `identify bench` measures "
    "how often that is told right. The first question after pictures changed tunes the methods, "
    "which takes up to a few minutes.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")]


@app.command("pictures")
def pictures(
    files: Annotated[
        list[Path], typer.Argument(metavar="PICTURE...", help="PNG, JPEG or WebP; 1 to 6 files.")
    ],
    caption: Annotated[
        list[str] | None,
        typer.Option(help="What the pictures show: one for all, or one for each in their order."),
    ] = None,
    json: Json = False,
) -> None:
    """Rank the models here by how likely they made these pictures, with a probability each.

    `pictures` may be left out. With captions answers are surer; without, the nearest prompt of the
    warehouse is suggested. Features come from the encoder that is scored with.

    python -m warehouse identify photo.png --caption "a red fox in the snow" --json
    """
    from warehouse.identification.examples import check_count, read_example
    from warehouse.identification.identify import identify
    from warehouse.search_encoder import search_encoder

    settings = load_settings()
    check_count(len(files))
    examples = [read_example(path, settings.picture_limit_mpx) for path in files]
    said = list(caption or [])
    if len(said) == 1:
        said *= len(files)
    with writable_warehouse() as warehouse, progress_bar() as progress:
        encoder = search_encoder(warehouse, _encoder(warehouse), settings)
        found = identify(warehouse, encoder, examples, said, on_progress=progress)
    if json:
        say_json(asdict(found) | {"examples": [str(path) for path in files]})
    else:
        _print(found, [str(path) for path in files])


@app.command("bench")
def bench(json: Json = False) -> None:
    """How often each method tells the right model, on the pictures that were kept apart.

    Questions of 1 to 6 pictures about prompts that no specification has; whatever is tuned is tuned
    on specification prompts. --json prints {method, examples, top1, top5, mean_rank, tasks} of each
    method; without it come intervals, differences, ablations, calibration and distances too, which
    takes a few minutes.

    python -m warehouse identify bench --json
    """
    from warehouse.identification.bench import bench as run

    with writable_warehouse() as warehouse, progress_bar() as progress:
        found = run(warehouse, _encoder(warehouse), with_ablations=not json, on_progress=progress)
    if json:
        say_json(_rows(found))
    else:
        say_bench(found)


def _encoder(warehouse: Warehouse) -> str:
    from warehouse.encoder_registry import scoring_encoder

    key = scoring_encoder(warehouse)
    if key is None:
        raise EncoderError(
            "There are no features to identify by: `python -m warehouse embed` computes them."
        )
    return key


def _rows(found: "Bench") -> list[dict[str, Any]]:
    return [
        {
            "method": line.name,
            "examples": line.examples,
            "top1": line.figures.top[0].value,
            "top5": line.figures.top[4].value,
            "mean_rank": line.figures.mean_rank.value,
            "tasks": line.figures.tasks,
        }
        for line in found.lines
    ]


def _print(found: "Identified", files: list[str]) -> None:
    """A table for people; names and captions are shown as text."""
    if found.none_of_these:
        say("None of these, likely: no model here fits well. The nearest:")
    table = Table(box=None, pad_edge=False)
    for title in ("rank", "model", "probability", _LIKE, "cosine"):
        table.add_column(title, justify="left" if title in ("model", _LIKE) else "right")
    for model in found.models[:LISTED]:
        name = Text(f"{model.model_name} {model.version_name or ''}".strip())
        chance = "" if model.probability is None else f"{model.probability:.1%}"
        similar = [each for example in model.evidence for each in example]
        nearest = max(similar, key=lambda each: each.cosine, default=None)
        like = (Text(nearest.image_id), f"{nearest.cosine:.2f}") if nearest else ("", "")
        table.add_row(f"{model.rank}", name, chance, *like)
    Console().print(table)
    for path, caption in zip(files, found.captions, strict=True):
        if caption is not None and not caption.typed:
            used = "taken as its caption" if found.wording == "nearest" else "not used"
            say(f"{path}: no caption. The nearest prompt here is “{caption.text}” ({used}).")
    say(f"{len(found.models)} models by features of {found.encoder}.")
    if found.models_without_specification:
        say(f"{found.models_without_specification} models have no pictures to be known by.")
    if found.presence is not None:
        say(
            f"Chance that one of them made these, at even odds before: {found.presence:.0%}. "
            f"Probabilities are off by {found.calibration_error:.1%} on held-out pictures."
        )
