"""Weight profiles: named lambdas, one of them active."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.errors import NotFoundError, ScoreError
from warehouse.database import Warehouse
from warehouse.landing import COMMAND_LINE, record


@dataclass(frozen=True)
class WeightProfile:
    """Lambda per metric under a name."""

    name: str
    lambdas: Mapping[str, float]
    author: str
    created_at: datetime
    active: bool


def weight_profiles(warehouse: Warehouse) -> list[WeightProfile]:
    """All profiles, the active one first."""
    with warehouse.cursor() as cursor:
        rows = cursor.execute(
            "select name, lambdas, author, created_at, active from weight_profiles "
            "order by active desc, created_at, name"
        ).fetchall()
    return [WeightProfile(*row) for row in rows]


def save_profile(
    warehouse: Warehouse, name: str, lambdas: Mapping[str, float], author: str = COMMAND_LINE
) -> None:
    """Store a new, inactive profile. Raises ScoreError for unknown metrics or weights."""
    known = set(warehouse.select("select metric from metrics")["metric"])
    for metric, weight in lambdas.items():
        if metric not in known:
            raise ScoreError(
                f"There is no metric “{metric}”; known are {', '.join(sorted(known))}."
            )
        if not math.isfinite(weight) or weight < 0:
            raise ScoreError(f"The weight of {metric} is {weight}; it must be a number from 0 up.")
    if not name.strip() or not lambdas:
        raise ScoreError("A profile needs a name and at least one weight.")
    if not any(lambdas.values()):
        raise ScoreError("A profile needs a weight above 0: with all at 0 every score is 0.")
    with warehouse.transaction() as cursor:
        if cursor.execute(
            "select 1 from weight_profiles where name = $name", {"name": name}
        ).fetchone():
            raise ScoreError(f"A profile named “{name}” exists; profiles are kept as they are.")
        cursor.execute(
            "insert into weight_profiles (name, lambdas, author) "
            "select $name, map(cast($metrics as varchar[]), cast($weights as double[])), $author",
            {
                "name": name,
                "metrics": list(lambdas),
                "weights": [float(weight) for weight in lambdas.values()],
                "author": author,
            },
        )
        record(cursor, "save weight profile", name, person_id=author, after=dict(lambdas))


def activate_profile(warehouse: Warehouse, name: str, person_id: str = COMMAND_LINE) -> None:
    """Make `name` the profile that `image_scores` follows. Raises NotFoundError."""
    with warehouse.transaction() as cursor:
        before = cursor.execute("select name from weight_profiles where active").fetchone()
        if not cursor.execute(
            "select 1 from weight_profiles where name = $name", {"name": name}
        ).fetchone():
            raise NotFoundError("weight profile", name)
        cursor.execute(
            "update weight_profiles set active = (name = $name) where active <> (name = $name)",
            {"name": name},
        )
        record(
            cursor,
            "activate weight profile",
            name,
            person_id=person_id,
            before={"active": before[0] if before else None},
            after={"active": name},
        )
