"""Similarities from stored features: of one prompt, of two models, of the whole warehouse."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa

from core.similarity import cosine, diversity
from core.similarity.cosine import MeanSimilarity, PromptSimilarity
from warehouse.database import Warehouse, query_text

_BATCH_ROWS = 20_000  # pictures in memory at a time: 60 MB at 768 numbers each
_FIGURES = {
    "prompt_id": pl.Int64,
    "aps": pl.Float64,
    "pictures": pl.Int64,
    "pairs": pl.Int64,
    "models": pl.Int64,
    "undirected": pl.Int64,
}


@dataclass(frozen=True)
class Survey:
    """All prompts under one encoder."""

    encoder: str
    prompts: pl.DataFrame  # prompt_id, aps, pictures, pairs, models, undirected, rank; null: no APS
    models: MeanSimilarity


def prompt_similarity(warehouse: Warehouse, encoder: str, prompt_id: int) -> PromptSimilarity:
    """Similarities of one prompt's shown pictures; those whose features do not fit are left out."""
    found = list(_by_prompt(warehouse, encoder, prompt_id=prompt_id))
    if not found:
        nothing = np.zeros(0, dtype=np.int64)
        return cosine.prompt_similarity(np.zeros((0, 1), dtype=np.float32), nothing)
    return found[0][1]


def pair_similarity(
    warehouse: Warehouse, encoder: str, first_model: int, second_model: int
) -> pl.DataFrame:
    """Entry of two models prompt by prompt, most alike first: prompt_id, similarity, pairs.

    For a model with itself, the prompts where it has several pictures.
    """
    rows = []
    for prompt_id, found in _by_prompt(warehouse, encoder, models=[first_model, second_model]):
        places = np.searchsorted(found.models, [first_model, second_model])
        whole = np.isin([first_model, second_model], found.models).all()
        if whole and found.pairs[tuple(places)]:
            rows.append((prompt_id, found.values[tuple(places)], found.pairs[tuple(places)]))
    schema = {"prompt_id": pl.Int64, "similarity": pl.Float64, "pairs": pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.sort("similarity", "prompt_id", descending=[True, False])


def survey(warehouse: Warehouse, encoder: str) -> Survey:
    """APS and rank of every prompt with features, and the mean over prompts of all models."""
    figures: list[tuple[int, float, int, int, int, int]] = []
    models = warehouse.frame("compared_models", encoder=encoder)["model_version_id"].to_numpy()

    def counted() -> Iterator[PromptSimilarity]:
        for prompt_id, found in _by_prompt(warehouse, encoder):
            pictures = int(found.pictures.sum())
            pairs = pictures * (pictures - 1) // 2
            figures.append(
                (prompt_id, found.aps, pictures, pairs, len(found.models), found.undirected)
            )
            yield found

    mean = cosine.mean_similarity(counted(), models)
    prompts = pl.DataFrame(figures, schema=_FIGURES, orient="row")
    ranks = diversity.diversity_ranks(prompts["aps"].to_numpy())
    prompts = prompts.with_columns(
        pl.col("aps").fill_nan(None), pl.Series("rank", ranks).replace(0, None)
    )
    return Survey(encoder, prompts, mean)


def _by_prompt(
    warehouse: Warehouse,
    encoder: str,
    prompt_id: int | None = None,
    models: Sequence[int] | None = None,
) -> Iterator[tuple[int, PromptSimilarity]]:
    """Similarities of each prompt's shown pictures, or of one prompt's, or of some models'."""
    parameters = {"encoder": encoder, "prompt_id": prompt_id, "models": models}
    with warehouse.cursor() as cursor:
        # execute, not sql: with parameters the latter keeps a slow copy of every vector
        reader = cursor.execute(query_text("shown_vectors"), parameters).to_arrow_reader(
            _BATCH_ROWS
        )
        rest: pa.Table | None = None
        for batch in reader:
            table = pa.Table.from_batches([batch])
            rest = table if rest is None else pa.concat_tables([rest, table])
            prompts = rest["prompt_id"].to_numpy()
            whole = int(np.searchsorted(prompts, prompts[-1])) if len(prompts) else 0
            yield from _each_prompt(rest.slice(0, whole))
            rest = rest.slice(whole)
        if rest is not None:
            yield from _each_prompt(rest)


def _each_prompt(rows: pa.Table) -> Iterator[tuple[int, PromptSimilarity]]:
    if not rows.num_rows:
        return
    prompts = rows["prompt_id"].to_numpy()
    models = rows["model_version_id"].to_numpy().astype(np.int64)
    flat = rows["vector"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
    vectors = flat.reshape(rows.num_rows, -1)
    known, starts = np.unique(prompts, return_index=True)
    for prompt_id, first, stop in zip(known, starts, [*starts[1:], rows.num_rows], strict=True):
        block = slice(int(first), int(stop))
        yield int(prompt_id), cosine.prompt_similarity(vectors[block], models[block])
