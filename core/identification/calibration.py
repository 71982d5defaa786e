"""Scores as honest probabilities: temperatures, how far off they are, and what to show next.

A temperature is fitted on held-out cells of the specifications (leave-one-prompt-out), for each
number of examples apart: examples of one model are not independent, so that adding their
log-likelihoods grows too sure (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017).
"""

from dataclasses import dataclass

import numpy as np
import scipy.optimize
import scipy.special

from core.identification.specification import Floats, Ints, SpecificationError, SpecificationSet
from core.identification.tuning import HeldOut

BINS = 10
_WIDEST = 12.0  # natural log of how far a temperature may lie from the scores' own spread
_LIKELY = 0.01  # models less probable than that are left out when looking ahead
_MOST_LIKELY = 20


@dataclass(frozen=True)
class Temperature:
    """What scores are divided by, and the mean negative log-probability of the truth at it."""

    value: float
    log_loss: float  # nats
    tasks: int


@dataclass(frozen=True)
class Bin:
    """Answers about equally sure."""

    lower: float
    upper: float
    count: int
    confidence: float  # mean probability of the first answer; NaN in an empty bin
    accuracy: float  # share of them that were right; NaN in an empty bin


@dataclass(frozen=True)
class CalibrationError:
    """Expected calibration error: mean |confidence - accuracy| over bins, weighed by count."""

    value: float
    bins: tuple[Bin, ...]
    tasks: int


def probabilities(scores: Floats, temperature: float) -> Floats:
    """(..., m) softmax of -`scores` / `temperature`; models with a score of inf get 0."""
    return np.asarray(scipy.special.softmax(-scores / temperature, axis=-1))


def fitted_temperature(scores: Floats, models: Ints) -> Temperature:
    """The temperature at which the true `models` (t,) are likeliest given `scores` (t, m).

    Raises SpecificationError where there is no task to fit it on.
    """
    usable = np.isfinite(scores[np.arange(len(models)), models])
    scores, models = scores[usable], models[usable]
    if not len(scores):
        raise SpecificationError("A temperature needs held-out pictures to be fitted on.")
    own = scores[np.arange(len(models)), models]
    others = np.where(np.isfinite(scores), scores, np.nan)
    spread = float(np.nanmean(np.nanstd(others, axis=1)))
    if spread <= 0:  # one model, or a method that tells nothing apart: any temperature will do
        return Temperature(1.0, float(np.log(np.isfinite(scores).sum(axis=1)).mean()), len(scores))

    def loss(log_ratio: float) -> float:
        scale = spread * np.exp(log_ratio)
        return float((scipy.special.logsumexp(-scores / scale, axis=1) + own / scale).mean())

    found = scipy.optimize.minimize_scalar(loss, bounds=(-_WIDEST, _WIDEST), method="bounded")
    return Temperature(float(spread * np.exp(found.x)), float(found.fun), len(scores))


def calibration_error(probability: Floats, models: Ints, bins: int = BINS) -> CalibrationError:
    """Of the first answers of `probability` (t, m), the truth being `models` (t,)."""
    confidence, right = probability.max(axis=1), probability.argmax(axis=1) == models
    place = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    found, off = [], 0.0
    for number in range(bins):
        own = place == number
        sure = float(confidence[own].mean()) if own.any() else float("nan")
        hit = float(right[own].mean()) if own.any() else float("nan")
        off += abs(sure - hit) * int(own.sum()) if own.any() else 0.0
        found.append(Bin(number / bins, (number + 1) / bins, int(own.sum()), sure, hit))
    return CalibrationError(
        off / len(models) if len(models) else float("nan"), tuple(found), len(models)
    )


def helpful_prompts(
    specifications: SpecificationSet, held_out: HeldOut, now: Floats, temperature: float
) -> Floats:
    """(p,) bits by which a further example of each prompt is expected to lower the entropy.

    What an example of a likely model would look like is not known, but its specification picture
    of that prompt is, and so is how that picture was scored with the prompt held out. `now` (m,)
    are today's probabilities, `temperature` that of one example. The expectation is over the most
    likely models that have a picture of the prompt; NaN for prompts where none has.
    """
    likely = np.argsort(-now, kind="stable")[:_MOST_LIKELY]
    likely = likely[now[likely] >= _LIKELY]
    shown = np.isin(held_out.models, likely)
    rows = held_out.scores[shown][:, likely] / temperature
    prior = now[likely] / now[likely].sum()
    after = scipy.special.softmax(np.log(prior) - rows, axis=1)
    left = scipy.special.entr(after).sum(axis=1) / np.log(2)
    weights = now[held_out.models[shown]]
    pictures = len(specifications.prompt_ids)
    prompts, models = held_out.prompts[shown], held_out.models[shown]
    cell = prompts * len(now) + models
    _, of_cell, counts = np.unique(cell, return_inverse=True, return_counts=True)
    weights = weights / counts[of_cell]  # seeds share their model's weight
    total = np.bincount(prompts, weights=weights, minlength=pictures)
    expected = np.bincount(prompts, weights=weights * left, minlength=pictures)
    entropy = float(scipy.special.entr(prior).sum() / np.log(2))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(total > 0, entropy - expected / total, np.nan))
