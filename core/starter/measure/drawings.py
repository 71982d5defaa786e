"""A contact sheet of the picture grammar."""

from PIL import Image

from core.starter.grammar import COLOURS, KINDS, STYLES, Scene, Thing, draw_picture, sample_scene
from core.starter.grammar.scene import PLACE_NAMES, PLAIN_NAMES
from core.starter.train.samples import tile

COLUMNS = 10


def drawings_sheet() -> Image.Image:
    """Every kind over changing colours and backdrops, mixed scenes, then two in every style."""
    backdrops = [*PLACE_NAMES, *PLAIN_NAMES]
    scenes = [
        Scene(number, (Thing(kind, COLOURS[number * 2 % 9]),), 1, None, backdrops[number * 3 % 13])
        for number, kind in enumerate(KINDS)
    ]
    scenes += [sample_scene(seed) for seed in range(-len(KINDS) % COLUMNS)]
    styled = (
        Scene(3, (Thing("cat", "orange"), Thing("house", "blue")), 1, "next to", "meadow"),
        Scene(5, (Thing("rocket", "red"),), 2, None, "night"),
    )
    pictures = [draw_picture(scene) for scene in scenes]
    pictures += [draw_picture(scene, style) for scene in styled for style in STYLES]
    return tile(pictures, COLUMNS)
