"""The figures: the encoder on fresh drawings, the generators by the encoder."""

import random
import time
from pathlib import Path

import numpy as np

from core.starter.grammar import STYLES, Scene, draw_picture, full_caption, sample_scene
from core.starter.measure.zero_shot import (
    ZeroShot,
    backdrop_classes,
    colour_classes,
    count_classes,
    object_classes,
    share_right,
    style_classes,
)
from core.starter.recipes import PALETTE_LORAS, STYLE_LORAS
from core.starter.train.lora_files import load_lora_checked
from core.starter.train.pipeline import load_pipeline
from core.starter.train.samples import generate, tile
from core.starter.train.workplace import EVALUATION_SEEDS_FROM

Figures = dict[str, float]


def single_kind_scenes(count: int, first_seed: int = EVALUATION_SEEDS_FROM) -> list[Scene]:
    """Scenes never trained on that hold one kind of thing."""
    scenes: list[Scene] = []
    seed = first_seed
    while len(scenes) < count:
        scene = sample_scene(seed)
        if scene.relation is None:
            scenes.append(scene)
        seed += 1
    return scenes


def follow_figures(encoder: ZeroShot, pictures: np.ndarray, scenes: list[Scene]) -> Figures:
    """How often the encoder finds in a picture what its scene says."""
    vectors = encoder.encode_pictures(pictures)
    kinds = [scene.things[0].kind for scene in scenes]
    colours = [scene.things[0].colour for scene in scenes]
    counts = [str(scene.count) for scene in scenes]
    got_colours, got_counts = [], []
    for vector, kind, colour in zip(vectors, kinds, colours, strict=True):
        got_colours += encoder.classify(vector[None], colour_classes(kind))
        got_counts += encoder.classify(vector[None], count_classes(kind, colour))
    backdrops = encoder.classify(vectors, backdrop_classes())
    return {
        "object": share_right(kinds, encoder.classify(vectors, object_classes())),
        "colour": share_right(colours, got_colours),
        "count": share_right(counts, got_counts),
        "backdrop": share_right([scene.backdrop for scene in scenes], backdrops),
    }


def encoder_figures(folder: Path, count: int) -> Figures:
    """The encoder on fresh drawings: flat ones, styled ones, and retrieval among 300."""
    encoder = ZeroShot(folder)
    scenes = single_kind_scenes(count)
    flat = np.stack([draw_picture(scene) for scene in scenes])
    figures = {f"flat {k}": v for k, v in follow_figures(encoder, flat, scenes).items()}
    styles = [list(STYLES)[index % len(STYLES)] for index in range(count)]
    styled = np.stack([draw_picture(s, style) for s, style in zip(scenes, styles, strict=True)])
    figures |= {f"styled {k}": v for k, v in follow_figures(encoder, styled, scenes).items()}
    vectors = encoder.encode_pictures(styled)
    figures["style"] = share_right(styles, encoder.classify(vectors, style_classes()))
    return figures | _retrieval(encoder)


def _retrieval(encoder: ZeroShot, count: int = 300) -> Figures:
    scenes = [sample_scene(EVALUATION_SEEDS_FROM + 100_000 + index) for index in range(count)]
    styles = [list(STYLES)[index % len(STYLES)] for index in range(count)]
    pictures = np.stack([draw_picture(s, style) for s, style in zip(scenes, styles, strict=True)])
    captions = [
        full_caption(scene, random.Random(scene.seed), style)
        for scene, style in zip(scenes, styles, strict=True)
    ]
    cosines = encoder.encode_pictures(pictures) @ encoder.encode_captions(captions).T
    order = cosines.argsort(1, descending=True)
    places = [row.index(index) for index, row in enumerate(order.tolist())]
    return {
        "retrieval R@1 of 300": float(np.mean([place == 0 for place in places])),
        "retrieval R@5 of 300": float(np.mean([place < 5 for place in places])),
    }


def base_figures(
    base: Path, encoder_folder: Path, count: int, steps: int, sheet: Path | None
) -> Figures:
    """Pictures of the base model for captions without a style."""
    encoder, pipeline = ZeroShot(encoder_folder), load_pipeline(base)
    scenes = single_kind_scenes(count)
    captions = [full_caption(scene, random.Random(scene.seed)) for scene in scenes]
    pictures = generate(pipeline, captions, [scene.seed for scene in scenes], steps)
    if sheet:
        tile(pictures[:64], columns=8).save(sheet)
    arrays = np.stack([np.asarray(picture) for picture in pictures])
    figures = follow_figures(encoder, arrays, scenes)
    looks = encoder.classify(encoder.encode_pictures(arrays), style_classes())
    return figures | {"looks flat": share_right(["flat"] * count, looks)}


def style_word_figures(
    base: Path, encoder_folder: Path, styles: list[str], each: int, steps: int, sheet: Path | None
) -> Figures:
    """Pictures of the base model for captions that name a style, by style."""
    encoder, pipeline = ZeroShot(encoder_folder), load_pipeline(base)
    figures: Figures = {}
    shown = []
    for style in styles:
        scenes = single_kind_scenes(each)
        captions = [full_caption(scene, random.Random(scene.seed), style) for scene in scenes]
        pictures = generate(pipeline, captions, [scene.seed for scene in scenes], steps)
        shown += pictures[:8]
        arrays = np.stack([np.asarray(picture) for picture in pictures])
        got = encoder.classify(encoder.encode_pictures(arrays), style_classes())
        figures[style] = share_right([style] * each, got)
    if sheet:
        tile(shown, columns=8).save(sheet)
    return figures | {"mean": float(np.mean(list(figures.values())))}


def style_lora_figures(
    base: Path, loras: Path, encoder_folder: Path, each: int, steps: int, sheet: Path | None
) -> Figures:
    """Share of a style LoRA's pictures that show its style, asked with its trained words."""
    encoder, pipeline = ZeroShot(encoder_folder), load_pipeline(base)
    figures: Figures = {}
    shown = []
    for lora in (*STYLE_LORAS, *PALETTE_LORAS):
        if not (loras / lora.slug).exists():
            continue
        load_lora_checked(pipeline, loras / lora.slug)
        scenes = single_kind_scenes(each)
        captions = [full_caption(scene, random.Random(scene.seed), lora.style) for scene in scenes]
        pictures = generate(pipeline, captions, [scene.seed for scene in scenes], steps)
        shown += pictures[:8]
        arrays = np.stack([np.asarray(picture) for picture in pictures])
        got = encoder.classify(encoder.encode_pictures(arrays), style_classes())
        figures[lora.slug] = share_right([lora.style] * each, got)
    if sheet:
        tile(shown, columns=8).save(sheet)
    return figures | {"mean": float(np.mean(list(figures.values())))}


def speed_figures(base: Path) -> Figures:
    """Seconds for one guided picture, the best of three, after a warm-up."""
    pipeline = load_pipeline(base)
    generate(pipeline, ["a red house"], [1], 2)
    figures = {}
    for steps in (8, 20):
        times = []
        for _ in range(3):
            start = time.perf_counter()
            generate(pipeline, ["a red house in a meadow"], [1], steps)
            times.append(time.perf_counter() - start)
        figures[f"{steps} steps, seconds"] = min(times)
    return figures
