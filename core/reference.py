"""The scores once more, in slow and readable loops: what the fast forms are tested against."""

import math
from collections.abc import Mapping, Sequence

Vector = Sequence[float]


def cosine(a: Vector, b: Vector) -> float:
    """Cosine of the angle between two vectors."""
    dot = math.fsum(x * y for x, y in zip(a, b, strict=True))
    return dot / math.sqrt(math.fsum(x * x for x in a) * math.fsum(y * y for y in b))


def mcos(index: int, vectors: Sequence[Vector]) -> float:
    """Mean cosine of one image with all images of its prompt, itself included."""
    return math.fsum(cosine(vectors[index], other) for other in vectors) / len(vectors)


def aps(vectors: Sequence[Vector]) -> float:
    """Mean cosine over all pairs of different images of a prompt."""
    pairs = [
        cosine(a, b)
        for first, a in enumerate(vectors)
        for second, b in enumerate(vectors)
        if first < second
    ]
    return math.fsum(pairs) / len(pairs)


def min_max(values: Sequence[float | None]) -> list[float | None]:
    """Values scaled to [0, 1]; all equal gives 0; a missing value stays missing."""
    present = [value for value in values if value is not None]
    if not present:
        return list(values)
    low, high = min(present), max(present)
    return [
        None if value is None else (value - low) / (high - low) if high > low else 0.0
        for value in values
    ]


def gre(q: Mapping[str, float | None], lambdas: Mapping[str, float]) -> float | None:
    """Sum of lambda * q; None when a metric that is weighed is missing."""
    total = 0.0
    for name, weight in lambdas.items():
        if weight == 0:
            continue
        value = q.get(name)
        if value is None:
            return None
        total += weight * value
    return total


def model_similarity(a: Sequence[Vector], b: Sequence[Vector]) -> float:
    """Mean cosine over all pairs of a picture of one model and a picture of another."""
    cosines = [cosine(one, other) for one in a for other in b]
    return math.fsum(cosines) / len(cosines)


def self_similarity(vectors: Sequence[Vector]) -> float:
    """Mean cosine over all pairs of a model's different pictures; 1 where it has one only."""
    return aps(vectors) if len(vectors) > 1 else 1.0


def diversity_ranks(values: Sequence[float | None]) -> list[int | None]:
    """1 + how many prompts are more diverse, which is to say have a lower APS; None without APS."""
    return [
        None if value is None else 1 + sum(o is not None and o < value for o in values)
        for value in values
    ]


def mean_and_deviation(values: Sequence[float]) -> tuple[float, float | None]:
    """Mean, and sample standard deviation where there are two values."""
    mean = math.fsum(values) / len(values)
    if len(values) < 2:
        return mean, None
    squares = math.fsum((value - mean) ** 2 for value in values)
    return mean, math.sqrt(squares / (len(values) - 1))
