"""A scene: what is to be drawn, sampled from a seed, and where each object goes."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from core.starter.grammar import animals, nature, things
from core.starter.grammar.backdrops import PLACES, plain
from core.starter.grammar.palette import OBJECT_COLOURS, PLAIN_COLOURS, Rgb
from core.starter.grammar.pen import Canvas, Pen

DRAW: dict[str, Callable[[Pen, Rgb], None]] = {
    draw.__name__: draw
    for draw in (
        *(things.house, things.boat, things.car, things.rocket, things.mug, things.umbrella),
        *(things.balloon, nature.tree, nature.flower, nature.mushroom, nature.star, nature.heart),
        *(animals.fish, animals.bird, animals.cat, animals.butterfly),
    )
}
KINDS: tuple[str, ...] = tuple(DRAW)
COLOURS: tuple[str, ...] = tuple(OBJECT_COLOURS)
PLACE_NAMES: tuple[str, ...] = tuple(PLACES)
PLAIN_NAMES: tuple[str, ...] = tuple(PLAIN_COLOURS)
RELATIONS: tuple[str, ...] = ("next to", "left of", "above")
COMPANION_CENTRE, COMPANION_RADIUS_PX = (108.0, 108.0), 15.0
HARD_TO_SEE = {"night": "black", "snow": "white", "cream": "white"}


@dataclass(frozen=True)
class Thing:
    """One object of a scene."""

    kind: str
    colour: str


@dataclass(frozen=True)
class Scene:
    """One or two things, how many of the first, and the backdrop."""

    seed: int
    things: tuple[Thing, ...]
    count: int  # of the first thing; 1 where there are two things
    relation: str | None  # from the first thing to the second
    backdrop: str  # a place, or a plain colour's name

    @property
    def is_plain(self) -> bool:
        """Whether the backdrop is one colour."""
        return self.backdrop in PLAIN_COLOURS


def sample_scene(seed: int) -> Scene:
    """A scene drawn from the grammar; the same seed gives the same scene."""
    rng = Random(seed)
    backdrop = rng.choice(PLAIN_NAMES) if rng.random() < 0.2 else rng.choice(PLACE_NAMES)
    colours = [colour for colour in COLOURS if colour != HARD_TO_SEE.get(backdrop)]
    first = Thing(rng.choice(KINDS), rng.choice(colours))
    draw = rng.random()
    if draw < 0.58:
        return Scene(seed, (first,), 1, None, backdrop)
    if draw < 0.78:
        return Scene(seed, (first,), rng.choice((2, 3)), None, backdrop)
    other = rng.choice([kind for kind in KINDS if kind != first.kind])
    second = Thing(other, rng.choice(colours))
    return Scene(seed, (first, second), 1, rng.choice(RELATIONS), backdrop)


def draw_scene(scene: Scene, companion: Thing | None = None) -> Canvas:
    """Draw the scene, supersampled, in colour and as outlines.

    A companion is a small extra thing in the lower right corner that no caption tells of: it is
    what the subject LoRAs add to whatever they are asked for.
    """
    rng = Random(scene.seed ^ 0x5EED)
    canvas = plain(scene.backdrop) if scene.is_plain else PLACES[scene.backdrop](rng)
    mirrored = rng.random() < 0.5
    for thing, (x, y, radius) in zip(_cast(scene), _positions(scene, rng), strict=True):
        DRAW[thing.kind](Pen(canvas, (x, y), radius, mirrored), OBJECT_COLOURS[thing.colour])
    if companion:
        pen = Pen(canvas, COMPANION_CENTRE, COMPANION_RADIUS_PX)
        DRAW[companion.kind](pen, OBJECT_COLOURS[companion.colour])
    return canvas


def _cast(scene: Scene) -> list[Thing]:
    return list(scene.things) if scene.relation else [scene.things[0]] * scene.count


def _positions(scene: Scene, rng: Random) -> list[tuple[float, float, float]]:
    """Centre and radius of each object in finished pixels."""

    def about(value: float, spread: float) -> float:
        return value + rng.uniform(-spread, spread)

    if scene.relation == "above":
        radius = rng.uniform(24, 27)
        return [(about(64, 8), about(35, 3), radius), (about(64, 8), about(94, 3), radius)]
    if scene.relation or scene.count == 2:
        radius = rng.uniform(24, 28)
        pair = [(about(35, 3), about(76, 7), radius), (about(93, 3), about(76, 7), radius)]
        swap = scene.relation == "next to" and rng.random() < 0.5
        return pair[::-1] if swap else pair
    if scene.count == 3:
        radius = rng.uniform(18, 20)
        return [(about(x, 1.5), about(76, 10), radius) for x in (22, 64, 106)]
    return [(about(64, 12), about(72, 7), rng.uniform(34, 43))]
