"""`weights`: look at lambda profiles, fit them to judgments, save and activate them."""

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.errors import NotFoundError, ScoreError
from core.weights.agreement import Agreement
from warehouse.commands.console import readable_warehouse, say, say_json, writable_warehouse

if TYPE_CHECKING:
    from warehouse.weight_fitting import WeightFit

app = typer.Typer(
    help="Weight profiles: the lambdas of the GRE-Score under a name, one of them active.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")]
Name = Annotated[str, typer.Argument(help="Name of the profile.")]


@app.command("list")
def list_profiles(json: Json = False) -> None:
    """Every profile with its lambdas; the active one comes first.

    python -m warehouse weights list --json
    """
    from warehouse.profiles import weight_profiles

    with readable_warehouse() as warehouse:
        profiles = weight_profiles(warehouse)
    if json:
        say_json(
            [{"name": p.name, "lambdas": dict(p.lambdas), "active": p.active} for p in profiles]
        )
        return
    for profile in profiles:
        say(f"{'*' if profile.active else ' '} {profile.name}: {_told(profile.lambdas)}")


@app.command("show")
def show(name: Name, json: Json = False) -> None:
    """One profile: its lambdas, who made it and when."""
    from warehouse.profiles import weight_profiles

    with readable_warehouse() as warehouse:
        found = [profile for profile in weight_profiles(warehouse) if profile.name == name]
    if not found:
        raise NotFoundError("weight profile", name)
    profile = found[0]
    if json:
        say_json({**vars(profile), "lambdas": dict(profile.lambdas)})
        return
    say(f"{profile.name}{' (active)' if profile.active else ''}: {_told(profile.lambdas)}")
    say(f"by {profile.author}, {profile.created_at:%Y-%m-%d %H:%M} UTC")


@app.command("save")
def save(
    name: Name,
    lambdas: Annotated[list[str], typer.Argument(help="METRIC=WEIGHT, such as clip=1.")],
    json: Json = False,
) -> None:
    """Store a new profile under a name; it is not active before `activate`.

    python -m warehouse weights save mine clip=1 mcos=0.5 pop=0
    """
    from warehouse.profiles import save_profile

    weights = dict(_parsed(text) for text in lambdas)
    with writable_warehouse() as warehouse:
        save_profile(warehouse, name, weights)
    if json:
        say_json({"name": name, "lambdas": weights, "active": False})
    else:
        say(f"Saved {name}: {_told(weights)}. `weights activate` puts it into force.")


@app.command("activate")
def activate(name: Name, json: Json = False) -> None:
    """Put a profile into force: every score and every page follows at once."""
    from warehouse.profiles import activate_profile

    with writable_warehouse() as warehouse:
        activate_profile(warehouse, name)
    if json:
        say_json({"name": name, "active": True})
    else:
        say(f"{name} is active.")


@app.command("fit")
def fit(
    with_simulated: Annotated[
        bool, typer.Option("--with-simulated", help="Count simulated judgments too.")
    ] = False,
    any_sign: Annotated[
        bool, typer.Option("--any-sign", help="Allow weights below 0; gives intervals.")
    ] = False,
    save_as: Annotated[str, typer.Option("--save", help="Store the result as a profile.")] = "",
    json: Json = False,
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
            save_profile(warehouse, save_as, found.lambdas)
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
    say(f"Fitted: {_told(found.lambdas)}")
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


def _parsed(text: str) -> tuple[str, float]:
    metric, sign, weight = text.partition("=")
    try:
        if not sign:
            raise ValueError
        return metric.strip(), float(weight)
    except ValueError:
        raise ScoreError(f"“{text}” is not METRIC=WEIGHT, such as clip=0.8.") from None


def _told(lambdas: Mapping[str, Any]) -> str:
    return ", ".join(f"{metric} {weight:g}" for metric, weight in lambdas.items())


def _share(share: Agreement) -> str:
    return (
        f"{share.share:.1%} ({share.lower:.1%} to {share.upper:.1%}) of {share.pairs:,} pairs, "
        f"{share.ties:,} ties left out"
    )
