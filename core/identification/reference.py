"""Eq. 9 once more, as a loop over kernels: what the fast form is tested against."""

import math
from collections.abc import Sequence

from core.reference import Vector, cosine


def kernel(a: Vector, b: Vector, gamma: float) -> float:
    """RBF kernel exp(-gamma x squared distance)."""
    return math.exp(-gamma * math.fsum((x - y) ** 2 for x, y in zip(a, b, strict=True)))


def pmi_distance(
    pictures: Sequence[Vector],
    prompts: Sequence[Vector],
    examples: Sequence[Vector],
    captions: Sequence[Vector | None],
    gamma: float,
) -> float:
    """Eq. 9: mean over examples of ||1/N sum_j w_ij k(z_j, .) - k(z'_i, .)||^2.

    `prompts` stand beside `pictures`, `captions` beside `examples`; without a caption all w are 1.
    """
    total = 0.0
    for example, caption in zip(examples, captions, strict=True):
        w = [1.0 if caption is None else cosine(prompt, caption) for prompt in prompts]
        count = len(pictures)
        own = math.fsum(
            w[j] * w[k] * kernel(pictures[j], pictures[k], gamma)
            for j in range(count)
            for k in range(count)
        )
        cross = math.fsum(w[j] * kernel(pictures[j], example, gamma) for j in range(count))
        total += own / count**2 - 2 * cross / count + kernel(example, example, gamma)
    return total / len(examples)
