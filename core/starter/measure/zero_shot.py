"""Zero-shot classification of pictures by an open_clip model and captions of each class."""

from pathlib import Path

import numpy as np
import open_clip
import torch
from torch import Tensor

from core.starter.grammar import COLOURS, KINDS, STYLES
from core.starter.grammar.captions import NUMBER_WORDS, PLACE_PHRASES, STYLE_PHRASES, name_thing
from core.starter.grammar.scene import PLAIN_NAMES, Thing

BATCH_SIZE = 64


class ZeroShot:
    """The encoder, and the classes that it is asked to tell apart."""

    def __init__(self, folder: Path) -> None:
        name = f"local-dir:{folder}"
        self.model, _, _ = open_clip.create_model_and_transforms(name)
        self.model.eval()
        self.tokenizer = open_clip.get_tokenizer(name)

    @torch.no_grad()
    def encode_pictures(self, pictures: np.ndarray) -> Tensor:
        """(n, 128, 128, 3) uint8 to unit vectors (n, dim)."""
        tensor = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1
        parts = tensor.split(BATCH_SIZE)
        return torch.cat([self.model.encode_image(part, normalize=True) for part in parts])

    @torch.no_grad()
    def encode_captions(self, captions: list[str]) -> Tensor:
        """Unit vectors (n, dim)."""
        features: Tensor = self.model.encode_text(self.tokenizer(captions), normalize=True)
        return features

    def classify(self, vectors: Tensor, classes: dict[str, list[str]]) -> list[str]:
        """The class whose captions, averaged, lie nearest to each vector."""
        centres = [self.encode_captions(captions).mean(0) for captions in classes.values()]
        matrix = torch.stack([centre / centre.norm() for centre in centres])
        names = list(classes)
        return [names[index] for index in (vectors @ matrix.T).argmax(1).tolist()]


def object_classes() -> dict[str, list[str]]:
    """A kind's bare name, alone and in number."""
    return {
        kind: [
            name_thing(Thing(kind, ""), 1, colours=False),
            f"a picture of {name_thing(Thing(kind, ''), 1, colours=False)}",
            *(name_thing(Thing(kind, ""), count, colours=False) for count in NUMBER_WORDS),
        ]
        for kind in KINDS
    }


def colour_classes(kind: str) -> dict[str, list[str]]:
    """The colours that a thing of the kind may have."""
    return {
        colour: [name_thing(Thing(kind, colour), count) for count in (1, 2, 3)]
        for colour in COLOURS
    }


def count_classes(kind: str, colour: str) -> dict[str, list[str]]:
    """One, two or three of a thing."""
    return {str(count): [name_thing(Thing(kind, colour), count)] for count in (1, 2, 3)}


def backdrop_classes() -> dict[str, list[str]]:
    """Every place, and every plain colour."""
    plain = {name: [f"on a {name} background"] for name in PLAIN_NAMES}
    return {**{place: list(phrases) for place, phrases in PLACE_PHRASES.items()}, **plain}


def style_classes(styles: list[str] | None = None) -> dict[str, list[str]]:
    """The words of each style."""
    return {style: list(STYLE_PHRASES[style]) for style in styles or STYLES}


def share_right(wanted: list[str], got: list[str]) -> float:
    """Between 0 and 1."""
    return float(np.mean([a == b for a, b in zip(wanted, got, strict=True)]))
