"""Which model for a prompt: the five models that follow from what the warehouse knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from core.ratings.standings import Standing, standings
from core.recommendation import held_out
from core.recommendation.estimates import Combination, estimates, near_scores
from core.recommendation.evidence import Evidence
from core.recommendation.list_quality import LISTED
from core.recommendation.nearness import (
    Floats,
    PromptTexts,
    Vectors,
    by_features,
    by_tag,
    by_words,
)
from core.recommendation.reasons import (
    LIKE_YOURS,
    OF_THE_TAG,
    Record,
    Score,
    certainty,
    reason,
)
from warehouse.database import Warehouse
from warehouse.reads import recommendation as reads
from warehouse.recommendation_knowledge import Knowledge
from warehouse.recommendation_questions import Question, check

RULE = Combination()
EXAMPLES = 4


@dataclass(frozen=True)
class Recommended:
    """One model of the list; chances are of being preferred to the average model."""

    model_version_id: int
    model_name: str
    version_name: str | None
    base_model: str | None
    licence: str | None
    rank: int
    chance: float
    lower: float  # 95 % interval
    upper: float
    elsewhere: float  # the chance by votes on other prompts and the score
    near: Record
    other: Record
    score: Score | None  # on near prompts, or over all where none is near
    reason: str
    certainty: str


@dataclass(frozen=True)
class Answer:
    """Five models at most, best first, and what they rest on."""

    question: Question
    basis: str  # features, words or tag: how prompts were found to be near
    encoder: str | None  # whose features, where they were
    near: pl.DataFrame  # prompt_id, tag, prompt, nearness, judgments; the nearest first
    models: tuple[Recommended, ...]
    candidates: int  # models that pass the filters
    known_models: int
    near_judgments: int
    judgments: int


def answer(
    known: Knowledge, question: Question, vector: Vectors | None = None, rule: Combination = RULE
) -> Answer:
    """The models for a prompt, by its text features `vector`; for want of them by its words.

    Raises as `check`.
    """
    check(known, question)
    nearness, basis = _nearness(known.texts, question, vector, rule)
    places = _candidates(known.models, question)
    kind = OF_THE_TAG if basis == "tag" else LIKE_YOURS
    best: Sequence[Standing] = ()
    if places:
        best = standings(estimates(known.evidence, nearness, rule), places)[:LISTED]
    scores = _scores(known.evidence, nearness)
    near = _near(known, nearness)
    return Answer(
        question,
        basis,
        known.encoder if basis == "features" else None,
        near,
        tuple(
            _recommended(known, standing, rank, nearness, scores[standing.place], kind)
            for rank, standing in enumerate(best, start=1)
        ),
        len(places),
        known.models.height,
        int(near["judgments"].sum()),
        int(known.evidence.judgments.sum()),
    )


def examples(warehouse: Warehouse, found: Answer) -> pl.DataFrame:
    """Pictures that show the models of an answer, best model first, then the nearest prompts."""
    models = [model.model_version_id for model in found.models]
    near = found.near.select("prompt_id", "nearness")
    pictures = reads.recommendation_examples(warehouse, near, models=models, most=EXAMPLES)
    rank = pl.col("model_version_id").replace_strict(models, range(len(models)), default=None)
    return pictures.sort(rank, "place")


def evaluation(
    known: Knowledge, on_progress: held_out.OnProgress = lambda done, total: None
) -> held_out.Evaluation | None:
    """Figures on prompts held out; None where too few were judged."""
    downloads = known.models["downloads"].cast(pl.Float64).to_numpy()
    return held_out.evaluation(
        known.evidence, known.texts, downloads, rule=RULE, on_progress=on_progress
    )


def _nearness(
    texts: PromptTexts, question: Question, vector: Vectors | None, rule: Combination
) -> tuple[Floats, str]:
    if not question.prompt:
        return by_tag(texts, str(question.tag)), "tag"
    if vector is None or texts.units is None or texts.units.shape[1] != len(vector):
        return by_words(texts, question.prompt), "words"
    return by_features(texts, vector, rule.sharpness), "features"


def _candidates(models: pl.DataFrame, question: Question) -> list[int]:
    asked: Mapping[str, str | None] = {
        "base_model": question.base_model,
        "licence": question.licence,
    }
    kept = models.with_row_index("place")
    for column, value in asked.items():
        if value is not None:
            kept = kept.filter(pl.col(column) == value)
    return list(kept["place"])


def _near(known: Knowledge, nearness: Floats) -> pl.DataFrame:
    return (
        pl.DataFrame(
            {
                "prompt_id": list(known.texts.prompt_ids),
                "tag": list(known.texts.tags),
                "prompt": list(known.texts.texts),
                "nearness": nearness,
                "judgments": known.evidence.judgments,
            },
            schema={
                "prompt_id": pl.Int64,
                "tag": pl.String,
                "prompt": pl.String,
                "nearness": pl.Float64,
                "judgments": pl.Int64,
            },
        )
        .filter(pl.col("nearness") > 0)
        .sort("nearness", "prompt_id", descending=[True, False])
    )


def _scores(evidence: Evidence, nearness: Floats) -> list[Score | None]:
    """(m,) the mean score on near prompts, or over all where none is near."""
    values = near_scores(evidence, nearness if nearness.any() else np.ones(len(nearness)))
    known = values[np.isfinite(values)]
    return [
        Score(float(value), 1 + int((known > value).sum()), len(known))
        if np.isfinite(value)
        else None
        for value in values
    ]


def _recommended(
    known: Knowledge,
    standing: Standing,
    rank: int,
    nearness: Floats,
    score: Score | None,
    kind: str,
) -> Recommended:
    row: Mapping[str, Any] = known.models.row(standing.place, named=True)
    near = _record(known.evidence, standing.place, nearness > 0)
    other = _record(known.evidence, standing.place, nearness == 0)
    return Recommended(
        row["model_version_id"],
        row["model_name"],
        row["version_name"],
        row["base_model"],
        row["licence"],
        rank,
        standing.chance,
        standing.lower,
        standing.upper,
        standing.by_others,
        near,
        other,
        score,
        reason(near, other, score, kind=kind, near_prompts=int((nearness > 0).sum())),
        certainty(standing.chance, standing.lower, standing.upper),
    )


def _record(evidence: Evidence, model: int, among: np.ndarray) -> Record:
    pairs = evidence.pairs[among, model]
    return Record(
        int(pairs.sum()),
        int(evidence.preferred[among, model].sum()),
        int(evidence.tied[among, model].sum()),
        int((pairs > 0).sum()),
    )
