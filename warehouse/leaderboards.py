"""Leaderboards of the warehouse: which judgments, rated by which method."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import polars as pl

from core.leaderboards.board import Standing, bradley_terry, plackett_luce
from core.leaderboards.comparisons import FIRST, SECOND, TIE, Collector, Comparisons
from core.leaderboards.resampled import elo, win_rates
from warehouse.database import Warehouse
from warehouse.reads import leaderboards as reads

OUTCOMES = MappingProxyType({"left": FIRST, "right": SECOND, "tie": TIE})
METHODS: Mapping[str, Callable[[Comparisons], tuple[Standing, ...]]] = MappingProxyType(
    {
        "bradley-terry": bradley_terry,
        "elo": elo,
        "win-rate": win_rates,
        "plackett-luce": plackett_luce,
    }
)


@dataclass(frozen=True)
class Slice:
    """Which judgments count; None is all."""

    tag: str | None = None
    prompt_ids: tuple[int, ...] | None = None
    base_model: str | None = None  # of both models
    role: str | None = None  # of the annotator
    person_id: str | None = None
    campaign: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    with_simulated: bool = False


@dataclass(frozen=True)
class Judged:
    """Judgments of a slice as comparisons of models; the number of each is its row here."""

    comparisons: Comparisons
    judgments: pl.DataFrame  # rows of rated_judgments
    both_bad: pl.DataFrame  # number, model_a, model_b of votes that say nothing about the better


def judged(warehouse: Warehouse, chosen: Slice) -> Judged:
    """The judgments of a slice.

    Pictures of models outside the slice drop out of an order, whose others keep their places; a
    vote on one drops out. Both bad says nothing about which is better and is left out, counted.
    """
    told = {name: value for name, value in asdict(chosen).items() if name != "base_model"}
    judgments = reads.rated_judgments(warehouse, **told)
    pictures = reads.judged_models(warehouse)
    if chosen.base_model is not None:
        pictures = pictures.filter(pl.col("base_model") == chosen.base_model)
    model_of = dict(pictures.select("image_id", "model_version_id").iter_rows())
    collector, both_bad = Collector(), []
    for number, row in enumerate(judgments.iter_rows(named=True)):
        pair = [model_of.get(image_id) for image_id in row["shown_image_ids"]]
        if row["outcome"] == "both_bad" and None not in pair:
            both_bad.append((number, *pair))
        _add(collector, row, model_of)
    schema = {"number": pl.UInt32, "model_a": pl.Int64, "model_b": pl.Int64}
    return Judged(collector.comparisons(), judgments, pl.DataFrame(both_bad, schema, orient="row"))


def _add(collector: Collector, row: Mapping[str, Any], model_of: Mapping[str, int]) -> None:
    """Every row takes a number, also one that says nothing."""

    def models(image_ids: Sequence[str]) -> list[int]:
        return [model_of[image_id] for image_id in image_ids if image_id in model_of]

    if row["kind"] == "order":
        ranked, rejected = models(row["ranked_image_ids"]), models(row["rejected_image_ids"])
        collector.add_order(ranked, rejected, row["person_id"])
        return
    pair = models(row["shown_image_ids"])
    if len(pair) == 2 and row["outcome"] in OUTCOMES:
        collector.add_vote(pair[0], pair[1], OUTCOMES[row["outcome"]], row["person_id"])
    else:
        collector.pass_over()


def rated(comparisons: Comparisons, method: str) -> tuple[Standing, ...]:
    """Standings by the name of a method, best first."""
    return METHODS[method](comparisons)
