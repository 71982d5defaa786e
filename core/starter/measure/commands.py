"""What can be measured, one command each."""

import json
from pathlib import Path
from typing import Annotated

import typer

from core.starter.manifest import BASE_FOLDER, ENCODER_FOLDER, LORA_FOLDER
from core.starter.train.workplace import choose_device

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="""Measure the starter's models on scenes that were never trained on.

    Shares are between 0 and 1. The encoder has only seen drawings, never a generated picture.""",
)

Base = Annotated[Path, typer.Option(help="Folder of the pipeline.")]
Encoder = Annotated[Path, typer.Option(help="Folder of the open_clip model.")]
Steps = Annotated[int, typer.Option(help="Denoising steps.")]
Sheet = Annotated[Path | None, typer.Option(help="Save a sheet of the pictures here.")]
AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON and nothing else.")]
Threads = Annotated[int, typer.Option(help="CPU threads; 0 takes all.")]


@app.command()
def autoencoder(as_json: AsJson = False, threads: Threads = 0) -> None:
    """PSNR in dB of fresh drawings after encoding and decoding, by style."""
    choose_device("cpu", threads)
    from core.starter.train.autoencoder import load_autoencoder
    from core.starter.train.decoder import measure_psnr

    _show(measure_psnr(load_autoencoder()), as_json)


@app.command()
def encoder(
    folder: Encoder = ENCODER_FOLDER,
    count: Annotated[int, typer.Option(help="Fresh drawings.")] = 400,
    as_json: AsJson = False,
    threads: Threads = 0,
) -> None:
    """The encoder's zero-shot accuracy and retrieval on fresh drawings."""
    choose_device("cpu", threads)
    from core.starter.measure.figures import encoder_figures

    _show(encoder_figures(folder, count), as_json)


@app.command()
def base(
    folder: Base = BASE_FOLDER,
    encoder_folder: Encoder = ENCODER_FOLDER,
    count: Annotated[int, typer.Option(help="Pictures to generate.")] = 320,
    steps: Steps = 20,
    sheet: Sheet = None,
    as_json: AsJson = False,
    threads: Threads = 0,
) -> None:
    """How well the base model's pictures follow their prompts."""
    choose_device("cpu", threads)
    from core.starter.measure.figures import base_figures

    _show(base_figures(folder, encoder_folder, count, steps, sheet), as_json)


@app.command("style-words")
def style_words(
    folder: Base = BASE_FOLDER,
    encoder_folder: Encoder = ENCODER_FOLDER,
    each: Annotated[int, typer.Option(help="Pictures for each style.")] = 16,
    steps: Steps = 20,
    sheet: Sheet = None,
    as_json: AsJson = False,
    threads: Threads = 0,
) -> None:
    """How often the base model's pictures show the style that their prompt names."""
    choose_device("cpu", threads)
    from core.starter.grammar import BASE_STYLES
    from core.starter.measure.figures import style_word_figures

    styles = list(BASE_STYLES)
    _show(style_word_figures(folder, encoder_folder, styles, each, steps, sheet), as_json)


@app.command("style-loras")
def style_loras(
    folder: Base = BASE_FOLDER,
    loras: Annotated[Path, typer.Option(help="Folder of the LoRAs.")] = LORA_FOLDER,
    encoder_folder: Encoder = ENCODER_FOLDER,
    each: Annotated[int, typer.Option(help="Pictures for each LoRA.")] = 16,
    steps: Steps = 20,
    sheet: Sheet = None,
    as_json: AsJson = False,
    threads: Threads = 0,
) -> None:
    """How often the pictures of a style or palette LoRA show its style."""
    choose_device("cpu", threads)
    from core.starter.measure.figures import style_lora_figures

    _show(style_lora_figures(folder, loras, encoder_folder, each, steps, sheet), as_json)


@app.command()
def grid(
    sheet: Annotated[Path | None, typer.Option(help="Save a sheet of all models here.")] = None,
    as_json: AsJson = False,
    threads: Threads = 0,
) -> None:
    """How often the shipped grid shows the thing that was asked for, and its model's style."""
    choose_device("cpu", threads)
    from core.starter.measure.grid import grid_figures, grid_sheet

    if sheet:
        grid_sheet().save(sheet, quality=80)
    found = grid_figures()
    _show({f"{name} ({found.pictures[name]})": s for name, s in found.shares.items()}, as_json)


@app.command()
def speed(folder: Base = BASE_FOLDER, as_json: AsJson = False, threads: Threads = 0) -> None:
    """Seconds for one picture with guidance, at 8 and at 20 steps."""
    choose_device("cpu", threads)
    from core.starter.measure.figures import speed_figures

    _show(speed_figures(folder), as_json)


@app.command()
def drawings(
    sheet: Annotated[Path, typer.Argument(help="File for the sheet, for instance grammar.webp.")],
) -> None:
    """A sheet of drawings: every kind of thing, then one scene in every style."""
    from core.starter.measure.drawings import drawings_sheet

    drawings_sheet().save(sheet, quality=90)


def _show(figures: dict[str, float], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({name: round(value, 4) for name, value in figures.items()}))
        return
    for name, value in figures.items():
        typer.echo(f"{name:24} {value:7.3f}")
