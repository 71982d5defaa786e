"""The pictures that somebody shows: opened, checked, and turned into features and captions."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from core.encoders import FeatureEncoder
from core.errors import GemboardError, PictureError, shortened
from core.identification.specification import Floats, Requirement, Vectors
from warehouse.database import Warehouse
from warehouse.identification.specifications import stacked
from warehouse.identification.tuning import MOST_EXAMPLES
from warehouse.identification.wording import nearest_texts
from warehouse.picture_content import open_picture
from warehouse.reads import identification as reads
from warehouse.starter.pictures import QUERY_SOURCE

Example = Image.Image | str  # a picture, or the id of one in the warehouse


class ExampleError(GemboardError):
    """A picture or caption that cannot be an example; names it."""


@dataclass(frozen=True)
class Caption:
    """What an example is said to show; `typed`, else the nearest prompt by features."""

    text: str
    typed: bool
    cosine: float | None  # of the picture and the nearest prompt's text; None for typed ones


@dataclass(frozen=True)
class Shown:
    """Examples as features; captions that were not typed are suggestions, NaN in `requirement`."""

    names: tuple[str, ...]
    image_ids: tuple[str | None, ...]
    requirement: Requirement
    captions: tuple[Caption | None, ...]  # None where there are no prompts with features
    caption_features: Vectors  # (n_examples, dim) of every caption, suggested ones too


def read_example(path: Path, limit_mpx: float) -> Image.Image:
    """A picture file. Raises ExampleError, naming the file, for what is none."""
    try:
        return opened_example(path.read_bytes(), path.name, limit_mpx)
    except OSError as error:
        raise ExampleError(f"{path} cannot be read: {error.strerror}.") from error


def opened_example(data: bytes, name: str, limit_mpx: float) -> Image.Image:
    """A picture of these bytes, upright and in RGB. Raises ExampleError."""
    try:
        return open_picture(data, name, limit_mpx).upright()
    except PictureError as error:
        raise ExampleError(f"{shortened(name)} {error}.") from error


def check_count(count: int) -> None:
    """Raise ExampleError for no example, or more than answers are calibrated for."""
    if not count:
        raise ExampleError("Show at least one picture.")
    if count > MOST_EXAMPLES:
        raise ExampleError(
            f"{count} pictures are too many: {MOST_EXAMPLES} at most, and more would add little."
        )


def shown(
    warehouse: Warehouse,
    encoder: FeatureEncoder,
    pictures: Sequence[Example],
    captions: Sequence[str | None] = (),
) -> Shown:
    """Features of the examples and of their captions; those without a caption come last.

    Raises ExampleError for no picture or too many, one of a single colour, an id that is not known
    or hidden, and more captions than pictures.
    """
    check_count(len(pictures))
    if len(captions) > len(pictures):
        raise ExampleError(f"{len(captions)} captions are given for {len(pictures)} pictures.")
    said = [text.strip() if text else "" for text in captions]
    said += [""] * (len(pictures) - len(said))
    features = _features(warehouse, encoder, pictures)
    dim = features.shape[1]
    typed = np.array([bool(text) for text in said])
    vectors = np.full((len(pictures), dim), np.nan, np.float32)
    if typed.any():
        vectors[typed] = encoder.encode_texts([text for text in said if text])
    nearest, cosines, suggested = _nearest(warehouse, encoder.identity.key, features)
    found = tuple(
        Caption(text, True, None)
        if text
        else (Caption(nearest[row], False, float(cosines[row])) if nearest else None)
        for row, text in enumerate(said)
    )
    every = vectors.copy()
    if nearest:
        every[~typed] = suggested[~typed]
    return Shown(
        tuple(
            picture if isinstance(picture, str) else f"picture {number}"
            for number, picture in enumerate(pictures, start=1)
        ),
        tuple(picture if isinstance(picture, str) else None for picture in pictures),
        Requirement(features, vectors),
        found,
        every,
    )


def _features(
    warehouse: Warehouse, encoder: FeatureEncoder, pictures: Sequence[Example]
) -> Vectors:
    features = np.empty((len(pictures), encoder.identity.dimension), np.float32)
    given = {row: each for row, each in enumerate(pictures) if not isinstance(each, str)}
    for row, picture in given.items():
        extremes = np.array(picture.convert("RGB").getextrema())
        if (extremes[:, 0] == extremes[:, 1]).all():
            raise ExampleError(
                f"Picture {row + 1} is of one single colour: nothing in it tells a model."
            )
    if given:
        features[list(given)] = encoder.encode_images(list(given.values()))
    stored = {row: each for row, each in enumerate(pictures) if isinstance(each, str)}
    if stored:
        rows = reads.example_pictures(
            warehouse, encoder=encoder.identity.key, image_ids=list(stored.values())
        )
        vectors = dict(zip(rows["image_id"], stacked(rows), strict=True))
        for row, image_id in stored.items():
            if image_id not in vectors:
                raise ExampleError(
                    f"There is no shown picture {shortened(image_id)} with features of "
                    f"{encoder.identity.key}."
                )
            features[row] = vectors[image_id]
    return features


def _nearest(
    warehouse: Warehouse, encoder: str, features: Vectors
) -> tuple[list[str], Floats, Vectors]:
    """The nearest of all prompts here to each example: texts, cosines and their features."""
    texts = reads.specification_texts(warehouse, encoder=encoder, kept_apart=QUERY_SOURCE)
    if texts.is_empty():
        return [], np.zeros(0), np.zeros((0, 0), np.float32)
    vectors = stacked(texts)
    rows, cosines = nearest_texts(features, vectors)
    return [texts["prompt"][row] for row in rows.tolist()], cosines, vectors[rows]
