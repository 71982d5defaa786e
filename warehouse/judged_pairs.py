"""Judgments as arrays: pairs of pictures, their metrics' differences, who judged them where."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from core.weights.pairs import Pair, pairs_of_sort, pairs_of_vote
from warehouse.database import Warehouse
from warehouse.reads import judging

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class JudgedPairs:
    """n pairs of pictures of one prompt each, in the order they were judged."""

    metrics: tuple[str, ...]
    pictures: tuple[tuple[str, str], ...]  # (n,)
    outcomes: Floats  # (n,) 1 the first was preferred, 0.5 neither
    differences: Floats  # (n, k) q of the first minus q of the second; NaN where one has none
    people: Ints  # (n,) codes
    prompts: Ints  # (n,) prompt ids
    judgments: Ints  # (n,) codes: pairs of one order share theirs
    person_ids: tuple[str, ...]  # by code
    simulated: int  # of the n


def judged_pairs(
    warehouse: Warehouse, metrics: Sequence[str], *, with_simulated: bool
) -> JudgedPairs:
    """Every pair that the judgments in force compare; orders give all their pairs."""
    judgments = judging.judgments_in_force(warehouse, with_simulated=with_simulated)
    found = [
        (pair, row["person_id"], row["prompt_id"], number, row["simulated"])
        for number, row in enumerate(judgments.iter_rows(named=True))
        for pair in _pairs(row)
    ]
    pictures = tuple((pair.first, pair.second) for pair, *_ in found)
    people = list(dict.fromkeys(person for _, person, *_ in found))
    codes = {person: code for code, person in enumerate(people)}
    return JudgedPairs(
        tuple(metrics),
        pictures,
        np.array([pair.outcome for pair, *_ in found], np.float64),
        _differences(warehouse, metrics, pictures),
        np.array([codes[person] for _, person, *_ in found], np.int64),
        np.array([prompt for _, _, prompt, *_ in found], np.int64),
        np.array([number for _, _, _, number, _ in found], np.int64),
        tuple(people),
        sum(simulated for *_, simulated in found),
    )


def _pairs(row: dict[str, object]) -> list[Pair[str]]:
    shown, outcome = row["shown_image_ids"], row["outcome"]
    assert isinstance(shown, list)
    if row["kind"] == "vote":
        return pairs_of_vote(shown[0], shown[1], str(outcome)) if len(shown) == 2 else []
    ranked, rejected = row["ranked_image_ids"], row["rejected_image_ids"]
    assert isinstance(ranked, list)
    assert isinstance(rejected, list)
    return pairs_of_sort(ranked, rejected)


def _differences(
    warehouse: Warehouse, metrics: Sequence[str], pictures: tuple[tuple[str, str], ...]
) -> Floats:
    """(n, k) differences of q."""
    image_ids = list(dict.fromkeys(image_id for pair in pictures for image_id in pair))
    known = judging.judged_qualities(warehouse, image_ids)
    place = {image_id: row for row, image_id in enumerate(image_ids)}
    q = np.full((len(image_ids), len(metrics)), np.nan)
    for column, metric in enumerate(metrics):
        rows = known.filter((pl.col("metric") == metric) & pl.col("q").is_not_null())
        q[[place[image_id] for image_id in rows["image_id"]], column] = rows["q"].to_numpy()
    first = np.array([place[one] for one, _ in pictures], np.int64)
    second = np.array([place[other] for _, other in pictures], np.int64)
    differences: Floats = q[first] - q[second]
    return differences
