"""The benchmark's questions: pictures of prompts that no specification has, and what they show."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.identification.evaluation import (
    Figures,
    Tasks,
    check_kept_apart,
    draw_tasks,
    figures,
    task_scores,
)
from core.identification.specification import (
    Floats,
    Ints,
    Requirement,
    SpecificationError,
    SpecificationSet,
)
from warehouse.database import Warehouse
from warehouse.identification.specifications import stacked
from warehouse.reads import identification as reads
from warehouse.starter.pictures import QUERY_SOURCE


@dataclass(frozen=True)
class Queries:
    """Pictures of prompts that no specification has."""

    requirement: Requirement  # captioned by their own prompts
    models: Ints  # (n,) places in the specifications' model_ids
    prompts: Ints  # (n,) prompt ids
    left_out: int  # pictures of models without a specification


@dataclass(frozen=True)
class Line:
    """What one method reaches with so many examples."""

    name: str
    examples: int
    figures: Figures


def kept_apart_queries(warehouse: Warehouse, encoder: str, known: SpecificationSet) -> Queries:
    """The kept-apart pictures of specified models, captioned by their prompts.

    Raises SpecificationError where there are none, or a prompt of theirs is a specification's.
    """
    pictures = reads.query_pictures(warehouse, encoder=encoder, kept_apart=QUERY_SOURCE)
    prompts = pictures["prompt_id"].to_numpy().astype(np.int64)
    check_kept_apart(known, np.unique(prompts).tolist())
    texts = reads.specification_texts(warehouse, encoder=encoder, kept_apart=QUERY_SOURCE)
    text_of = dict(zip(texts["prompt_id"], stacked(texts), strict=True))
    models = pictures["model_version_id"].to_numpy().astype(np.int64)
    asked = np.isin(models, known.model_ids) & np.isin(prompts, list(text_of))
    if not asked.any():
        raise SpecificationError(
            "There are no queries: the benchmark asks about pictures of prompts that are kept "
            f"apart, those of the source “{QUERY_SOURCE}”, with features of {encoder}."
        )
    features = stacked(pictures)[asked]
    captions = np.array([text_of[prompt] for prompt in prompts[asked].tolist()], np.float32)
    return Queries(
        Requirement(features, captions),
        np.searchsorted(known.model_ids, models[asked]).astype(np.int64),
        prompts[asked],
        int((~asked).sum()),
    )


def drawn_tasks(queries: Queries, examples: int) -> Tasks:
    """Questions of `examples` pictures each."""
    return draw_tasks(queries.models, queries.prompts, examples)


def lines(scores: Mapping[str, Floats], tasks: Mapping[int, Tasks]) -> tuple[Line, ...]:
    """Figures of each method's `scores` (n, m) of single pictures, by number of examples."""
    return tuple(
        Line(name, count, figures(task_scores(of_pictures, drawn), drawn))
        for name, of_pictures in scores.items()
        for count, drawn in tasks.items()
        if len(drawn.rows)
    )
