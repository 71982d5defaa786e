"""Which models made the examples: ranked, with probabilities, "none of these", and evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.encoders import FeatureEncoder
from core.identification.calibration import probabilities
from core.identification.matching import MethodName, combined
from core.identification.specification import Floats, Requirement
from core.scores import unit_vectors
from warehouse.database import Warehouse
from warehouse.identification.examples import Caption, Example, Shown, shown
from warehouse.identification.specifications import PromptSet, Specifications, specifications
from warehouse.identification.tuning import (
    Confidence,
    OnProgress,
    confidences,
    fitted,
    tuning,
)
from warehouse.identification.wording import Wording
from warehouse.reads import identification as reads

SHOWN_MODELS = 5  # that evidence is gathered for
SIMILAR = 3  # pictures of a model beside each example
_SIMILAR_PROMPTS = 12


@dataclass(frozen=True)
class Similar:
    """A picture of a model that is like an example."""

    image_id: str
    prompt_id: int
    cosine: float  # of the two pictures' features
    prompt_cosine: float | None  # of its prompt and the example's caption; None without a caption


@dataclass(frozen=True)
class Candidate:
    """One model of the list."""

    rank: int
    model_version_id: int
    model_name: str
    version_name: str | None
    base_model: str | None
    licence: str | None
    probability: float | None  # None where nothing could be calibrated
    score: float  # of the method, the lowest is the best
    evidence: tuple[tuple[Similar, ...], ...]  # by example; empty beyond the first models


@dataclass(frozen=True)
class Identified:
    """The answer to some examples."""

    method: MethodName
    encoder: str
    prompt_set: PromptSet
    wording: Wording  # typed; else what held-out pictures without a typed caption did better by
    examples: tuple[str, ...]
    captions: tuple[Caption | None, ...]
    models: tuple[Candidate, ...]  # every model that has a specification, the likeliest first
    none_of_these: bool
    presence: float | None  # chance that one of the models made them, were either as likely before
    calibration_error: float | None  # held out, of such questions
    calibrated_for: int | None  # examples; fewer than shown where prompts are few
    models_without_specification: int


def identify(
    warehouse: Warehouse,
    encoder: FeatureEncoder,
    pictures: Sequence[Example],
    captions: Sequence[str | None] = (),
    *,
    method: MethodName = "best",
    prompt_set: PromptSet = "both",
    on_progress: OnProgress = lambda what, done, total: None,
) -> Identified:
    """The models that make pictures like `pictures`, given as pictures or ids, likeliest first.

    `captions` say what they show, in their order; where one is missing or empty, the nearest prompt
    here is suggested. Whether suggestions are used depends on how they did on held-out pictures.
    The first question after pictures changed tunes the method, which takes a while.
    Raises ExampleError and NoSpecificationsError.
    """
    given = shown(warehouse, encoder, pictures, captions)
    known = specifications(warehouse, encoder.identity.key, prompt_set)
    models = reads.identifiable_models(warehouse)
    downloads = dict(zip(models["model_version_id"], models["downloads"], strict=True))
    tuned = tuning(warehouse, known, method, downloads)
    fits = confidences(warehouse, known, tuned, downloads, on_progress)
    wording = _wording(given, fits)
    requirement = given.requirement
    if wording == "nearest":
        requirement = Requirement(requirement.features, given.caption_features)
    scores = combined(fitted(known.known, tuned, downloads).scores(requirement))
    sure = _confidence(fits, wording, len(pictures))
    chance = probabilities(scores, sure.temperature) if sure else None
    abstention = sure.abstention if sure else None
    return Identified(
        method,
        known.encoder,
        prompt_set,
        wording,
        given.names,
        given.captions,
        _candidates(
            known, given, scores, chance, models.rows_by_key("model_version_id", named=True)
        ),
        bool(abstention.refuses(scores[None])[0]) if abstention else False,
        float(abstention.presence(scores[None])[0]) if abstention else None,
        sure.calibration_error if sure else None,
        sure.examples if sure else None,
        models.height - len(known.known.model_ids),
    )


def _wording(given: Shown, fits: Sequence[Confidence]) -> Wording:
    """Typed captions where all are; else whichever lost less on held-out single pictures."""
    if given.requirement.worded.all():
        return "typed"
    losses = {each.wording: each.log_loss for each in fits if each.examples == 1}
    nearest, none = losses.get("nearest"), losses.get("none")
    suggested = all(caption is not None for caption in given.captions)
    better = nearest is not None and none is not None and nearest < none
    return "nearest" if suggested and better else "none"


def _confidence(fits: Sequence[Confidence], wording: Wording, examples: int) -> Confidence | None:
    """That of so many examples, or of the most that could be calibrated."""
    fitting = [each for each in fits if each.wording == wording and each.examples <= examples]
    return max(fitting, key=lambda each: each.examples, default=None)


def _candidates(
    known: Specifications,
    given: Shown,
    scores: Floats,
    chance: Floats | None,
    names: Mapping[int, Sequence[Mapping[str, Any]]],
) -> tuple[Candidate, ...]:
    order = np.lexsort((known.known.model_ids, scores))
    found = []
    for rank, place in enumerate(order.tolist(), start=1):
        model = int(known.known.model_ids[place])
        row = names[model][0]
        evidence = _evidence(known, given, place) if rank <= SHOWN_MODELS else ()
        found.append(
            Candidate(
                rank,
                model,
                row["model_name"],
                row["version_name"],
                row["base_model"],
                row["licence"],
                float(chance[place]) if chance is not None else None,
                float(scores[place]),
                evidence,
            )
        )
    return tuple(found)


def _evidence(known: Specifications, given: Shown, place: int) -> tuple[tuple[Similar, ...], ...]:
    """For each example a model's most similar pictures, of the prompts most like its caption."""
    whole = known.known
    own = np.flatnonzero(whole.models == place)
    own = own[[known.image_ids[row] not in given.image_ids for row in own.tolist()]]
    units = unit_vectors(whole.features[own] + whole.centre)
    examples = unit_vectors(given.requirement.features)
    worded = Requirement(given.requirement.features, given.caption_features)
    text_cosines = whole.cosines(worded)
    found = []
    for number, example in enumerate(examples):
        cosines, of_prompt = units @ example, text_cosines[whole.prompts[own], number]
        near = np.arange(len(own))
        if np.isfinite(of_prompt).all() and len(own):
            prompts = np.unique(whole.prompts[own])
            likest = prompts[np.argsort(-text_cosines[prompts, number])[:_SIMILAR_PROMPTS]]
            near = np.flatnonzero(np.isin(whole.prompts[own], likest))
        best = near[np.argsort(-cosines[near], kind="stable")[:SIMILAR]]
        found.append(
            tuple(
                Similar(
                    known.image_ids[own[row]],
                    int(whole.prompt_ids[whole.prompts[own[row]]]),
                    float(cosines[row]),
                    float(of_prompt[row]) if np.isfinite(of_prompt[row]) else None,
                )
                for row in best.tolist()
            )
        )
    return tuple(found)
