"""`synthetic`: a drawn grid of GEMRec's size, to test and measure with."""

from pathlib import Path
from typing import Annotated

import typer

from warehouse.commands.console import progress_bar, say, say_json


def synthetic(
    folder: Annotated[Path, typer.Argument(help="Where to write it.")],
    roster: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="CSV of models.")],
    prompts: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="CSV of prompts.")],
    pictures: Annotated[
        bool, typer.Option("--pictures", help="Draw a picture for every cell too.")
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed gives the same grid.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")] = False,
) -> None:
    """Draw a grid of every prompt with every model, in GEMRec's own layout, marked simulated.

    The folder holds metadata.csv with drawn CLIP scores, 768-long features as Parquet, and with
    --pictures a drawn landscape for every cell.
    """
    from warehouse.exporters.synthetic import ENCODER, write_synthetic

    with progress_bar() as progress:
        report = write_synthetic(
            folder, roster, prompts, pictures=pictures, seed=seed, on_progress=progress
        )
    if json:
        say_json(vars(report))
        return
    say(f"{report.images:,} images of {report.prompts} prompts x {report.models} models.")
    say(f"Next: import gemrec --roster {roster} --prompts {prompts} --images {folder}")
    say(f"and:  import features {folder}/image_features.parquet --encoder {ENCODER}")
