"""`add`: one's own checkpoints and LoRAs become models."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from warehouse.commands.console import progress_bar, say, say_json, writable_warehouse

app = typer.Typer(
    help="Add what pictures are made with: the weights are checked, hashed and brought into the "
    "home, and can be used at once.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("model")
def model(
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH|HUB_ID",
            help="A safetensors file, a folder in diffusers' layout, or a hub id OWNER/NAME.",
        ),
    ],
    base: Annotated[
        str | None,
        typer.Option(
            help="Its base, such as SD 1.5; of a LoRA also the version id of a checkpoint that is "
            "here. Told by the file if unsaid.",
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="The model's name; the file's if unsaid.")
    ] = None,
    version: Annotated[str | None, typer.Option(help="The version's name.")] = None,
    kind: Annotated[
        str | None,
        typer.Option(help="checkpoint, lora or merge; told by the file if unsaid."),
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option(help="What it is for; may be given several times.")
    ] = None,
    licence: Annotated[str | None, typer.Option(help="Its licence.")] = None,
    downloads: Annotated[
        int | None, typer.Option(min=0, help="How often a hub says it was downloaded; else 0.")
    ] = None,
    trained_word: Annotated[
        list[str] | None,
        typer.Option(help="A word that calls what it learned; may be given several times."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")] = False,
) -> None:
    """Add a checkpoint (SD 1, SD 2, SDXL) or a LoRA in diffusers' or Kohya's layout.

    The file stays where it is; the home gets a hard link where the disk allows, else a copy.
    Pickles (.ckpt, .pt, .bin) are refused, and so is a LoRA that fits no checkpoint that is here.

    python -m warehouse add model inkwash.safetensors --name "Ink Wash" --tag style
    """
    from warehouse.generation.adding import add_from_hub, add_model
    from warehouse.generation.model_details import ModelDetails
    from warehouse.importers.hub import is_hub_id

    details = ModelDetails(
        base=base,
        name=name,
        version=version,
        kind=kind,
        tags=tuple(tag or ()),
        trained_words=tuple(trained_word or ()),
        licence=licence,
        downloads=downloads,
    )
    local = Path(path).expanduser()
    with writable_warehouse() as warehouse, progress_bar() as show:
        if local.exists() or not is_hub_id(path):
            added = add_model(warehouse, local, details, on_progress=show)
        else:
            added = add_from_hub(warehouse, path, details, on_progress=show)
    if json:
        say_json(asdict(added))
        return
    version_words = f" {added.version_name}" if added.version_name else ""
    what = f"{added.model_name}{version_words} ({added.kind} of {added.base_model})"
    if added.is_new:
        say(f"{what} is model {added.model_version_id}, ready to make pictures.")
        say(f"{added.bytes / 2**20:,.0f} MiB at {added.path}, SHA-256 {added.sha256}.")
    else:
        say(f"{what} is here already, as model {added.model_version_id}: nothing was changed.")
