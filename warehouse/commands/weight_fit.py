"""`weights fit`: lambdas fitted to what people judged, told to people and machines."""

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.weights.agreement import Agreement
from warehouse.commands.console import readable_warehouse, say, say_json, writable_warehouse

if TYPE_CHECKING:
    from warehouse.weight_fitting import WeightFit


def fit(
    with_simulated: Annotated[
        bool, typer.Option("--with-simulated", help="Count simulated judgments too.")
    ] = False,
    any_sign: Annotated[
        bool, typer.Option("--any-sign", help="Allow weights below 0; gives intervals.")
    ] = False,
    save_as: Annotated[str, typer.Option("--save", help="Store the result as a profile.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")] = False,
) -> None:
    """Fit the lambdas of the active profile's metrics to what people judged.

    A Bradley-Terry model with the metrics' differences as covariates, cross-validated by prompt.
    Without --any-sign weights stay at 0 or above and carry no intervals.
    """
    from warehouse.profiles import save_profile
    from warehouse.weight_fitting import fit_weights

    with writable_warehouse() if save_as else readable_warehouse() as warehouse:
        found = fit_weights(warehouse, with_simulated=with_simulated, non_negative=not any_sign)
        if save_as:
            way = found.active.normalisation  # the fit is of metrics normalised so
            save_profile(warehouse, save_as, found.lambdas, normalisation=way)
    if json:
        say_json(_as_json(found))
    else:
        _tell(found)


def _as_json(found: "WeightFit") -> dict[str, Any]:
    metrics = found.fit.metrics
    return {
        "lambdas": found.lambdas,
        "weights": dict(zip(metrics, found.fit.weights.tolist(), strict=True)),
        "lower": dict(zip(metrics, found.fit.lower.tolist(), strict=True)),
        "upper": dict(zip(metrics, found.fit.upper.tolist(), strict=True)),
        "pairs": found.pairs,
        "simulated": found.simulated,
        "people": found.fit.people,
        "held_out": vars(found.held_out),
        "agreements": {name: vars(share) for name, share in found.agreements.items()},
        "ceiling": vars(found.ceiling),
        "warnings": list(found.fit.warnings),
    }


def _tell(found: "WeightFit") -> None:
    fit = found.fit
    say(f"Fitted: {told(found.lambdas)}")
    for metric, weight, lower, upper in zip(
        fit.metrics, fit.weights, fit.lower, fit.upper, strict=True
    ):
        interval = f" ({lower:.2f} to {upper:.2f})" if isfinite(lower) else ""
        say(f"  {metric}: {weight:.2f}{interval}")
    say(
        f"From {found.pairs:,} pairs by {fit.people} people, "
        f"{found.simulated:,} of the pairs simulated."
    )
    if found.held_out.pairs:
        say(
            f"On prompts held out: {found.held_out.fitted:.1%} ordered as people did; "
            f"{found.active.name} {found.held_out.given:.1%}."
        )
    for name, share in found.agreements.items():
        say(f"  {name}: {_share(share)}")
    if found.ceiling.comparisons:
        say(
            f"Two people agree on {found.ceiling.share:.1%} of {found.ceiling.comparisons:,} "
            "comparisons of the same pair."
        )
    for warning in fit.warnings:
        say(f"Note: {warning}")


def told(lambdas: Mapping[str, float]) -> str:
    """Lambdas as people read them."""
    return ", ".join(f"{metric} {weight:g}" for metric, weight in lambdas.items())


def _share(share: Agreement) -> str:
    return (
        f"{share.share:.1%} ({share.lower:.1%} to {share.upper:.1%}) of {share.pairs:,} pairs, "
        f"{share.ties:,} ties left out"
    )
