"""Captions of scenes: many wordings, with or without the style, with or without details."""

from dataclasses import dataclass, replace
from random import Random

from core.starter.grammar.scene import Scene, Thing

NUMBER_WORDS = {2: "two", 3: "three"}
PLACE_PHRASES: dict[str, tuple[str, ...]] = {
    "sea": ("at sea", "by the sea", "in front of the ocean"),
    "night": ("at night", "under the night sky", "on a starry night"),
    "meadow": ("in a meadow", "on a green meadow", "in a sunny field"),
    "desert": ("in the desert", "among sand dunes", "in a sandy desert"),
    "city": ("in the city", "in front of a city skyline", "on a city street"),
    "snow": ("in the snow", "in a snowy winter landscape", "in winter"),
    "sunset": ("at sunset", "in the evening light", "in front of a setting sun"),
}
STYLE_PHRASES: dict[str, tuple[str, ...]] = {
    "flat": ("flat illustration", "flat style", "simple flat drawing"),
    "ink": ("ink outline", "ink drawing", "ink outline style"),
    "watercolour": ("watercolour", "watercolour painting", "soft watercolour style"),
    "pixel": ("pixel mosaic", "pixel art", "pixel style"),
    "neon": ("neon on black", "neon glow", "neon style"),
    "pastel": ("pastel", "pastel colours", "pale pastel style"),
    "halftone": ("halftone print", "halftone dots", "comic halftone style"),
    "sepia": ("sepia", "sepia photograph", "old sepia print"),
    "crosshatch": ("cross-hatch", "cross-hatch drawing", "pencil cross-hatch style"),
    "oil": ("oil painting", "thick oil paint", "oil style"),
    "blueprint": ("blueprint", "blueprint lines", "blueprint style"),
    "chalk": ("chalk on a blackboard", "chalk drawing", "chalk style"),
    "glass": ("stained glass", "stained glass window", "stained glass style"),
    "riso": ("riso print", "coral and teal riso print", "riso style"),
    "autumn": ("autumn palette", "in autumn colours", "warm autumn palette"),
    "ocean": ("ocean palette", "in ocean colours", "cool ocean palette"),
    "candy": ("candy palette", "in candy colours", "sweet candy palette"),
    "moonlight": ("moonlight palette", "in pale moonlight", "dim moonlight palette"),
    "grey": ("greyscale", "in greyscale", "greyscale palette"),
    "vivid": ("vivid palette", "in vivid colours", "bright vivid palette"),
}
RELATION_PHRASES: dict[str, tuple[str, ...]] = {
    "next to": ("next to", "beside", "and"),
    "left of": ("left of", "to the left of"),
    "above": ("above", "over"),
}
THINGS_ALONE = 0.35
# Otherwise, this many of the captions lose each of them.
DROP_COLOUR, DROP_BACKDROP, DROP_THINGS, DROP_STYLE = 0.3, 0.45, 0.15, 0.4


@dataclass(frozen=True)
class Mention:
    """What a caption tells of a picture."""

    things: bool = True
    colours: bool = True
    backdrop: bool = True
    style: bool = True


def sample_mention(rng: Random) -> Mention:
    """Leave out attributes at random, so that each word must carry its own weight.

    A third tells of the things alone: with colour, place and style to go by, the encoder learns
    what a fish looks like last of all.
    """
    if rng.random() < THINGS_ALONE:
        return Mention(True, rng.random() < 0.4, backdrop=False, style=False)
    backdrop, style = rng.random() >= DROP_BACKDROP, rng.random() >= DROP_STYLE
    things = not (backdrop or style) or rng.random() >= DROP_THINGS
    return Mention(things, things and rng.random() >= DROP_COLOUR, backdrop, style)


