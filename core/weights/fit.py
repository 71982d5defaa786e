"""Lambdas fitted to judgments: Bradley-Terry with the metrics' differences as covariates."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from core.errors import ScoreError
from core.weights.pairs import TIE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

RIDGE = 1e-6  # per pair: keeps the fit finite where one metric orders everything
LARGEST = 50.0  # a steeper slope means that the data are separable
FEWEST_PEOPLE = 8  # below, people are no basis for a variance: pairs count as independent
FEWEST_PAIRS = 50
FOLDS = 5
LEVEL = 0.95


@dataclass(frozen=True)
class LambdaFit:
    """Fitted weights with intervals; scale is that of the log odds, 1 log odds per unit."""

    metrics: tuple[str, ...]
    weights: Floats  # (k,)
    lower: Floats  # (k,) 95 %; NaN with the non-negativity constraint
    upper: Floats
    pairs: int
    people: int
    clustered: bool  # intervals allow for people's tastes differing
    warnings: tuple[str, ...]

    def as_lambdas(self) -> dict[str, float]:
        """The weights scaled so that the largest is 1; a score's scale changes no order."""
        most = float(np.max(self.weights))
        if most <= 0:
            raise ScoreError(
                "No metric orders pictures as people do, so there is nothing to weigh."
            )
        return {
            name: max(0.0, float(weight)) / most
            for name, weight in zip(self.metrics, self.weights, strict=True)
        }


@dataclass(frozen=True)
class HeldOut:
    """Agreement on prompts that a fit never saw."""

    fitted: float  # share of untied pairs ordered as people did; a tie of the score counts half
    given: float  # the same for lambdas that were not fitted
    pairs: int
    folds: int


def fit_lambdas(
    metrics: tuple[str, ...],
    differences: Floats,
    outcomes: Floats,
    people: Ints,
    *,
    non_negative: bool = False,
) -> LambdaFit:
    """Logistic regression without intercept of outcomes (n,) on differences of q (n, k).

    P(first preferred) = 1 / (1 + exp(-difference . weights)); a tie counts as half a win for
    each. Intervals are Wald's: from people as clusters where there are enough (Liang and Zeger
    1986, small-sample factor G / (G - 1), t with G - 1 degrees), else from the Hessian. Raises
    ScoreError where there is nothing to fit.
    """
    whole = np.isfinite(differences).all(axis=1)
    differences, outcomes, people = differences[whole], outcomes[whole], people[whole]
    if not len(outcomes):
        raise ScoreError("No judgment compares two pictures whose metrics are all known.")
    weights = _minimise(differences, outcomes, non_negative=non_negative)
    groups = np.unique(people)
    clustered = len(groups) >= FEWEST_PEOPLE
    lower = upper = np.full(len(weights), np.nan)
    if not non_negative:
        spread = _standard_errors(differences, outcomes, weights, people if clustered else None)
        reach = scipy.stats.t.ppf(
            (1 + LEVEL) / 2, len(groups) - 1 if clustered else len(outcomes) - 1
        )
        lower, upper = weights - reach * spread, weights + reach * spread
    return LambdaFit(
        metrics,
        weights,
        lower,
        upper,
        len(outcomes),
        len(groups),
        clustered,
        _warnings(differences, outcomes, weights, len(groups), metrics),
    )


def held_out_agreement(
    differences: Floats,
    outcomes: Floats,
    prompts: Ints,
    given: Floats,
    *,
    non_negative: bool = False,
    seed: int = 0,
) -> HeldOut:
    """Cross-validation by prompt: each fold's pairs are ordered by a fit to the other prompts."""
    whole = np.isfinite(differences).all(axis=1)
    differences, outcomes, prompts = differences[whole], outcomes[whole], prompts[whole]
    known = np.unique(prompts)
    folds = min(FOLDS, len(known))
    if folds < 2:
        return HeldOut(float("nan"), float("nan"), 0, folds)
    random = np.random.default_rng(seed)
    fold_of = dict(zip(random.permutation(known), np.arange(len(known)) % folds, strict=True))
    fold = np.array([fold_of[prompt] for prompt in prompts])
    gaps = np.zeros(len(outcomes))
    for number in range(folds):
        kept, held = fold != number, fold == number
        weights = _minimise(differences[kept], outcomes[kept], non_negative=non_negative)
        gaps[held] = differences[held] @ weights
    untied = outcomes != TIE
    return HeldOut(
        _share_met(gaps[untied], outcomes[untied]),
        _share_met((differences @ given)[untied], outcomes[untied]),
        int(untied.sum()),
        folds,
    )


def _share_met(gaps: Floats, outcomes: Floats) -> float:
    if not len(gaps):
        return float("nan")
    return float((0.5 * (1 + np.sign(gaps) * np.sign(outcomes - TIE))).mean())


def _minimise(differences: Floats, outcomes: Floats, *, non_negative: bool) -> Floats:
    ridge = RIDGE * len(outcomes)

    def loss_and_slope(weights: Floats) -> tuple[float, Floats]:
        margins = differences @ weights
        loss = np.logaddexp(0, margins).sum() - outcomes @ margins + ridge / 2 * weights @ weights
        return float(loss), differences.T @ (
            scipy.special.expit(margins) - outcomes
        ) + ridge * weights

    width = differences.shape[1]
    bounds = [(0.0 if non_negative else None, None)] * width
    options = {"maxiter": 500, "ftol": 1e-13, "gtol": 1e-9}
    found = scipy.optimize.minimize(
        loss_and_slope, np.zeros(width), jac=True, method="L-BFGS-B", bounds=bounds, options=options
    )
    return np.asarray(found.x)


def _standard_errors(
    differences: Floats, outcomes: Floats, weights: Floats, people: Ints | None
) -> Floats:
    chances = scipy.special.expit(differences @ weights)
    hessian = (differences * (chances * (1 - chances))[:, None]).T @ differences
    inverse = np.linalg.pinv(hessian + RIDGE * len(outcomes) * np.eye(len(weights)))
    if people is None:
        plain: Floats = np.sqrt(np.diag(inverse))
        return plain
    _, index = np.unique(people, return_inverse=True)
    groups = int(index.max()) + 1
    slopes = np.zeros((groups, len(weights)))
    np.add.at(slopes, index, differences * (outcomes - chances)[:, None])
    middle = slopes.T @ slopes * groups / (groups - 1)
    spread: Floats = np.sqrt(np.diag(inverse @ middle @ inverse))
    return spread


def _warnings(
    differences: Floats, outcomes: Floats, weights: Floats, people: int, metrics: tuple[str, ...]
) -> tuple[str, ...]:
    said = []
    if len(outcomes) < FEWEST_PAIRS:
        said.append(
            f"Only {len(outcomes)} pairs: the weights may be anything within the intervals."
        )
    if people == 1:
        said.append("All judgments are one person's: this fits a taste, not an audience.")
    constant = [
        name for name, column in zip(metrics, differences.T, strict=True) if not np.any(column)
    ]
    if constant:
        said.append(f"Never differs between judged pictures: {', '.join(constant)}.")
    if np.abs(weights).max() > LARGEST:
        said.append("The judgments are ordered nearly without exception, so weights have no limit.")
    return tuple(said)
