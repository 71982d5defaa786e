"""Lambdas fitted to the judgments here, beside the active profile and single metrics."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.errors import NotFoundError, ScoreError
from core.weights.agreement import Agreement, Ceiling, agreement, ceiling
from core.weights.fit import HeldOut, LambdaFit, fit_lambdas, held_out_agreement
from warehouse.database import Warehouse
from warehouse.judged_pairs import JudgedPairs, judged_pairs
from warehouse.profiles import WeightProfile, weight_profiles

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class WeightFit:
    """A fit, and how well it and its rivals order what people judged."""

    fit: LambdaFit
    lambdas: dict[str, float]  # the fit, scaled to a largest of 1
    held_out: HeldOut  # the fit against the active profile
    active: WeightProfile
    agreements: dict[str, Agreement]  # the active profile, then each metric alone
    ceiling: Ceiling
    pairs: int
    simulated: int  # of the pairs


def active_profile(warehouse: Warehouse) -> WeightProfile:
    """The profile in force. Raises NotFoundError where none is active."""
    for profile in weight_profiles(warehouse):
        if profile.active:
            return profile
    raise NotFoundError("weight profile", "active")


def fit_weights(
    warehouse: Warehouse, *, with_simulated: bool = False, non_negative: bool = True
) -> WeightFit:
    """Fit the metrics that the active profile names. Raises ScoreError without judgments."""
    profile = active_profile(warehouse)
    metrics = tuple(profile.lambdas)
    pairs = judged_pairs(warehouse, metrics, with_simulated=with_simulated)
    if not len(pairs.outcomes):
        raise ScoreError(
            "There are no judgments to fit. Rank some pictures first"
            + ("." if with_simulated else ", or count simulated judgments too.")
        )
    fit = fit_lambdas(
        metrics, pairs.differences, pairs.outcomes, pairs.people, non_negative=non_negative
    )
    given = weights_of(profile.lambdas, metrics)
    held_out = held_out_agreement(
        pairs.differences, pairs.outcomes, pairs.prompts, given, non_negative=non_negative
    )
    return WeightFit(
        fit,
        fit.as_lambdas(),
        held_out,
        profile,
        agreements(pairs, {profile.name: profile.lambdas}),
        ceiling(pairs.pictures, pairs.outcomes, [pairs.person_ids[c] for c in pairs.people]),
        len(pairs.outcomes),
        pairs.simulated,
    )


def agreements(
    pairs: JudgedPairs, profiles: Mapping[str, Mapping[str, float]]
) -> dict[str, Agreement]:
    """Agreement of each profile's score with people, then of each metric alone."""
    rivals = {name: weights_of(lambdas, pairs.metrics) for name, lambdas in profiles.items()}
    rivals |= dict(zip(pairs.metrics, np.eye(len(pairs.metrics)), strict=True))
    return {
        name: agreement(score_gaps(pairs, weights), pairs.outcomes, pairs.people, pairs.judgments)
        for name, weights in rivals.items()
    }


def score_gaps(pairs: JudgedPairs, weights: Floats) -> Floats:
    """Score of the first picture minus that of the second, (n,); metrics of weight 0 may lack."""
    weighed = weights != 0
    gaps: Floats = pairs.differences[:, weighed] @ weights[weighed]
    return gaps


def weights_of(lambdas: Mapping[str, float], metrics: tuple[str, ...]) -> Floats:
    """Lambdas in the order of `metrics`; 0 for those that are not named."""
    return np.array([lambdas.get(metric, 0.0) for metric in metrics], np.float64)
