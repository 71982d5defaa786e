"""How much each stored prompt counts for the one that is asked about: 1 as itself, 0 not at all."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log, sqrt

import numpy as np
import numpy.typing as npt

from core.scores import unit_vectors

Floats = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

MOST_NEAR = 8  # prompts
LEAST_NEARNESS = 0.1  # below that a prompt is not near
MOST_SPREAD_OVER = 1000  # prompts whose cosines tell how far apart prompts usually lie
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class PromptTexts:
    """What is known of p stored prompts."""

    prompt_ids: tuple[int, ...]  # (p,)
    texts: tuple[str, ...]  # (p,)
    tags: tuple[str | None, ...]  # (p,)
    vectors: Vectors | None  # (p, dim) text features; NaN rows for prompts that have none

    @cached_property
    def units(self) -> Floats | None:
        """(p, dim) features of length 1; None where no prompt has any."""
        if self.vectors is None or not np.isfinite(self.vectors).all(axis=1).any():
            return None
        return unit_vectors(self.vectors).astype(np.float64)

    @cached_property
    def spread(self) -> float:
        """Standard deviation of the cosines of different prompts; 1 for fewer than three."""
        units = np.zeros((0, 1)) if self.units is None else self.units
        known = units[np.isfinite(units).all(axis=1)][:MOST_SPREAD_OVER]
        if len(known) < 3:
            return 1.0
        cosines = (known @ known.T)[np.triu_indices(len(known), k=1)]
        return float(max(cosines.std(), 1e-6))


def by_features(
    prompts: PromptTexts, vector: Vectors, sharpness: float, among: Flags | None = None
) -> Floats:
    """(p,) exp((cosine - 1) / (sharpness x spread)), of the nearest prompts (`among` some) alone.

    The spread is that of cosines between stored prompts, since encoders differ in how far apart
    they put any two texts. Prompts without features are not near, nor is any to such a vector.
    """
    if prompts.units is None:
        return np.zeros(len(prompts.prompt_ids))
    asked = unit_vectors(vector[None, :]).astype(np.float64)[0]
    distances = 1 - np.clip(prompts.units @ asked, -1, 1)
    return _nearest(np.exp(-distances / (sharpness * prompts.spread)), among)


def by_words(prompts: PromptTexts, text: str, among: Flags | None = None) -> Floats:
    """(p,) cosine of the words and tags two prompts share; words that few prompts hold count more.

    For want of text features: "kitten" and "cat" have nothing in common here.
    """
    bags = [
        Counter(_words(f"{text} {tag or ''}"))
        for text, tag in zip(prompts.texts, prompts.tags, strict=True)
    ]
    holding = Counter(word for bag in bags for word in bag)
    rarity = {word: log((1 + len(bags)) / count) for word, count in holding.items()}
    asked = Counter(word for word in _words(text) if word in rarity)
    return _nearest(np.array([_shared(asked, bag, rarity) for bag in bags], np.float64), among)


def by_tag(prompts: PromptTexts, tag: str) -> Floats:
    """(p,) 1 for each prompt of the tag, however many they are."""
    return np.array([float(other == tag) for other in prompts.tags], np.float64)


def _nearest(nearness: Floats, among: Flags | None) -> Floats:
    """The `MOST_NEAR` highest of at least `LEAST_NEARNESS`, the others 0; NaN is 0."""
    known = np.nan_to_num(nearness, nan=0.0)
    if among is not None:
        known = known * among
    kept = np.zeros_like(known)
    first = np.argsort(-known, kind="stable")[:MOST_NEAR]
    first = first[known[first] >= LEAST_NEARNESS]
    kept[first] = np.minimum(1.0, known[first])
    return kept


def _words(text: str) -> Sequence[str]:
    return _WORD.findall(text.lower())


def _shared(one: Counter[str], other: Counter[str], rarity: Mapping[str, float]) -> float:
    lengths = [
        sqrt(sum((times * rarity[word]) ** 2 for word, times in bag.items()))
        for bag in (one, other)
    ]
    if not all(lengths):
        return 0.0
    shared = sum(one[word] * other[word] * rarity[word] ** 2 for word in one.keys() & other.keys())
    return shared / (lengths[0] * lengths[1])