def write_caption(scene: Scene, mention: Mention, rng: Random, style: str | None = None) -> str:
    """Word what is mentioned; the style only where one is given."""
    backdrop = _backdrop(scene, rng) if mention.backdrop else ""
    phrase = rng.choice(STYLE_PHRASES[style]) if style and mention.style else ""
    if not mention.things:
        return ", ".join(part for part in (backdrop, phrase) if part) or "a picture"
    caption = _compose(_things(scene, rng, mention.colours), backdrop, rng)
    return with_style(caption, phrase, rng) if phrase else caption


def full_caption(scene: Scene, rng: Random, style: str | None = None) -> str:
    """Everything that the scene holds; the style too, unless it is None."""
    return write_caption(scene, Mention(), rng, style)


def partial_caption(scene: Scene, rng: Random, style: str | None = None) -> str:
    """A caption that leaves out attributes at random."""
    return write_caption(scene, sample_mention(rng), rng, style)


def is_true_of(scene: Scene, style: str, mention: Mention, other: Scene, other_style: str) -> bool:
    """Whether a caption of the first picture, telling so much, describes the other as well."""
    if mention.backdrop and scene.backdrop != other.backdrop:
        return False
    if mention.style and style != other_style:
        return False
    if not mention.things:
        return True
    if (scene.count, scene.relation) != (other.count, other.relation):
        return False
    if mention.colours:
        return scene.things == other.things
    return [thing.kind for thing in scene.things] == [thing.kind for thing in other.things]


def training_caption(scene: Scene, rng: Random, style: str) -> str:
    """What the generator is told: mostly everything, sometimes less, but never less than the style.

    The flat style is the default look, so its words come with every third picture only.
    """
    told = Mention() if rng.random() < 0.8 else replace(sample_mention(rng), things=True)
    caption = write_caption(scene, told, rng)
    if style == "flat" and rng.random() < 0.67:
        return caption
    return with_style(caption, rng.choice(STYLE_PHRASES[style]), rng)


def article(word: str) -> str:
    """The article that goes before a word."""
    return "an" if word[0] in "aeiou" else "a"


def plural(kind: str) -> str:
    """The plural of a kind."""
    if kind == "fish":
        return kind
    if kind == "butterfly":
        return "butterflies"
    return f"{kind}s"


def name_thing(thing: Thing, count: int, colours: bool = True) -> str:
    """For instance "two red mugs" or, without colours, "a fish"."""
    words = f"{thing.colour} {thing.kind}" if colours else thing.kind
    if count == 1:
        return f"{article(words)} {words}"
    noun = plural(thing.kind)
    return f"{NUMBER_WORDS[count]} {thing.colour + ' ' if colours else ''}{noun}"


def _things(scene: Scene, rng: Random, colours: bool) -> str:
    first = name_thing(scene.things[0], scene.count, colours)
    if not scene.relation:
        return (
            f"one{first[first.index(' ') :]}" if scene.count == 1 and rng.random() < 0.1 else first
        )
    relation = rng.choice(RELATION_PHRASES[scene.relation])
    return f"{first} {relation} {name_thing(scene.things[1], 1, colours)}"


def _backdrop(scene: Scene, rng: Random) -> str:
    if scene.is_plain:
        return f"on {article(scene.backdrop)} {scene.backdrop} background"
    return rng.choice(PLACE_PHRASES[scene.backdrop])


def _compose(things: str, backdrop: str, rng: Random) -> str:
    draw = rng.random()
    if not backdrop:
        return f"a picture of {things}" if draw < 0.2 else things
    if draw < 0.55:
        return f"{things} {backdrop}"
    if draw < 0.7:
        return f"a picture of {things} {backdrop}"
    if draw < 0.8:
        return f"{backdrop}, {things}"
    if draw < 0.9:
        return f"{things}, {backdrop}"
    return f"an image showing {things} {backdrop}"


def with_style(caption: str, phrase: str, rng: Random) -> str:
    """The caption with the words of a style before or after it."""
    draw = rng.random()
    if draw < 0.6 or phrase.startswith("in "):
        return f"{caption}, {phrase}"
    if draw < 0.8:
        return f"{phrase}, {caption}"
    return f"{phrase} of {caption}"
