"""The shipped grid: how far its pictures follow prompt and style, and a sheet of it to look at."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import pyarrow.parquet as pq
import torch
from PIL import Image, ImageDraw, ImageFont

from core.starter.cells import Cell, cells_of
from core.starter.grammar import KINDS, Thing
from core.starter.grammar.captions import name_thing
from core.starter.manifest import ENCODER_FOLDER, FEATURES_FOLDER, PICTURES_FOLDER
from core.starter.measure.zero_shot import ZeroShot, object_classes, share_right, style_classes
from core.starter.prompts import grid_prompts
from core.starter.recipes import PALETTE_LORAS, STYLE_LORAS
from core.starter.roster import BASE_SLUG, RosterEntry, roster

SHEET_PROMPTS = (1, 3, 5, 8, 11, 14, 16, 19, 22, 26, 30, 35)  # places in the grid
GAP_PX, LABEL_PX, CELL_PX = 4, 150, 128


@dataclass(frozen=True)
class GridFigures:
    """Shares of pictures that the encoder names right, and of how many pictures."""

    shares: dict[str, float]
    pictures: dict[str, int]


def grid_figures() -> GridFigures:
    """The thing in every model's pictures, and the look of style models without style words."""
    encoder = ZeroShot(ENCODER_FOLDER)
    vectors = _vectors()
    things, styles = object_classes(), style_classes()
    style_of = {lora.slug: lora.style for lora in (*STYLE_LORAS, *PALETTE_LORAS)}
    shares: dict[str, float] = {}
    pictures: dict[str, int] = {}
    every: list[bool] = []
    for entry in roster():
        cells = [cell for cell in cells_of(entry) if cell.prompt in grid_prompts()]
        known = [cell for cell in cells if cell.image_id in vectors]
        named = [(cell, kind) for cell in known if (kind := _only_kind(cell))]
        if not named:
            continue
        got = encoder.classify(_stacked(vectors, [cell for cell, _ in named]), things)
        right = [kind == guess for (_, kind), guess in zip(named, got, strict=True)]
        every += right
        if entry.slug == BASE_SLUG:
            shares["thing, base"], pictures["thing, base"] = float(np.mean(right)), len(right)
        if entry.slug in style_of:
            looks = encoder.classify(_stacked(vectors, known), styles)
            name = f"style, {entry.slug}"
            shares[name] = share_right([style_of[entry.slug]] * len(looks), looks)
            pictures[name] = len(looks)
    shares["thing, all models"], pictures["thing, all models"] = float(np.mean(every)), len(every)
    of_styles = [name for name in shares if name.startswith("style, ")]
    pictures["style, mean"] = sum(pictures[name] for name in of_styles)
    shares["style, mean"] = float(np.mean([shares[name] for name in of_styles]))
    return GridFigures(shares, pictures)


def grid_sheet() -> Image.Image:
    """Every model in a row with its name, twelve prompts across, the first seed of each."""
    shown = _pictures()
    prompts = [grid_prompts()[place] for place in SHEET_PROMPTS]
    rows = [
        (entry, {cell.prompt.prompt_id: cell for cell in reversed(cells_of(entry))})
        for entry in roster()
    ]
    rows = [(entry, cells) for entry, cells in rows if next(iter(cells.values())).image_id in shown]
    step = CELL_PX + GAP_PX
    sheet = Image.new("RGB", (LABEL_PX + step * len(prompts), step * len(rows)), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(15)
    for row, (entry, cells) in enumerate(rows):
        draw.text((4, row * step + 50), _label(entry), fill="black", font=font)
        for column, prompt in enumerate(prompts):
            picture = Image.open(BytesIO(shown[cells[prompt.prompt_id].image_id]))
            sheet.paste(picture, (LABEL_PX + column * step, row * step))
    return sheet


def _label(entry: RosterEntry) -> str:
    words = entry.model_name.split()
    middle = (len(words) + 1) // 2
    lines = [" ".join(words[:middle]), " ".join(words[middle:])]
    return "\n".join(line for line in [*lines, entry.version_name] if line)


def _only_kind(cell: Cell) -> str | None:
    """The kind of thing that the prompt names, where it names one alone."""
    words = f" {cell.prompt.prompt} "
    found = [kind for kind in KINDS if any(f" {_noun(kind, count)} " in words for count in (1, 2))]
    return found[0] if len(found) == 1 else None


def _noun(kind: str, count: int) -> str:
    return name_thing(Thing(kind, ""), count, colours=False).split(" ", 1)[1].strip()


def _vectors() -> dict[str, np.ndarray]:
    table = pq.read_table(FEATURES_FOLDER / "images.parquet")
    flat = table["vector"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
    vectors = flat.reshape(len(table), -1)
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return dict(zip(table["image_id"].to_pylist(), vectors, strict=True))


def _stacked(vectors: dict[str, np.ndarray], cells: list[Cell]) -> torch.Tensor:
    return torch.from_numpy(np.stack([vectors[cell.image_id] for cell in cells])).float()


def _pictures() -> dict[str, bytes]:
    return dict(_stored())


def _stored() -> Iterator[tuple[str, bytes]]:
    for path in sorted(PICTURES_FOLDER.glob("*.parquet")):
        table = pq.read_table(path)
        yield from zip(table["image_id"].to_pylist(), table["picture"].to_pylist(), strict=True)
