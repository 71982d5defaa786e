"""A drawn grid in GEMRec's own layout: every prompt with every model, to test and measure with."""

import csv
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image, ImageDraw

from warehouse.exporters.folder import make_empty
from warehouse.importers.gemrec import PROMPT_COLUMNS, ROSTER_COLUMNS, read_model, read_prompt
from warehouse.importers.report import Progress, Rejects
from warehouse.importers.rows import read_csv
from warehouse.records import ModelRecord, PromptRecord

ENCODER = "synthetic-768"
SOURCE = "synthetic"
_NAMESPACE = uuid.UUID("5f0f0b86-5a0a-4b4e-8a6a-3f6f2f6c9d10")
_COLUMNS = (
    "file_name",
    "image_id",
    "tag",
    "model_id",
    "modelVersion_id",
    "prompt_id",
    "size",
    "seed",
    "prompt",
    "negativePrompt",
    "cfgScale",
    "sampler",
    "note",
    "clip_score",
    "nsfw_score",
    "source",
    "simulated",
)


@dataclass(frozen=True)
class SyntheticReport:
    """What was drawn."""

    folder: str
    prompts: int
    models: int
    images: int
    pictures: int


def write_synthetic(
    folder: Path,
    roster: Path,
    prompts: Path,
    *,
    dimension: int = 768,
    pictures: bool = False,
    seed: int = 0,
    on_progress: Progress | None = None,
) -> SyntheticReport:
    """Write `metadata.csv`, features as Parquet, and drawn pictures if asked, all from `seed`.

    Features follow a simple story, so that maps and heat maps have structure: a direction of the
    prompt, one of the model, and noise. Every row is marked simulated.
    Raises FileFormatError when `folder` is not empty.
    """
    models, asked = _read(roster, prompts)
    make_empty(folder)
    rng = np.random.default_rng(seed)
    prompt_vectors = rng.standard_normal((len(asked), dimension))
    model_vectors = rng.standard_normal((len(models), dimension))
    with (folder / "metadata.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, _COLUMNS)
        writer.writeheader()
        for row in _rows(asked, models, rng, pictures):
            writer.writerow(row)
    image_ids = [
        _image_id(prompt.prompt_id, model.model_version_id) for prompt in asked for model in models
    ]
    spread = rng.uniform(0.4, 1.2, (len(asked), 1, 1))
    vectors = (
        prompt_vectors[:, None]
        + spread * model_vectors[None]
        + 0.3 * rng.standard_normal((len(asked), len(models), dimension))
    ).reshape(-1, dimension)
    _write_features(folder / "image_features.parquet", "image_id", image_ids, vectors)
    ids = [prompt.prompt_id for prompt in asked]
    _write_features(folder / "prompt_features.parquet", "prompt_id", ids, prompt_vectors)
    drawn = _draw_all(folder, asked, models, on_progress) if pictures else 0
    return SyntheticReport(str(folder), len(asked), len(models), len(image_ids), drawn)


def _read(roster: Path, prompts: Path) -> tuple[list[ModelRecord], list[PromptRecord]]:
    rejects = Rejects()
    models = rejects.parse(read_csv(roster, ROSTER_COLUMNS), read_model)
    asked = rejects.parse(read_csv(prompts, PROMPT_COLUMNS), read_prompt)
    rejects.raise_unless(skip_bad=False)
    return [model for _, model in models], [prompt for _, prompt in asked]


def _image_id(prompt_id: int, model_version_id: int) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{prompt_id}|{model_version_id}").int)


def _rows(
    asked: list[PromptRecord], models: list[ModelRecord], rng: np.random.Generator, pictures: bool
) -> Iterator[dict[str, object]]:
    for prompt in asked:
        clip = rng.normal(26, 3, len(models)).clip(5, 45)
        nsfw = np.where(rng.random(len(models)) < 0.01, 0.9, rng.beta(1, 12, len(models)))
        for index, model in enumerate(models):
            image_id = _image_id(prompt.prompt_id, model.model_version_id)
            yield {
                "file_name": f"images/{image_id}.webp" if pictures else "",
                "image_id": image_id,
                "tag": prompt.tag,
                "model_id": model.model_id,
                "modelVersion_id": model.model_version_id,
                "prompt_id": prompt.prompt_id,
                "size": f"{prompt.width}x{prompt.height}",
                "seed": prompt.seed,
                "prompt": prompt.prompt,
                "negativePrompt": prompt.negative_prompt or " ",
                "cfgScale": prompt.cfg_scale,
                "sampler": prompt.sampler,
                "note": prompt.note or "",
                "clip_score": f"{clip[index]:.6f}",
                "nsfw_score": f"{nsfw[index]:.6f}",
                "source": SOURCE,
                "simulated": "true",
            }


def _write_features(path: Path, key: str, ids: list[int] | list[str], vectors: np.ndarray) -> None:
    flat = pa.array(vectors.astype(np.float32).ravel())
    rows = pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1])
    pq.write_table(pa.table({key: pa.array(ids), "vector": rows}), path, compression="none")


def _draw_all(
    folder: Path, asked: list[PromptRecord], models: list[ModelRecord], on_progress: Progress | None
) -> int:
    (folder / "images").mkdir(exist_ok=True)
    total = len(asked) * len(models)
    for done, (prompt, model) in enumerate(((p, m) for p in asked for m in models), start=1):
        name = f"{_image_id(prompt.prompt_id, model.model_version_id)}.webp"
        _draw(prompt, model).save(folder / "images" / name, "WEBP", quality=70)
        if on_progress:
            on_progress("drawing", done, total)
    return total


def _draw(prompt: PromptRecord, model: ModelRecord) -> Image.Image:
    """Hills under a sky: the prompt gives the land, the model its colours and roughness."""
    land = np.random.default_rng(prompt.prompt_id)
    hand = np.random.default_rng(model.model_version_id)
    width, height = (256, 384) if (prompt.height or 1) > (prompt.width or 1) else (384, 256)
    dark, light = np.sort(hand.uniform(20, 240, (2, 3)), axis=0)
    fade = np.linspace(0, 1, height)[:, None, None]
    sky = (light * (1 - fade) + (light * 0.5 + 110) * fade).clip(0, 255)
    picture = Image.fromarray(np.broadcast_to(sky, (height, width, 3)).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    x, y, r = land.uniform(0.15, 0.85) * width, land.uniform(0.1, 0.35) * height, height * 0.07
    draw.ellipse((x - r, y - r, x + r, y + r), fill=tuple(int(c) for c in (light + 255) / 2))
    across = np.arange(width)
    rough = hand.uniform(0, 6)
    for layer in range(4):
        base = height * (0.45 + 0.14 * layer)
        waves = sum(
            land.uniform(0.02, 0.09)
            * height
            / k
            * np.sin(across / width * 6.3 * k + land.uniform(0, 6))
            for k in (1, 2, 3)
        )
        ridge = base + waves + rough * hand.standard_normal(width)
        share = (layer + 1) / 4
        colour = tuple(int(c) for c in light * (1 - share) * 0.7 + dark * (0.3 + 0.7 * share))
        outline = [(0, height), *zip(across.tolist(), ridge.tolist(), strict=True), (width, height)]
        draw.polygon(outline, fill=colour)
    return picture
