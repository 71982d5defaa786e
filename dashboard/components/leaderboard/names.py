"""What models and people are called on Leaderboard."""

from collections.abc import Hashable, Iterable, Mapping

import polars as pl

from dashboard import summaries
from dashboard.access import current_person
from dashboard.components.pictures.gallery import model_title
from dashboard.data import leaderboard as data
from dashboard.data.map import map_models


def model_names() -> dict[Hashable, tuple[str, str]]:
    """Name and version of every model."""
    return {
        row["model_version_id"]: (model_title(row), row["version_name"] or "")
        for row in map_models().iter_rows(named=True)
    }


def in_one(names: Mapping[Hashable, tuple[str, str]], model: Hashable) -> str:
    """A model's name with its version."""
    name, version = names.get(model, (str(model), ""))
    return f"{name} {version}".strip()


def people_names(revision: int, person_ids: Iterable[Hashable]) -> dict[Hashable, str]:
    """What the person at the screen may read of who judged.

    Maintainers read names. To others people are numbered in the order given, as Summary shows
    nobody else's judgments to them; simulated people are none.
    """
    rows = data.people(revision)
    names = dict(rows.select("person_id", "name").iter_rows())
    simulated = set(rows.filter(pl.col("simulated"))["person_id"])
    everyone, own = summaries.may_see_others(), current_person().person_id
    told: dict[Hashable, str] = {}
    for number, person_id in enumerate(dict.fromkeys(person_ids), start=1):
        if person_id == own:
            told[person_id] = "You"
        elif everyone or person_id in simulated:
            told[person_id] = names.get(person_id) or str(person_id)
        else:
            told[person_id] = f"Annotator {number}"
    return told
