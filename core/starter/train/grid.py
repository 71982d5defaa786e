"""Stages `grid` and `pack`: every cell by the real pipeline, then pictures and features to ship."""

import json
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from diffusers import StableDiffusionPipeline
from PIL import Image
from tqdm import tqdm

from core.starter.cells import GUIDANCE, RESCALE, SAMPLER, SIDE_PX, STEPS, Cell, cells_of
from core.starter.manifest import (
    BASE_FOLDER,
    ENCODER_FOLDER,
    FEATURES_FOLDER,
    LORA_FOLDER,
    PICTURES_FOLDER,
    list_files,
    weights_sha256,
    write_manifest,
)
from core.starter.prompts import Prompt
from core.starter.roster import BASE_SLUG, RosterEntry, roster
from core.starter.train.checkpoint import Checkpoint
from core.starter.train.lora_files import load_lora_checked
from core.starter.train.pipeline import load_pipeline
from core.starter.train.samples import tile
from core.starter.train.workplace import training_folder

WEBP_QUALITY = 76
SHARD_PICTURES = 1000
RECIPE_KEY = b"gemboard"


@dataclass(frozen=True)
class GridOptions:
    """What one run is to do."""

    slugs: tuple[str, ...]  # empty: all
    batch_size: int
    device: torch.device


def generate_grid(options: GridOptions) -> None:
    """Generate the pictures of every model that has none by its present weights."""
    stop = Checkpoint(training_folder("grid") / "unused.pt")
    for entry in tqdm(roster(), desc="models", unit="model"):
        if options.slugs and entry.slug not in options.slugs:
            continue
        if entry.slug != BASE_SLUG and not (LORA_FOLDER / entry.slug).exists():
            continue
        recipe = _recipe(entry, options)
        target = training_folder("grid") / f"{entry.slug}.parquet"
        if target.exists() and _recipe_of(target) == recipe:
            continue
        pictures = _pictures_of(entry, options, stop)
        if stop.stopping:
            return
        _write(target, cells_of(entry), pictures, recipe)


def _recipe(entry: RosterEntry, options: GridOptions) -> dict[str, object]:
    """What the pictures depend on, besides prompts and seeds."""
    files = list_files()
    parts = {BASE_FOLDER.name, entry.path}
    return {
        "weights": {part: weights_sha256(files, part) for part in sorted(parts)},
        "prompts": [cell.prompt.prompt for cell in cells_of(entry)],
        "steps": STEPS,
        "guidance": GUIDANCE,
        "rescale": RESCALE,
        "sampler": SAMPLER,
        "batch_size": options.batch_size,
    }


def _recipe_of(path: Path) -> object:
    metadata = pq.read_schema(path).metadata or {}
    return json.loads(metadata.get(RECIPE_KEY, b"null"))


def _pictures_of(entry: RosterEntry, options: GridOptions, stop: Checkpoint) -> list[Image.Image]:
    pipeline = load_pipeline(BASE_FOLDER).to(options.device)
    if entry.slug != BASE_SLUG:
        load_lora_checked(pipeline, LORA_FOLDER / entry.slug)
        pipeline.fuse_lora()
    pipeline.unet.to(memory_format=torch.channels_last)  # 24 against 28 ms a picture and step
    cells = cells_of(entry)
    pictures: list[Image.Image] = []
    for start in tqdm(range(0, len(cells), options.batch_size), desc=entry.slug, leave=False):
        if stop.stopping:
            break
        pictures += generate_cells(pipeline, cells[start : start + options.batch_size])
    return pictures


def generate_cells(pipeline: StableDiffusionPipeline, cells: tuple[Cell, ...]) -> list[Image.Image]:
    """The pictures of one batch; noise is drawn on the CPU, so that devices agree."""
    pictures: list[Image.Image] = pipeline(
        [cell.prompt.prompt for cell in cells],
        num_inference_steps=STEPS,
        guidance_scale=GUIDANCE,
        guidance_rescale=RESCALE,
        height=SIDE_PX,
        width=SIDE_PX,
        generator=[torch.Generator().manual_seed(cell.seed) for cell in cells],
    ).images
    return pictures


def _write(
    target: Path, cells: tuple[Cell, ...], pictures: list[Image.Image], recipe: dict[str, object]
) -> None:
    table = pa.table(
        {
            "image_id": [cell.image_id for cell in cells],
            "picture": [_webp(picture) for picture in pictures],
        }
    ).replace_schema_metadata({RECIPE_KEY: json.dumps(recipe)})
    partial = target.with_suffix(".partial")
    pq.write_table(table, partial)
    partial.replace(target)
    tile(pictures[:38:2], columns=8).save(target.with_suffix(".png"))


def _webp(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=WEBP_QUALITY, method=6)
    return buffer.getvalue()


def pack_grid() -> list[str]:
    """Write pictures, features and the manifest to core/starter/world; a line about each."""
    from core.encoders import load_encoder

    tables = [
        pq.read_table(path).replace_schema_metadata()
        for entry in roster()
        if (path := training_folder("grid") / f"{entry.slug}.parquet").exists()
    ]
    pictures = pa.concat_tables(tables)
    for folder in (PICTURES_FOLDER, FEATURES_FOLDER):
        folder.mkdir(exist_ok=True)
        for old in folder.glob("*.parquet"):
            old.unlink()
    for number, start in enumerate(range(0, len(pictures), SHARD_PICTURES)):
        shard = pictures.slice(start, SHARD_PICTURES)
        # WebP is compressed already.
        pq.write_table(shard, PICTURES_FOLDER / f"{number:02d}.parquet", compression="none")
    encoder = load_encoder(f"local-dir:{ENCODER_FOLDER}", device="cpu", batch_size=64)
    vectors = [
        encoder.encode_images(
            [Image.open(BytesIO(data)) for data in batch.column("picture").to_pylist()]
        )
        for batch in tqdm(pictures.to_batches(max_chunksize=256), desc="features")
    ]
    _write_features("images", "image_id", pictures["image_id"].to_pylist(), np.concatenate(vectors))
    prompts = _prompts()
    texts = encoder.encode_texts([prompt.prompt for prompt in prompts])
    _write_features("prompts", "prompt_id", [prompt.prompt_id for prompt in prompts], texts)
    write_manifest()
    return [f"{len(pictures):,} pictures of {len(tables)} models, {encoder.identity.key}"]


def _prompts() -> list[Prompt]:
    found = {cell.prompt.prompt_id: cell.prompt for entry in roster() for cell in cells_of(entry)}
    return list(found.values())


def _write_features(name: str, key: str, ids: list[object], vectors: np.ndarray) -> None:
    table = pa.table({key: ids, "vector": pa.array(list(vectors), pa.list_(pa.float32()))})
    pq.write_table(
        table,
        FEATURES_FOLDER / f"{name}.parquet",
        compression="zstd",
        use_dictionary=False,
        column_encoding={"vector.list.element": "BYTE_STREAM_SPLIT"},
    )
