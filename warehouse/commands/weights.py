"""`weights`: look at lambda profiles, fit them to judgments, save and activate them."""

from typing import TYPE_CHECKING, Annotated

import typer

from core.errors import NotFoundError, ScoreError
from warehouse.commands.console import readable_warehouse, say, say_json, writable_warehouse
from warehouse.commands.weight_fit import fit, told

if TYPE_CHECKING:  # importing it takes a second
    from core.weights.normalisation import Normalisation

app = typer.Typer(
    help="Weight profiles: the lambdas of the GRE-Score under a name, one of them active.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")]
Name = Annotated[str, typer.Argument(help="Name of the profile.")]
Note = Annotated[str, typer.Option(help="A remark, kept beside it.")]


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
        say(f"{'*' if profile.active else ' '} {profile.name}: {told(profile.lambdas)}")


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
    say(f"{profile.name}{' (active)' if profile.active else ''}: {told(profile.lambdas)}")
    say(f"normalised by {profile.normalisation}")
    say(f"by {profile.author}, {profile.created_at:%Y-%m-%d %H:%M} UTC")
    if profile.note:
        say(profile.note)


@app.command("save")
def save(
    name: Name,
    lambdas: Annotated[list[str], typer.Argument(help="METRIC=WEIGHT, such as clip=1.")],
    normalisation: Annotated[
        str, typer.Option(help="How metrics come to 0..1: min-max (the paper's), rank or z-score.")
    ] = "min-max",
    note: Note = "",
    json: Json = False,
) -> None:
    """Store a new profile under a name; it is not active before `activate`.

    python -m warehouse weights save mine clip=1 mcos=0.5 pop=0 --note "for portraits"
    """
    from warehouse.profiles import save_profile

    weights = _parsed_all(lambdas)
    way = _normalisation(normalisation)
    with writable_warehouse() as warehouse:
        save_profile(warehouse, name, weights, normalisation=way, note=note.strip() or None)
    if json:
        say_json({"name": name, "lambdas": weights, "active": False})
    else:
        say(f"Saved {name}: {told(weights)}. `weights activate` puts it into force.")


@app.command("activate")
def activate(name: Name, note: Note = "", json: Json = False) -> None:
    """Put a profile into force: every score and every page follows at once."""
    from warehouse.profiles import activate_profile
    from warehouse.scoring import scores_current

    with writable_warehouse() as warehouse:
        activate_profile(warehouse, name, note=note.strip() or None)
        current = json or scores_current(warehouse)
    if json:
        say_json({"name": name, "active": True})
        return
    say(f"{name} is active.")
    if not current:
        say("Scores are out of date: `python -m warehouse score` brings them up to date.")


@app.command("rollback")
def rollback(note: Note = "", json: Json = False) -> None:
    """Put the profile into force again that was active before this one.

    Twice comes back to this one; `weights history` shows what was in force when.
    """
    from warehouse.landing import COMMAND_LINE
    from warehouse.profiles import roll_back

    with writable_warehouse() as warehouse:
        name = roll_back(warehouse, COMMAND_LINE, expected=None, note=note.strip() or None)
    if json:
        say_json({"name": name, "active": True})
    else:
        say(f"{name} is active again.")


@app.command("history")
def history(json: Json = False) -> None:
    """Who put which profile into force and when, newest first.

    python -m warehouse weights history --json
    """
    from warehouse.profiles import profile_history

    with readable_warehouse() as warehouse:
        found = profile_history(warehouse)
    if json:
        say_json([vars(activation) for activation in found])
        return
    for activation in found:
        after = f" after {activation.previous}" if activation.previous else ""
        note = f": {activation.note}" if activation.note else ""
        say(
            f"{activation.activated_at:%Y-%m-%d %H:%M} UTC  {activation.profile}{after}, "
            f"by {activation.person_name}{note}"
        )


@app.command("diff")
def diff(
    one: Annotated[str, typer.Argument(help="Name of a profile.")],
    other: Annotated[str, typer.Argument(help="Name of the profile to compare it with.")],
    json: Json = False,
) -> None:
    """What changes from one profile to another: weights and normalisation.

    python -m warehouse weights diff "GEMRec default" mine
    """
    from warehouse.profiles import differences, weight_profiles

    with readable_warehouse() as warehouse:
        profiles = {profile.name: profile for profile in weight_profiles(warehouse)}
    for name in (one, other):
        if name not in profiles:
            raise NotFoundError("weight profile", name)
    found = differences(profiles[one], profiles[other])
    if json:
        say_json([vars(difference) for difference in found])
        return
    for difference in found:
        say(f"{difference.metric}: {_value(difference.before)} -> {_value(difference.after)}")
    if not found:
        say("They weigh and normalise alike.")


app.command("fit")(fit)


def _parsed(text: str) -> tuple[str, float]:
    metric, sign, weight = text.partition("=")
    try:
        if not sign:
            raise ValueError
        return metric.strip(), float(weight)
    except ValueError:
        raise ScoreError(f"“{text}” is not METRIC=WEIGHT, such as clip=0.8.") from None


def _parsed_all(texts: list[str]) -> dict[str, float]:
    """The weights; a metric that is named twice is refused, since one of both would be lost."""
    weights = [_parsed(text) for text in texts]
    for place, (metric, _) in enumerate(weights):
        if metric in dict(weights[:place]):
            raise ScoreError(f"“{metric}” is weighed twice.")
    return dict(weights)


def _normalisation(text: str) -> "Normalisation":
    from core.weights.normalisation import Normalisation

    try:
        return Normalisation(text)
    except ValueError:
        known = ", ".join(Normalisation)
        raise ScoreError(f"There is no normalisation “{text}”; known are {known}.") from None


def _value(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"
