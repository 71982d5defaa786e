"""Small grids in GEMRec's own layout, pictures and Parquet shards for tests of the warehouse."""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from warehouse.database import Warehouse
from warehouse.landing import land
from warehouse.records import ImageRecord, ModelRecord, PromptRecord

ROOT = Path(__file__).resolve().parents[2]
GEMREC = ROOT.parent / "shared/data/gemrec"
ROSTER, PROMPTS = GEMREC / "roster.csv", GEMREC / "promptset_v6.csv"
needs_gemrec = pytest.mark.skipif(
    not ROSTER.is_file(), reason="GEMRec's roster and prompts are not in ../shared/data/gemrec"
)
LONG_ID = 340282366920938463463374607431768211455  # 39 digits: the largest UUID as a number
LARGEST_SEED = 2**64 - 1

ROSTER_COLUMNS = [
    "tag",
    "model_name",
    "model_id",
    "modelVersion_name",
    "modelVersion_id",
    "modelVersion_url",
    "modelVersion_trainedWords",
    "model_download_count",
    "baseModel",
]
PROMPT_COLUMNS = [
    "prompt_id",
    "tag",
    "size",
    "seed",
    "prompt",
    "negativePrompt",
    "sampler",
    "cfgScale",
    "note",
]


def picture(colour: int = 0, size: tuple[int, int] = (24, 16), form: str = "PNG") -> bytes:
    """A picture of one colour, another one for each number."""
    shade = (colour * 37 % 256, colour * 91 % 256, colour * 53 % 256)
    stream = io.BytesIO()
    Image.new("RGB", size, shade).save(stream, form)
    return stream.getvalue()


def write_csv(path: Path, rows: list[dict[str, object]], encoding: str = "utf-8") -> Path:
    """`rows` as a CSV with the columns of the first one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def image_id(prompt: int, model: int) -> str:
    """An id of 39 digits."""
    return str(LONG_ID - 100 * prompt - model)


def roster_row(model: int, /, **changes: object) -> dict[str, object]:
    row = {
        "tag": "photorealistic|2.5d",
        "model_name": f"model {model}",
        "model_id": 1000 + model // 2,
        "modelVersion_name": f"v{model}",
        "modelVersion_id": model,
        "modelVersion_url": f"https://example.org/{model}",
        "modelVersion_trainedWords": "['hanfu', 'ink']" if model % 2 else "['']",
        "model_download_count": 10**model,
        "baseModel": "SD 1.5",
    }
    return row | changes


def prompt_row(prompt: int, /, **changes: object) -> dict[str, object]:
    row = {
        "prompt_id": prompt,
        "tag": "animal",
        "size": "768x512",
        "seed": 8486466558 + prompt,
        "prompt": f"prompt {prompt}",
        "negativePrompt": " ",
        "sampler": "Eular a",
        "cfgScale": 7,
        "note": "",
    }
    return row | changes


def metadata_row(prompt: int, model: int, /, **changes: object) -> dict[str, object]:
    row = {
        "file_name": f"images/{prompt}-{model}.png",
        "image_id": image_id(prompt, model),
        "modelVersion_id": model,
        "prompt_id": prompt,
        "size": "24x16",
        "seed": LARGEST_SEED - prompt,
        "steps": 25,
        "cfgScale": 7.5,
        "sampler": "Eular a",
        "clip_score": 20 + prompt + model / 8,
        "mcos_score": 0.9 - model / 16,
        "nsfw_score": 0.01,
    }
    return row | changes


@dataclass
class GemrecGrid:
    """A grid in GEMRec's layout; change its rows, then `write` it again."""

    folder: Path
    models: list[dict[str, object]] = field(default_factory=list)
    prompts: list[dict[str, object]] = field(default_factory=list)
    metadata: list[dict[str, object]] = field(default_factory=list)

    @property
    def roster(self) -> Path:
        return self.folder / "roster.csv"

    @property
    def promptset(self) -> Path:
        return self.folder / "promptset.csv"

    @property
    def images(self) -> Path:
        return self.folder / "grid"

    @property
    def options(self) -> list[str]:
        """The options of `import gemrec`."""
        paths = ("--roster", self.roster, "--prompts", self.promptset, "--images", self.images)
        return [str(path) for path in paths]

    def write(self, encoding: str = "utf-8") -> "GemrecGrid":
        write_csv(self.roster, self.models, encoding)
        write_csv(self.promptset, self.prompts, encoding)
        write_csv(self.images / "metadata.csv", self.metadata, encoding)
        return self


