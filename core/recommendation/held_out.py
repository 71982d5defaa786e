"""Would the list have held what people preferred? Asked of prompts that were held out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import scipy

from core.ratings.bradley_terry import fitted_ratings
from core.recommendation.estimates import Combination, estimates, near_apart
from core.recommendation.evidence import Evidence, Floats, Ints
from core.recommendation.list_quality import (
    LISTED,
    Mean,
    chance_of_hit,
    expected_ndcg,
    hit,
    mean_over_prompts,
    ndcg,
)
from core.recommendation.nearness import Flags, PromptTexts, by_features, by_words

FOLDS = 5
GRID = tuple(
    Combination(sharpness, gre_weight, variance)
    for sharpness, gre_weight, variance in product((1.0, 2.0, 4.0), (0.5, 1.0, 2.0), (0.1, 1.0))
)
METHODS = {
    "recommendation": "Which model?",
    "words": "Which model? by words for want of features",
    "tuned": "Which model? weighed as the other folds say",
    "global rating": "Rating by all votes",
    "gre": "GRE-Score on near prompts",
    "downloads": "Most downloaded",
}
OnProgress = Callable[[int, int], None]


@dataclass(frozen=True)
class Figures:
    """Quality of one method's lists over the prompts held out."""

    hit_rate: Mean
    ndcg: Mean
    hit_rate_ahead: Mean  # of the recommendation, less this method: paired by prompt
    ndcg_ahead: Mean


@dataclass(frozen=True)
class Evaluation:
    """Figures by method, over models judged on the prompt and over all models."""

    prompts: int  # held out in turn
    judgments: int  # on them
    judged_models: float  # on a prompt, on average
    models: int
    among_judged: Mapping[str, Figures]
    among_all: Mapping[str, Figures]  # models that nobody judged there count as not preferred
    by_chance: tuple[float, float]  # hit rate and NDCG of an order drawn evenly, among judged
    by_chance_all: tuple[float, float]
    rule: Combination  # of all methods but the tuned one
    tuned: tuple[Combination, ...]  # by fold, on the other folds


def evaluation(
    evidence: Evidence,
    texts: PromptTexts,
    downloads: Floats,
    *,
    rule: Combination,
    grid: Sequence[Combination] = GRID,
    seed: int = 0,
    on_progress: OnProgress = lambda done, total: None,
) -> Evaluation | None:
    """Five folds by prompt: a fold's prompts are asked about as if nobody had drawn or judged them.

    `rule` is how evidence is weighed; for the method “tuned” it is chosen from `grid` on the other
    folds alone, by the NDCG of leaving one of their prompts out at a time. Gains are chances of
    being preferred to an average model by the prompt's own votes. Prompts on which no more than
    five models were judged tell nothing: any list holds them all. None where fewer than five
    prompts are left.
    """
    prompts = told_prompts(evidence)
    if len(prompts) < FOLDS:
        return None
    gains = {int(prompt): _gains(evidence, int(prompt)) for prompt in prompts}
    parts = np.array_split(np.random.default_rng(seed).permutation(prompts), FOLDS)
    scores: dict[int, dict[str, Floats]] = {}
    chosen, total, done = [], (FOLDS - 1) * len(prompts), 0
    for part in parts:
        left_out = _places(evidence, part)
        others = np.setdiff1d(prompts, part)
        chosen.append(_best(evidence, texts, others, left_out, gains, grid))
        for prompt in part.tolist():
            ruled = _ruled(evidence, texts, prompt, left_out, rule, chosen[-1])
            scores[prompt] = ruled | {"downloads": np.nan_to_num(downloads, nan=-1.0)}
        done += len(others)
        on_progress(done, total)
    judged = {prompt: evidence.pairs[prompt] > 0 for prompt in gains}
    everyone = {prompt: np.ones(evidence.models, np.bool_) for prompt in gains}
    return Evaluation(
        len(prompts),
        int(evidence.judgments[prompts].sum()),
        float(np.mean([among.sum() for among in judged.values()])),
        evidence.models,
        _figures(scores, gains, judged),
        _figures(scores, gains, everyone),
        _by_chance(gains, judged),
        _by_chance(gains, everyone),
        rule,
        tuple(chosen),
    )


def told_prompts(evidence: Evidence) -> Ints:
    """Places of the prompts on which more than `LISTED` models were judged."""
    found: Ints = np.flatnonzero((evidence.pairs > 0).sum(axis=1) > LISTED)
    return found


