"""Ratings of models for a prompt: votes near it, with a prior from votes elsewhere and scores.

In log odds of being preferred. With w the nearness of each prompt, b the weight of a point of
GRE-Score, and s the models' scores less the mean of their prompt:

    elsewhere  r ~ normal(b x mean of s, 1), then votes of each prompt count 1 - w
    here       r ~ normal(elsewhere + b x (mean of s near - mean of s), its covariance + v)
               then votes of each prompt count w

No vote counts twice. Both are Bradley-Terry with a normal prior (`core.ratings.bradley_terry`).
"""

from dataclasses import dataclass

import numpy as np

from core.ratings.bradley_terry import fitted_ratings
from core.ratings.standings import Personal
from core.recommendation.evidence import Evidence, Floats
from core.sessions.ratings import UNKNOWN_VARIANCE, ratings_of


@dataclass(frozen=True)
class Combination:
    """How evidence is weighed; chosen offline, see docs/recommendation.md."""

    sharpness: float = 1.0  # of nearness: in spreads of the cosines between stored prompts
    gre_weight: float = 1.0  # log odds for a point of GRE-Score
    prompts_variance: float = 0.3  # log odds squared: how far a model's rating differs by prompt


def estimates(evidence: Evidence, nearness: Floats, rule: Combination) -> Personal:
    """Ratings (m,) for the prompt as `own`, those by votes on prompts unlike it as `others`."""
    apart = evidence.scores_apart()
    overall, here = mean_apart(evidence, apart), near_apart(evidence, apart, nearness)
    prior = ratings_of(rule.gre_weight * overall, UNKNOWN_VARIANCE * np.eye(evidence.models))
    elsewhere = fitted_ratings(evidence.wins(1 - nearness), prior=prior)
    means, covariance = elsewhere.arrays()
    moved = ratings_of(
        means + rule.gre_weight * (here - overall),
        covariance + rule.prompts_variance * np.eye(evidence.models),
    )
    return Personal(fitted_ratings(evidence.wins(nearness), prior=moved), elsewhere)


def mean_apart(evidence: Evidence, apart: Floats) -> Floats:
    """(m,) mean over all prompts of a model's scores less their prompt's mean; 0 without any."""
    return near_apart(evidence, apart, np.ones(len(apart)))


def near_apart(evidence: Evidence, apart: Floats, nearness: Floats) -> Floats:
    """(m,) the same over near prompts, each by its nearness; over all where a model has none."""
    known = np.isfinite(evidence.gre)
    weights = known * nearness[:, None]
    total = weights.sum(axis=0)
    near = (weights * apart).sum(axis=0) / np.where(total > 0, total, 1)
    everywhere = apart.sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    chosen: Floats = np.where(total > 0, near, everywhere)
    return chosen


def near_scores(evidence: Evidence, nearness: Floats) -> Floats:
    """(m,) mean GRE-Score on near prompts, each by its nearness; NaN where a model has none."""
    weights = np.isfinite(evidence.gre) * nearness[:, None]
    total = weights.sum(axis=0)
    summed = (weights * np.nan_to_num(evidence.gre)).sum(axis=0)
    means: Floats = np.where(total > 0, summed / np.where(total > 0, total, 1), np.nan)
    return means
