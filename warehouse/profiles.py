"""Weight profiles: named lambdas with a normalisation, one of them in force, and its history."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import duckdb

from core.errors import ConflictError, NotFoundError, ScoreError
from core.weights.normalisation import Normalisation
from warehouse.database import Warehouse, query_text
from warehouse.landing import COMMAND_LINE, record
from warehouse.metric_choice import check_known, register_metrics
from warehouse.score_runs import latest_run, store
from warehouse.scoring import rescored

ATTEMPTS = 5  # two maintainers may write at the same moment


@dataclass(frozen=True)
class WeightProfile:
    """Lambda per metric under a name; never changed once it is saved."""

    name: str
    lambdas: Mapping[str, float]
    author: str
    created_at: datetime
    active: bool
    normalisation: Normalisation = Normalisation.MIN_MAX
    note: str | None = None


@dataclass(frozen=True)
class Activation:
    """One time that a profile was put into force."""

    activation_id: int
    profile: str
    previous: str | None  # in force until then; None for the first
    person_id: str
    person_name: str  # the id where nobody of that id is known
    note: str | None
    activated_at: datetime


@dataclass(frozen=True)
class Difference:
    """What two profiles say differently of a metric, or of the normalisation."""

    metric: str  # or "normalisation"
    before: float | str  # weight, 0 for a metric that is not named; or a normalisation
    after: float | str


def weight_profiles(warehouse: Warehouse) -> list[WeightProfile]:
    """All profiles, the active one first."""
    with warehouse.cursor() as cursor:
        rows = cursor.execute(
            "select name, lambdas, author, created_at, active, normalisation, note "
            "from weight_profiles order by active desc, created_at, name"
        ).fetchall()
    return [
        WeightProfile(name, lambdas, author, created_at, active, Normalisation(way), note)
        for name, lambdas, author, created_at, active, way, note in rows
    ]


def differences(one: WeightProfile, other: WeightProfile) -> list[Difference]:
    """What changes from `one` to `other`; a metric that is not named weighs 0."""
    changes = [
        Difference(metric, one.lambdas.get(metric, 0.0), other.lambdas.get(metric, 0.0))
        for metric in dict.fromkeys([*one.lambdas, *other.lambdas])
    ]
    ways = Difference("normalisation", str(one.normalisation), str(other.normalisation))
    return [change for change in (*changes, ways) if change.before != change.after]


def profile_history(warehouse: Warehouse) -> list[Activation]:
    """Every time that a profile was put into force, newest first."""
    with warehouse.cursor() as cursor:
        rows = cursor.execute(query_text("profile_history")).fetchall()
    return [Activation(*row) for row in rows]


def check_weights(warehouse: Warehouse, lambdas: Mapping[str, float]) -> None:
    """Raises ScoreError for weights that no score can be made of, and for unknown metrics."""
    check_known(warehouse, lambdas)
    for metric, weight in lambdas.items():
        if not math.isfinite(weight) or weight < 0:
            raise ScoreError(f"The weight of {metric} is {weight}; it must be a number from 0 up.")
    if not any(lambdas.values()):
        raise ScoreError("A profile needs a weight above 0: with all at 0 every score is 0.")


def save_profile(
    warehouse: Warehouse,
    name: str,
    lambdas: Mapping[str, float],
    author: str = COMMAND_LINE,
    *,
    normalisation: Normalisation = Normalisation.MIN_MAX,
    note: str | None = None,
) -> None:
    """Store a new profile that is not in force.

    Raises ScoreError as `check_weights`, and for a name that is blank or taken.
    """
    if not name.strip() or not lambdas:
        raise ScoreError("A profile needs a name and at least one weight.")
    check_weights(warehouse, lambdas)
    register_metrics(warehouse)
    taken = ScoreError(f"A profile named “{name}” exists; profiles are kept as they are.")
    if any(profile.name == name for profile in weight_profiles(warehouse)):
        raise taken
    try:
        with warehouse.transaction() as cursor:
            cursor.execute(
                query_text("add_weight_profile"),
                {
                    "name": name,
                    "metrics": list(lambdas),
                    "weights": [float(weight) for weight in lambdas.values()],
                    "author": author,
                    "normalisation": str(normalisation),
                    "note": note,
                },
            )
            record(cursor, "save weight profile", name, person_id=author, after=dict(lambdas))
    except (duckdb.ConstraintException, duckdb.TransactionException) as error:
        raise taken from error  # by somebody else, at the same moment


def activate_profile(
    warehouse: Warehouse,
    name: str,
    person_id: str = COMMAND_LINE,
    *,
    expected: str | None = None,
    note: str | None = None,
) -> None:
    """Make `name` the profile that scores follow; nothing happens where it is already.

    In the same transaction q is normalised anew where `name` normalises otherwise, and metrics
    that it weighs and nobody scored yet are scored. Where `expected` is given and another profile
    is in force by now, raises ConflictError. Raises NotFoundError for an unknown profile.
    """
    _put_into_force(warehouse, name, person_id, expected, note)


def roll_back(
    warehouse: Warehouse, person_id: str, *, expected: str | None, note: str | None = None
) -> str:
    """Activate the profile that was in force before this one, and return its name.

    Twice comes back to this one. Raises as `activate_profile`, and ScoreError for the first.
    """
    with warehouse.cursor() as cursor:
        now = _in_force(cursor)
    if now is None or now.previous is None:
        raise ScoreError("No other profile was in force before, so there is none to go back to.")
    _put_into_force(warehouse, now.previous, person_id, expected or now.name, note)
    return now.previous


@dataclass(frozen=True)
class _InForce:
    name: str
    previous: str | None
    person: str
    activated_at: datetime


def _in_force(cursor: duckdb.DuckDBPyConnection) -> _InForce | None:
    row = cursor.execute(query_text("profile_in_force")).fetchone()
    return _InForce(*row) if row else None


def _put_into_force(
    warehouse: Warehouse, name: str, person_id: str, expected: str | None, note: str | None
) -> None:
    """One transaction, tried again where others collide or scores were stored meanwhile."""
    found = [profile for profile in weight_profiles(warehouse) if profile.name == name]
    if not found:
        raise NotFoundError("weight profile", name)
    for attempt in range(1, ATTEMPTS + 1):
        with warehouse.cursor() as cursor:
            run = latest_run(cursor)
        scores = rescored(warehouse, run, found[0].lambdas, found[0].normalisation)
        try:
            with warehouse.transaction() as cursor:
                now = _in_force(cursor)
                if now and expected is not None and now.name != expected:
                    raise ConflictError(now.name, now.person, now.activated_at)
                if latest_run(cursor) != run:
                    raise duckdb.TransactionException("Other scores were stored meanwhile.")
                if scores:
                    store(cursor, scores)
                if now is None or now.name != name:
                    _write_activation(cursor, name, now.name if now else None, person_id, note)
                return
        except duckdb.TransactionException:
            if attempt == ATTEMPTS:
                raise


def _write_activation(
    cursor: duckdb.DuckDBPyConnection,
    name: str,
    previous: str | None,
    person_id: str,
    note: str | None,
) -> None:
    cursor.execute(
        "update weight_profiles set active = (name = $name) where active <> (name = $name)",
        {"name": name},
    )
    cursor.execute(
        "insert into profile_activations (profile, previous, person_id, note) "
        "values ($profile, $previous, $person_id, $note)",
        {"profile": name, "previous": previous, "person_id": person_id, "note": note},
    )
    record(
        cursor,
        "activate weight profile",
        name,
        person_id=person_id,
        before={"active": previous},
        after={"active": name},
    )
