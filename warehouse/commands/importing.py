"""`import`: bring in prompts, models, pictures and features from other layouts."""

from pathlib import Path
from typing import Annotated

import typer

from core.settings import load_settings
from warehouse.commands.console import progress_bar, say, say_json, writable_warehouse
from warehouse.importers.report import ImportReport

app = typer.Typer(
    help="Bring in data: all of it or, at a bad row, nothing. Importing twice changes nothing.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

SkipBad = Annotated[
    bool,
    typer.Option(
        "--skip-bad",
        help="Land the good rows and write the bad ones, with reasons, to a CSV "
        "in the home's folder rejected/.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")]


@app.command("gemrec")
def gemrec(
    roster: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="CSV of models, as GEMRec's roster.")
    ],
    prompts: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="CSV of prompts, as promptset_v6.")
    ],
    images: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="Folder with metadata.csv and pictures."),
    ] = None,
    no_pictures: Annotated[
        bool, typer.Option("--no-pictures", help="Take metadata.csv alone, not the picture files.")
    ] = False,
    skip_bad: SkipBad = False,
    json: Json = False,
) -> None:
    """Import GEMRec's own layout: a roster, a prompt set and a folder of pictures.

    python -m warehouse import gemrec --roster roster.csv --prompts promptset_v6.csv --images DIR
    """
    from warehouse.importers.gemrec import import_gemrec

    with writable_warehouse() as warehouse, progress_bar() as progress:
        report = import_gemrec(
            warehouse,
            roster,
            prompts,
            images,
            load_settings(),
            skip_bad=skip_bad,
            pictures=not no_pictures,
            on_progress=progress,
        )
    _tell(report, json)


@app.command("parquet")
def parquet(
    path: Annotated[
        str, typer.Argument(help="A shard, a folder of shards, or a hub id OWNER/NAME.")
    ],
    skip_bad: SkipBad = False,
    json: Json = False,
) -> None:
    """Import Parquet shards with an image column of {bytes, path}, as the hub stores GEMRec.

    python -m warehouse import parquet MAPS-research/GEMRec-PromptBook
    """
    from warehouse.importers.parquet import import_parquet

    with writable_warehouse() as warehouse, progress_bar() as progress:
        report = import_parquet(
            warehouse, path, load_settings(), skip_bad=skip_bad, on_progress=progress
        )
    _tell(report, json)


@app.command("folder")
def folder(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="Folder of pictures.")
    ],
    csv: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="CSV with columns file, prompt (or prompt_id) and model (or model_version_id); "
            "metadata.csv of the folder when not named.",
        ),
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Where the pictures come from; the folder's name if unsaid.")
    ] = None,
    skip_bad: SkipBad = False,
    json: Json = False,
) -> None:
    """Import any folder of pictures with a CSV that maps each file to its prompt and model.

    python -m warehouse import folder pictures --csv pictures/list.csv
    """
    from warehouse.importers.folder import import_folder

    with writable_warehouse() as warehouse, progress_bar() as progress:
        report = import_folder(
            warehouse,
            folder,
            csv or folder / "metadata.csv",
            load_settings(),
            source=source or folder.resolve().name,
            skip_bad=skip_bad,
            on_progress=progress,
        )
    _tell(report, json)


@app.command("features")
def features(
    path: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="Parquet: image_id or prompt_id, vector."),
    ],
    encoder: Annotated[str, typer.Option(help="Name of the encoder that computed them.")],
    json: Json = False,
) -> None:
    """Import features that were computed elsewhere.

    python -m warehouse import features image_features.parquet --encoder ViT-L-14/openai
    """
    from warehouse.importers.features import import_features

    with writable_warehouse() as warehouse:
        report = import_features(warehouse, path, encoder)
    _tell(report, json)


def _tell(report: ImportReport, json: bool) -> None:
    if json:
        say_json(
            {
                "tables": {name: vars(landed) for name, landed in report.tables.items()},
                "changes": report.changes,
                "rejected": report.rejected,
                "rejects_file": None if report.rejects_file is None else str(report.rejects_file),
                "notes": report.notes,
            }
        )
        return
    for name, landed in report.tables.items():
        say(
            f"{name}: {landed.added:,} added, {landed.changed:,} changed, "
            f"{landed.unchanged:,} as they were"
        )
    if not report.changes:
        say("Nothing changed: the warehouse holds all of this already.")
    for note in report.notes:
        say(note)
    if report.rejected:
        say(f"{report.rejected:,} bad rows were left out: {report.rejects_file}")
    elif report.changes:
        say("Next: `python -m warehouse embed` (features), `python -m warehouse score` (scores).")