def _best(
    evidence: Evidence,
    texts: PromptTexts,
    prompts: Ints,
    left_out: Flags,
    gains: Mapping[int, Floats],
    grid: Sequence[Combination],
) -> Combination:
    """What of the grid gives the best NDCG on `prompts`, each left out in its turn."""
    qualities = np.zeros(len(grid))
    for prompt in prompts.tolist():
        unseen = left_out | _places(evidence, np.array([prompt]))
        known, judged = evidence.without(unseen), evidence.pairs[prompt] > 0
        for place, rule in enumerate(grid):
            near = _near(texts, prompt, rule.sharpness, ~unseen)
            rated = _rated(known, near, rule)[judged]
            qualities[place] += ndcg(np.argsort(-rated, kind="stable"), gains[prompt][judged])
    return grid[int(qualities.argmax())]


def _ruled(
    evidence: Evidence,
    texts: PromptTexts,
    prompt: int,
    left_out: Flags,
    rule: Combination,
    tuned: Combination,
) -> dict[str, Floats]:
    """(m,) by method what orders the models, the higher the better."""
    known = evidence.without(left_out)
    near = _near(texts, prompt, rule.sharpness, ~left_out)
    tuned_near = _near(texts, prompt, tuned.sharpness, ~left_out)
    words = by_words(texts, texts.texts[prompt], ~left_out)
    everywhere = fitted_ratings(known.wins(np.ones(len(known.gre))))
    return {
        "recommendation": _rated(known, near, rule),
        "words": _rated(known, words, rule),
        "tuned": _rated(known, tuned_near, tuned),
        "global rating": everywhere.arrays()[0],
        "gre": near_apart(known, known.scores_apart(), near),
    }


def _near(texts: PromptTexts, prompt: int, sharpness: float, among: Flags) -> Floats:
    """Nearness by features, by words where the prompt has none."""
    vector = None if texts.vectors is None else texts.vectors[prompt]
    if vector is None or not np.isfinite(vector).all():
        return by_words(texts, texts.texts[prompt], among)
    return by_features(texts, vector, sharpness, among)


def _rated(evidence: Evidence, nearness: Floats, rule: Combination) -> Floats:
    return estimates(evidence, nearness, rule).own.arrays()[0]


def _places(evidence: Evidence, prompts: Ints) -> Flags:
    return np.isin(np.arange(len(evidence.gre)), prompts)


def _gains(evidence: Evidence, prompt: int) -> Floats:
    """(m,) chance of being preferred to an average model there; 0 for whom nobody judged."""
    own = np.zeros(len(evidence.gre))
    own[prompt] = 1
    means, _ = fitted_ratings(evidence.wins(own)).arrays()
    gains: Floats = np.where(evidence.pairs[prompt] > 0, scipy.special.expit(means), 0.0)
    return gains


def _figures(
    scores: Mapping[int, Mapping[str, Floats]],
    gains: Mapping[int, Floats],
    among: Mapping[int, Flags],
) -> dict[str, Figures]:
    hits: dict[str, Floats] = {}
    ndcgs: dict[str, Floats] = {}
    for method in METHODS:
        lists = list(_lists(scores, gains, among, method))
        hits[method] = np.array([hit(order, own) for order, own in lists])
        ndcgs[method] = np.array([ndcg(order, own) for order, own in lists])
    ours = "recommendation"
    return {
        method: Figures(
            mean_over_prompts(hits[method]),
            mean_over_prompts(ndcgs[method]),
            mean_over_prompts(hits[ours] - hits[method]),
            mean_over_prompts(ndcgs[ours] - ndcgs[method]),
        )
        for method in METHODS
    }


def _lists(
    scores: Mapping[int, Mapping[str, Floats]],
    gains: Mapping[int, Floats],
    among: Mapping[int, Flags],
    method: str,
) -> Iterator[tuple[Ints, Floats]]:
    """For each prompt the order by a method, and the gains it is an order of."""
    for prompt, own in gains.items():
        chosen = among[prompt]
        yield np.argsort(-scores[prompt][method][chosen], kind="stable"), own[chosen]


def _by_chance(gains: Mapping[int, Floats], among: Mapping[int, Flags]) -> tuple[float, float]:
    own = [values[among[prompt]] for prompt, values in gains.items()]
    hits, ndcgs = [chance_of_hit(g) for g in own], [expected_ndcg(g) for g in own]
    return float(np.mean(hits)), float(np.mean(ndcgs))