def gemrec_grid(folder: Path, prompts: int = 2, models: int = 3) -> GemrecGrid:
    """`prompts` x `models` with a picture each, written."""
    grid = GemrecGrid(folder)
    grid.models = [roster_row(model) for model in range(1, models + 1)]
    grid.prompts = [prompt_row(prompt) for prompt in range(1, prompts + 1)]
    (grid.images / "images").mkdir(parents=True)
    for prompt in range(1, prompts + 1):
        for model in range(1, models + 1):
            row = metadata_row(prompt, model)
            grid.metadata.append(row)
            (grid.images / str(row["file_name"])).write_bytes(picture(10 * prompt + model))
    return grid.write()


def shard_row(prompt: int, model: int, /, **changes: object) -> dict[str, object]:
    """A row of a Parquet shard, as the hub stores GEMRec-PromptBook."""
    row = {
        "image": {"bytes": picture(10 * prompt + model), "path": f"{prompt}-{model}.png"},
        "image_id": image_id(prompt, model),
        "modelVersion_id": model,
        "model_id": 1000 + model,
        "prompt_id": prompt,
        "tag": "animal",
        "prompt": f"prompt {prompt}",
        "size": "24x16",
        "seed": 2**40 + prompt,
        "clip_score": 20.5 + model,
    }
    return row | changes


def write_shard(path: Path, rows: list[dict[str, object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def write_features(path: Path, key: str, ids: list, vectors: list) -> Path:
    """Features as a Parquet file."""
    columns = {key: pa.array(ids), "vector": pa.array(vectors)}
    pq.write_table(pa.table(columns), path)
    return path


def land_grid(
    warehouse: Warehouse,
    prompts: int,
    models: int,
    *,
    metrics: bool = False,
    hidden: tuple[tuple[int, int], ...] = (),
) -> None:
    """Rows without pictures: image `p-m` for each prompt and model; `hidden` ones are NSFW."""
    random = np.random.default_rng(5)
    images = [
        ImageRecord(
            f"{p}-{m}",
            p,
            m,
            "tests",
            nsfw_score=0.99 if (p, m) in hidden else 0.1,
            metrics={"clip": random.normal(26, 3), "mcos": random.uniform(0.4, 0.9)}
            if metrics
            else {},
        )
        for p in range(1, prompts + 1)
        for m in range(1, models + 1)
    ]
    land(
        warehouse,
        "import",
        "tests",
        models=[ModelRecord(m, f"model {m}", downloads=7**m) for m in range(1, models + 1)],
        prompts=[PromptRecord(p, f"prompt {p}", "tests") for p in range(1, prompts + 1)],
        images=images,
    )


def land_features(
    warehouse: Warehouse, vectors: dict[str, list[float]], texts: dict[int, list[float]]
) -> None:
    """Features of the encoder `tests`, which becomes the scoring one."""
    dimension = len(next(iter(vectors.values())))
    with warehouse.transaction() as cursor:
        cursor.execute(
            "insert into encoders (encoder, name, preprocessing, dimension) "
            "values ('tests', 'tests', 'none', $dimension)",
            {"dimension": dimension},
        )
        cursor.executemany(
            "insert into image_features values ($1, 'tests', $2)",
            [[key, vector] for key, vector in vectors.items()],
        )
        if texts:
            cursor.executemany(
                "insert into prompt_features values ($1, 'tests', $2)",
                [[key, vector] for key, vector in texts.items()],
            )
        cursor.execute(
            "insert or replace into warehouse_settings (name, value) "
            "values ('scoring_encoder', 'tests')"
        )
