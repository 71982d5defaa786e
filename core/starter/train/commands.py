"""The stages of training, one command each."""

from typing import Annotated

import typer

from core.starter.train.workplace import choose_device, training_folder

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="""Train the starter world's models, stage by stage.

    Order: data, tokenizer, patches, decoder, base, encoder, export, loras, blends, grid, pack.
    Every stage can be stopped (Ctrl-C, kill) and called again: it goes on from its checkpoint.
    Checkpoints, losses (JSONL) and sample grids lie below $GEMBOARD_HOME/starter-training
    (var/starter-training); `export` and `pack` write what ships to core/starter/world.""",
)

Device = Annotated[str, typer.Option(help="auto, cpu or cuda.")]
Threads = Annotated[int, typer.Option(help="CPU threads; 0 takes all.")]
SaveEvery = Annotated[float, typer.Option(help="Seconds between two checkpoints.")]


@app.command()
def data(
    shards: Annotated[int, typer.Option(help="How many shards of 1,000 pictures.")] = 40,
    first: Annotated[int, typer.Option(help="Number of the first one.")] = 0,
) -> None:
    """Draw the training pictures (about 90 a second per core; drawn shards are kept)."""
    from core.starter.train.drawings import draw_shards

    draw_shards(shards, first)


@app.command()
def tokenizer() -> None:
    """Learn the small vocabulary in which every caption word is one token (seconds)."""
    from core.starter.train.tokens import build_tokenizer

    vocabulary = len(build_tokenizer(training_folder("tokenizer")))
    typer.echo(f"{vocabulary} tokens")


@app.command()
def patches() -> None:
    """Fit the autoencoder's exact linear encoder, a PCA of 8 x 8 patches (under a minute)."""
    from core.starter.train.autoencoder import build_autoencoder

    build_autoencoder(training_folder("vae"))


@app.command()
def base(
    pictures: Annotated[int, typer.Option(help="Pictures to be seen in all, over every run.")],
    batch_size: Annotated[int, typer.Option(help="Pictures a step.")] = 64,
    grid_every: Annotated[float, typer.Option(help="Minutes between two sample grids.")] = 15,
    save_every: SaveEvery = 180,
    warm_start: Annotated[
        bool, typer.Option(help="Begin from the shipped weights where there is no checkpoint.")
    ] = True,
    device: Device = "auto",
    threads: Threads = 0,
) -> None:
    """Train UNet and text encoder together (about 34 pictures a second on two AVX2 cores)."""
    from core.starter.train.base import BaseOptions, train_base

    chosen = choose_device(device, threads)
    train_base(BaseOptions(pictures, batch_size, chosen, grid_every * 60, save_every, warm_start))


@app.command()
def decoder(
    crops: Annotated[int, typer.Option(help="64 x 64 crops to be seen in all.")],
    batch_size: Annotated[int, typer.Option(help="Crops a step.")] = 16,
    save_every: SaveEvery = 120,
    device: Device = "auto",
    threads: Threads = 0,
) -> None:
    """Train the autoencoder's decoder (about 70 crops a second on one CPU core)."""
    from core.starter.train.decoder import DecoderOptions, train_decoder

    chosen = choose_device(device, threads)
    train_decoder(DecoderOptions(crops, batch_size, chosen, save_every))


@app.command()
def encoder(
    pictures: Annotated[int, typer.Option(help="Pictures to be seen in all, over every run.")],
    batch_size: Annotated[int, typer.Option(help="Pictures a step.")] = 128,
    save_every: SaveEvery = 180,
    warm_start: Annotated[
        bool, typer.Option(help="Begin from the shipped weights where there is no checkpoint.")
    ] = True,
    device: Device = "auto",
    threads: Threads = 0,
) -> None:
    """Train the small CLIP that is the starter's encoder."""
    from core.starter.train.encoder import EncoderOptions, train_encoder

    chosen = choose_device(device, threads)
    train_encoder(EncoderOptions(pictures, batch_size, chosen, save_every, warm_start))


@app.command()
def loras(
    slugs: Annotated[list[str] | None, typer.Argument(help="Which ones; all by default.")] = None,
    steps: Annotated[int, typer.Option(help="Steps for each; 0: as its recipe says.")] = 0,
    batch_size: Annotated[int, typer.Option(help="Pictures a step.")] = 32,
    scenes: Annotated[int, typer.Option(help="Drawings for each LoRA.")] = 1000,
    device: Device = "auto",
    threads: Threads = 0,
) -> None:
    """Train the LoRAs that have no file yet on the shipped base (about 4 minutes each)."""
    from core.starter.train.loras import LoraOptions, train_loras

    chosen = choose_device(device, threads)
    train_loras(LoraOptions(tuple(slugs or ()), steps, batch_size, scenes, chosen))


@app.command()
def blends(threads: Threads = 0) -> None:
    """Write the merges and interpolations of the trained LoRAs."""
    from core.starter.train.loras import LoraOptions, blend_all

    blend_all(LoraOptions((), 0, 0, 0, choose_device("cpu", threads)))


@app.command()
def grid(
    slugs: Annotated[list[str] | None, typer.Argument(help="Which models; all by default.")] = None,
    batch_size: Annotated[int, typer.Option(help="Pictures at a time.")] = 16,
    device: Device = "auto",
    threads: Threads = 0,
) -> None:
    """Generate every cell of the grid by models whose pictures are missing or outdated."""
    from core.starter.train.grid import GridOptions, generate_grid

    chosen = choose_device(device, threads)
    generate_grid(GridOptions(tuple(slugs or ()), batch_size, chosen))


@app.command()
def pack() -> None:
    """Write the grid's pictures, their features and the manifest to core/starter/world."""
    from core.starter.train.grid import pack_grid

    for line in pack_grid():
        typer.echo(line)


@app.command()
def export() -> None:
    """Write the averaged weights of the checkpoints, in half precision, to core/starter/world."""
    from core.starter.train.export import export_world

    for line in export_world():
        typer.echo(line)
