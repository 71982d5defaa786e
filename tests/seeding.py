"""A small warehouse for tests of the screen, with strangers' texts and drawn pictures."""

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from warehouse.database import Warehouse, open_warehouse
from warehouse.landing import land
from warehouse.pictures import store_picture
from warehouse.records import ImageRecord, ModelRecord, PromptRecord
from warehouse.scoring import score

HOSTILE_PROMPTS = (
    "# <b>hi</b> $x^2$ :smile: [a](javascript:alert(1)) **bold** <img src=x onerror=alert(1)>",
    "{{7*7}} ${location} :red[red] `code` <script>alert('prompt')</script> ~~gone~~",
    "A cartoon tiger face, masterpiece,\nbest quality | 汉服 | ﷽ | 1. list\n- item\n> quote",
)
HOSTILE_MODEL = "<i>Model</i> *star* :material/home: $m$ [x](javascript:1)"
HIDDEN_ID = "p1-m1-s1"
MISSING_ID = "p1-m4-s1"
UNSCORED_ID = "p1-m5-s1"


def fill(warehouse: Warehouse, *, prompts: int = 3, models: int = 5, seeds: int = 2) -> None:
    """Fill with a `prompts` x `models` grid, marked simulated; prompt 3 x model 5 stays empty."""
    random = np.random.default_rng(7)
    prompt_records = [
        PromptRecord(
            prompt_id=p,
            prompt=HOSTILE_PROMPTS[(p - 1) % len(HOSTILE_PROMPTS)],
            source="tests",
            tag=("animal", "<b>tag</b> $t$", None)[(p - 1) % 3],
            negative_prompt=" " if p == 2 else "<u>blurry</u>, *ugly*",
            width=96,
            height=64,
            seed=8486466558,
            sampler="Euler a",
            cfg_scale=7.0,
        )
        for p in range(1, prompts + 1)
    ]
    model_records = [
        ModelRecord(
            model_version_id=m,
            model_name=HOSTILE_MODEL if m == 1 else f"Model {m}",
            model_id=m // 2,
            version_name=None if m == 3 else f"v{m}.0",
            base_model="SD 1.5" if m % 2 else None,
            kind=("checkpoint", "lora", "merge")[m % 3],
            tags=("style", "<b>2.5d</b>"),
            trained_words=("hanfu",),
            downloads=None if m == 5 else 10**m,
            url="javascript:alert(1)" if m == 1 else f"https://example.org/models/{m}",
            licence=None if m == 2 else "openrail",
        )
        for m in range(1, models + 1)
    ]
    images = []
    for p in range(1, prompts + 1):
        for m in range(1, models + 1):
            if (p, m) == (3, 5):
                continue
            for s in range(1, seeds + 1 if m == 1 else 2):
                images.append(_image(warehouse.home, f"p{p}-m{m}-s{s}", p, m, s, random))
    land(
        warehouse,
        "import",
        "tests",
        models=model_records,
        prompts=prompt_records,
        images=images,
    )
    score(warehouse)


def filled_home(home: Path) -> Path:
    """A home on disk, filled and closed."""
    warehouse = open_warehouse(home)
    try:
        fill(warehouse)
    finally:
        warehouse.close()
    return home


def drawn_picture(random: np.random.Generator, width: int = 96, height: int = 64) -> bytes:
    """A PNG of random colour blocks."""
    blocks = random.integers(40, 220, size=(4, 6, 3), dtype=np.uint8)
    buffer = BytesIO()
    Image.fromarray(blocks).resize((width, height), Image.Resampling.BICUBIC).save(buffer, "PNG")
    return buffer.getvalue()


def _image(
    home: Path, image_id: str, prompt_id: int, model_id: int, seed: int, random: np.random.Generator
) -> ImageRecord:
    stored = None
    if image_id != MISSING_ID:
        stored = store_picture(drawn_picture(random), f"{image_id}.png", home, 64.0, 64)
    metrics = {"clip": 20 + 10 * float(random.random()), "mcos": 0.5 + 0.4 * float(random.random())}
    return ImageRecord(
        image_id=image_id,
        prompt_id=prompt_id,
        model_version_id=model_id,
        source="drawn for tests",
        seed=2**40 + seed,
        width=stored.width if stored else 96,
        height=stored.height if stored else 64,
        steps=25,
        cfg_scale=7.0,
        sampler="Euler a",
        path=stored.path if stored else None,
        sha256=stored.sha256 if stored else None,
        nsfw_score=0.99 if image_id == HIDDEN_ID else 0.01,
        simulated=True,
        metrics={} if image_id == UNSCORED_ID else metrics,
    )
