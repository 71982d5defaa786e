"""Aesthetic score: a small head over the scoring encoder's features, from a local file."""

import hashlib
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.errors import MetricUnavailableError
from core.metrics.metric import Floats, GridMetric, Pictures, Vectors
from core.scores import unit_vectors
from core.settings import load_settings

HOW = "docs/weights.md says how to get or make one."
ACTIVATIONS = ("none", "relu")


@dataclass(frozen=True)
class Head:
    """Layers over unit features: each matrix (out, in) with its bias (out,)."""

    layers: tuple[tuple[Vectors, Vectors], ...]
    activation: str  # between layers: none or relu
    encoder: str  # beginning of the key of the encoder that it was fitted to; may be empty

    @property
    def dimension(self) -> int:
        """Length of the features that it takes."""
        return int(self.layers[0][0].shape[1])

    def __call__(self, vectors: Vectors) -> Floats:
        """One score for each of `vectors` (n, dim); NaN where a vector has no direction."""
        values = unit_vectors(vectors).astype(np.float64)
        for number, (matrix, bias) in enumerate(self.layers):
            if number and self.activation == "relu":
                values = np.maximum(values, 0)
            values = values @ matrix.T.astype(np.float64) + bias
        return values[:, 0]


def load_head(path: Path) -> Head:
    """Read a safetensors file of `*.weight` and `*.bias`, ordered by the numbers in their names.

    Raises MetricUnavailableError where it is not there or holds something else.
    """
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        raise MetricUnavailableError(f"There is no aesthetic head at {path}. {HOW}")
    try:
        with safe_open(path, framework="numpy") as file:
            told = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError, TypeError) as error:
        raise MetricUnavailableError(
            f"{path.name} is not a safetensors file that can be read here "
            f"({' '.join(str(error).split())[:80]}). {HOW}"
        ) from error
    activation = told.get("activation", ACTIVATIONS[0])
    if activation not in ACTIVATIONS:
        raise MetricUnavailableError(
            f"{path.name} asks for the activation “{activation[:20]}”; none and relu are known."
        )
    return Head(_layers(path.name, tensors), activation, told.get("encoder", ""))


def _layers(name: str, tensors: Mapping[str, np.ndarray]) -> tuple[tuple[Vectors, Vectors], ...]:
    """Matrices and biases in order, each fitting the one before."""
    layers = []
    for key in sorted((key for key in tensors if key.endswith("weight")), key=_by_number):
        matrix = np.atleast_2d(np.asarray(tensors[key], np.float32))
        bias = tensors.get(key.removesuffix("weight") + "bias", np.zeros(len(matrix)))
        layers.append((matrix, np.atleast_1d(np.asarray(bias, np.float32))))
    shapes = [matrix.shape for matrix, _ in layers]
    fits = (
        bool(layers)
        and all(len(shape) == 2 for shape in shapes)
        and all(bias.shape == (len(matrix),) for matrix, bias in layers)
        and all(one[0] == after[1] for one, after in itertools.pairwise(shapes))
        and shapes[-1][0] == 1
    )
    if not fits:
        found = ", ".join(f"{key} {list(value.shape)}" for key, value in sorted(tensors.items()))
        raise MetricUnavailableError(
            f"{name} holds no head of layers that end in one number (it holds {found[:120]}). {HOW}"
        )
    return tuple(layers)


def _by_number(key: str) -> list[tuple[int, str]]:
    return [(int(number or 0), text) for text, number in re.findall(r"(\D+)(\d*)", key)]


def aesthetic_score(pictures: Pictures) -> Floats:
    """What the head of GEMBOARD_AESTHETIC_HEAD makes of each picture's features, (n,).

    Raises MetricUnavailableError where there is none, or it does not fit the encoder.
    """
    path = load_settings().aesthetic_head_path
    if path is None:
        raise MetricUnavailableError(
            f"No aesthetic head is set: GEMBOARD_AESTHETIC_HEAD names its file. {HOW}"
        )
    head = load_head(path)
    values = np.full(len(pictures.image_ids), np.nan)
    features = pictures.features
    if features is None:
        return values
    dimension = features.images.shape[1]
    if head.dimension != dimension or not features.encoder.startswith(head.encoder):
        wants = f"{head.dimension}-long features" + (f" of {head.encoder}" if head.encoder else "")
        raise MetricUnavailableError(
            f"{path.name} wants {wants}; the scoring encoder {features.encoder} gives "
            f"{dimension}-long ones. {HOW}"
        )
    values[features.rows] = head(features.images)
    return values


def head_hash() -> str:
    """First digits of the hash of the head's file; empty without one."""
    path = load_settings().aesthetic_head_path
    if path is None or not path.is_file():
        return ""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


METRIC = GridMetric(
    name="aesthetic",
    label="Aesthetic score",
    description="What a predictor head reads from the features of the picture",
    depends_on=head_hash,
    compute=aesthetic_score,
)
