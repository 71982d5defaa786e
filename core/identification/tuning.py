"""Leave-one-prompt-out: what is tuned is tuned on the specifications' own prompts alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import scipy.stats

from core.identification.matching import Matcher
from core.identification.pmi import squared_distances
from core.identification.specification import (
    Floats,
    Ints,
    SpecificationError,
    SpecificationSet,
)

Option = TypeVar("Option")
Fit = Callable[[SpecificationSet], Matcher]
GAMMAS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)  # over the median squared distance
PROMPTS = 12  # left out, one after another, where every one would take too long
MODELS = 200  # that are tuned on, of a warehouse with more
_PICTURES = 1_000  # whose distances tell the median


@dataclass(frozen=True)
class HeldOut:
    """Scores of specification pictures, each by a fit that never saw its prompt."""

    scores: Floats  # (n, m) in the order of the whole set's model_ids; inf for models left bare
    rows: Ints  # (n,) the pictures, as rows of the whole set
    models: Ints  # (n,) the model that made each, as a place in model_ids
    prompts: Ints  # (n,) the prompt of each, as a place in prompt_ids


@dataclass(frozen=True)
class Tuned(Generic[Option]):
    """The option that ranks the models of held-out pictures best, and what each option reached."""

    option: Option
    reached: tuple[tuple[Option, float], ...]  # mean reciprocal rank, tied scores at mean rank
    pictures: int  # held out


def held_out(specifications: SpecificationSet, fit: Fit, prompts: Ints | None = None) -> HeldOut:
    """Scores of each picture of `prompts` (places; all without), its own prompt left out.

    A prompt that would leave nothing behind is passed over. Raises SpecificationError where that is
    so of all of them: a single prompt cannot be tuned on.
    """
    whole = specifications
    places = np.arange(len(whole.prompt_ids)) if prompts is None else prompts
    scores, rows = [], []
    for prompt in places.tolist():
        asked = np.flatnonzero(whole.prompts == prompt)
        if len(asked) == len(whole.models):
            continue
        fitted = fit(whole.without_prompts([int(whole.prompt_ids[prompt])]))
        left = np.searchsorted(whole.model_ids, fitted.specifications.model_ids)
        block = np.full((len(asked), len(whole.model_ids)), np.inf)
        block[:, left] = fitted.scores(whole.requirement(asked))
        scores.append(block)
        rows.append(asked)
    if not rows:
        raise SpecificationError("Leaving a prompt out needs specifications of two prompts.")
    taken = np.concatenate(rows)
    return HeldOut(np.concatenate(scores), taken, whole.models[taken], whole.prompts[taken])


def tuned(
    specifications: SpecificationSet,
    options: Sequence[Option],
    fit: Callable[[SpecificationSet, Option], Matcher],
    prompts: Ints | None = None,
) -> Tuned[Option]:
    """The best of `options`, the first of equals, by leaving `prompts` (places) out one by one."""
    chosen = spread_prompts(specifications) if prompts is None else prompts
    reached: list[tuple[Option, float]] = []
    pictures = 0
    for option in options:

        def fit_option(left: SpecificationSet, option: Option = option) -> Matcher:
            return fit(left, option)

        found = held_out(specifications, fit_option, chosen)
        reached.append((option, float((1 / true_ranks(found.scores, found.models)).mean())))
        pictures = len(found.rows)
    best = max(range(len(reached)), key=lambda place: reached[place][1])
    return Tuned(reached[best][0], tuple(reached), pictures)


def true_ranks(scores: Floats, models: Ints) -> Floats:
    """(n,) rank of the true model of each row of `scores` (n, m), from 1; ties get their mean."""
    ranks = scipy.stats.rankdata(scores, method="average", axis=1)
    return np.asarray(ranks[np.arange(len(models)), models], np.float64)


def spread_prompts(specifications: SpecificationSet, count: int = PROMPTS) -> Ints:
    """Up to `count` places of prompts that most models have, evenly spread over the ids."""
    models = np.bincount(specifications.cell_prompts, minlength=len(specifications.prompt_ids))
    common = np.flatnonzero(2 * models >= models.max())
    taken = np.linspace(0, len(common) - 1, min(count, len(common))).round().astype(np.int64)
    return common[taken].astype(np.int64)


def fewer_models(specifications: SpecificationSet, count: int = MODELS) -> SpecificationSet:
    """Up to `count` models, evenly spread over the ids, to tune on: held-out scores are n x m."""
    models = len(specifications.model_ids)
    if models <= count:
        return specifications
    taken = np.linspace(0, models - 1, count).round().astype(np.int64)
    return specifications.rows(np.isin(specifications.models, taken))


def gammas(specifications: SpecificationSet) -> tuple[float, ...]:
    """RBF gammas to try: encoders differ in scale, so `GAMMAS` over the median squared distance."""
    step = max(1, len(specifications.features) // _PICTURES)
    some = specifications.features[::step].astype(np.float64)
    apart = squared_distances(some, some)[np.triu_indices(len(some), k=1)]
    median = float(np.median(apart)) if len(apart) else 0.0
    return tuple(float(gamma / median) if median > 0 else gamma for gamma in GAMMAS)
