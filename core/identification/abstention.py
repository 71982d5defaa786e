"""None of these: whether any of the models made the examples at all.

Pictures of an absent model come from the specifications themselves: a held-out picture with its
own model struck from the list. (The model's part in what all models share stays; of m models it is
one m-th.) A logistic regression tells those from pictures whose model is on the list; the threshold
lets a stated share of the latter be refused.
"""

from dataclasses import dataclass

import numpy as np
import scipy.special

from core.identification.calibration import probabilities
from core.identification.specification import Floats, Ints, SpecificationError

FALSE_ABSTENTION = 0.05


@dataclass(frozen=True)
class Abstention:
    """When to say "none of these", and how often that goes wrong on held-out pictures."""

    temperature: float
    centre: Floats  # (3,) of the signs
    scale: Floats  # (3,)
    weights: Floats  # (3,)
    intercept: float
    threshold: float  # a chance of presence below that is "none of these"
    false_abstention: float  # share of present models refused, where the threshold was set
    found_absent: float  # share of absent models refused
    area: float  # under the ROC curve: 0.5 tells nothing, 1 everything
    tasks: int

    def presence(self, scores: Floats) -> Floats:
        """(t,) chance that a model on the list made the examples, were either as likely before."""
        signs = (_signs(scores, self.temperature) - self.centre) / self.scale
        return np.asarray(scipy.special.expit(signs @ self.weights + self.intercept))

    def refuses(self, scores: Floats) -> np.ndarray:
        """(t,) whether the answer to `scores` (t, m) is "none of these"."""
        return np.asarray(self.presence(scores) < self.threshold)


def fitted_abstention(
    scores: Floats, models: Ints, temperature: float, false_abstention: float = FALSE_ABSTENTION
) -> Abstention:
    """Of held-out tasks' `scores` (t, m), made by `models` (t,).

    Raises SpecificationError with fewer than three models: with the true one struck, one at most is
    left and nothing tells how sure an answer is.
    """
    usable = np.isfinite(scores[np.arange(len(models)), models])
    usable &= np.isfinite(struck(scores, models)).sum(axis=1) > 1
    scores, models = scores[usable], models[usable]
    if len(scores) < 2:
        raise SpecificationError('"None of these" can be told from three models on.')
    from sklearn.linear_model import LogisticRegression

    signs = np.concatenate(
        [_signs(scores, temperature), _signs(struck(scores, models), temperature)]
    )
    centre, scale = signs.mean(axis=0), np.maximum(signs.std(axis=0), 1e-12)
    there = np.repeat([True, False], len(scores))
    fit = LogisticRegression().fit((signs - centre) / scale, there)
    weights, intercept = fit.coef_[0].astype(np.float64), float(fit.intercept_[0])
    presence = scipy.special.expit((signs - centre) / scale @ weights + intercept)
    threshold = float(np.quantile(presence[there], false_abstention))
    refused = presence < threshold
    return Abstention(
        temperature,
        centre,
        scale,
        weights,
        intercept,
        threshold,
        float(refused[there].mean()),
        float(refused[~there].mean()),
        area_under_curve(presence[there], presence[~there]),
        len(scores),
    )


def struck(scores: Floats, models: Ints) -> Floats:
    """`scores` (t, m) with each task's true model off the list."""
    absent = scores.copy()
    absent[np.arange(len(models)), models] = np.inf
    return absent


def area_under_curve(present: Floats, absent: Floats) -> float:
    """Chance that a present task has the higher value, ties counting half."""
    order = np.sort(absent)
    below = np.searchsorted(order, present, side="left")
    ties = np.searchsorted(order, present, side="right") - below
    return float((below + ties / 2).mean() / len(absent))


def _signs(scores: Floats, temperature: float) -> Floats:
    """(t, 3) best score, its lead over the second, and log of the best probability."""
    if scores.shape[1] < 2:
        raise SpecificationError('"None of these" can be told between two models or more.')
    first, second = np.partition(scores, 1, axis=1)[:, :2].T
    best = np.log(probabilities(scores, temperature).max(axis=1))
    return np.stack([first, (second - first) / temperature, best], axis=1)
