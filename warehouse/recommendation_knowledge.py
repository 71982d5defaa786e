"""What “Which model?” rests on: prompts, models, votes and scores of the warehouse."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from core.recommendation.evidence import Evidence, collected
from core.recommendation.nearness import PromptTexts
from warehouse.database import Warehouse
from warehouse.encoder_registry import scoring_encoder
from warehouse.reads import leaderboards, ranking
from warehouse.reads import recommendation as reads


@dataclass(frozen=True)
class Knowledge:
    """Everything that answers rest on; rows of `models` and `texts` are places in the evidence."""

    encoder: str | None
    texts: PromptTexts
    models: pl.DataFrame  # rows of recommendation_models
    evidence: Evidence

    def options(self, column: str) -> list[str]:
        """Known values of base_model, licence or tag."""
        if column == "tag":
            return sorted({tag for tag in self.texts.tags if tag})
        return list(self.models[column].drop_nulls().unique().sort())


def knowledge(warehouse: Warehouse, *, with_simulated: bool = False) -> Knowledge:
    """What is known now; hidden pictures bring no scores, votes on them count."""
    encoder = scoring_encoder(warehouse)
    models = reads.recommendation_models(warehouse)
    texts = _texts(reads.recommendation_prompts(warehouse, encoder=encoder))
    prompt_places = {prompt_id: place for place, prompt_id in enumerate(texts.prompt_ids)}
    model_places = {model: place for place, model in enumerate(models["model_version_id"])}
    gre = np.full((len(prompt_places), len(model_places)), np.nan)
    for prompt_id, model, value in reads.recommendation_scores(warehouse).iter_rows():
        if prompt_id in prompt_places:
            gre[prompt_places[prompt_id], model_places[model]] = value
    pictures = leaderboards.judged_models(warehouse).select("image_id", "model_version_id")
    model_of = {
        image_id: model_places[model]
        for image_id, model in pictures.iter_rows()
        if model in model_places
    }
    judgments = ranking.ranked_judgments(warehouse, with_simulated=with_simulated)
    told = collected(judgments.iter_rows(named=True), prompt_places, model_of, gre)
    return Knowledge(encoder, texts, models, told)


def _texts(prompts: pl.DataFrame) -> PromptTexts:
    vectors = prompts["vector"].to_list()
    dimension = next((len(vector) for vector in vectors if vector is not None), None)
    stacked = None
    if dimension is not None:
        nothing = [np.nan] * dimension
        stacked = np.array([nothing if vector is None else vector for vector in vectors], "f4")
    return PromptTexts(
        tuple(prompts["prompt_id"]), tuple(prompts["prompt"]), tuple(prompts["tag"]), stacked
    )
