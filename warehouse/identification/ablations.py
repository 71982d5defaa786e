"""What the benchmark varies: weights, captions, prompts; and calibration and distances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.identification.abstention import struck
from core.identification.calibration import CalibrationError, calibration_error, probabilities
from core.identification.evaluation import Tasks, task_scores
from core.identification.matching import MethodName
from core.identification.methods import tuned_method
from core.identification.pmi import Weighting
from core.identification.set_distance import cmmd, kid
from core.identification.specification import Floats, SpecificationSet
from warehouse.database import Warehouse
from warehouse.identification.queries import Line, Queries, drawn_tasks, kept_apart_queries, lines
from warehouse.identification.specifications import PromptSet, Specifications, specifications
from warehouse.identification.tuning import (
    Confidence,
    Downloads,
    OnProgress,
    confidences,
    fitted,
    tuning,
)
from warehouse.identification.wording import WORDINGS, Wording, reworded
from warehouse.reads import identification as reads

VARIED: tuple[MethodName, ...] = ("pmi", "best")
_UNWEIGHTED: Mapping[Weighting, str] = {"clipped": "w at least 0", "none": "all w = 1"}
_WORDED: Mapping[Wording, str] = {
    "typed": "by their own prompts",
    "nearest": "by the nearest prompt",
    "none": "left out",
}
_PROMPTS: Mapping[PromptSet, str] = {
    "default": "default prompts",
    "own": "developers' prompts where given",
    "both": "both",
}


@dataclass(frozen=True)
class Calibrated:
    """How far probabilities are off on the queries, and how often "none of these" is right."""

    method: MethodName
    examples: int
    error: CalibrationError
    refused: float  # share of questions refused though their model is on the list
    found_absent: float  # share refused with their model struck from the list


@dataclass(frozen=True)
class Distances:
    """Query pictures of a model beside specification pictures, mean over models."""

    kid_identified: float
    kid_true: float
    kid_others: float
    cmmd_identified: float
    cmmd_true: float
    cmmd_others: float
    models: int
    pictures: int  # of a model's queries, mean


@dataclass(frozen=True)
class Ablations:
    """What the human-readable benchmark adds to the table of methods."""

    weights: tuple[Line, ...]  # PMI by its weighting w
    captions: tuple[Line, ...]  # PMI and best by how the examples are captioned
    prompt_sets: tuple[Line, ...]  # PMI and best by which prompts specify
    own_models: tuple[Line, ...]  # the same, questions about models with prompts of their own
    calibrations: tuple[Calibrated, ...]
    distances: Distances | None


def ablations(
    warehouse: Warehouse,
    known: Specifications,
    queries: Queries,
    tasks: Mapping[int, Tasks],
    downloads: Downloads,
    on_progress: OnProgress,
) -> Ablations:
    """Everything that is varied, on the same questions."""
    asked = queries.requirement
    weights: dict[str, Floats] = {}
    captions: dict[str, Floats] = {}
    calibrations: list[Calibrated] = []
    typed: dict[MethodName, Floats] = {}
    for method in VARIED:
        tuned = tuning(warehouse, known, method, downloads)
        matcher = fitted(known.known, tuned, downloads)
        for wording in WORDINGS:
            told = reworded(known.known, asked, wording)
            captions[f"{method}, captions {_WORDED[wording]}"] = matcher.scores(told)
        typed[method] = matcher.scores(asked)
        fits = confidences(warehouse, known, tuned, downloads, on_progress)
        calibrations += _calibrated(method, fits, typed[method], tasks)
    weights["pmi, w as in Eq. 9"] = typed["pmi"]
    for weighting, name in _UNWEIGHTED.items():
        bare = tuned_method("pmi", known.known, downloads, weighting=weighting)
        weights[f"pmi, {name}"] = bare.fit(known.known).scores(asked)
    every, own = _by_prompt_set(warehouse, known.encoder, downloads, on_progress)
    return Ablations(
        lines(weights, tasks),
        lines(captions, tasks),
        every,
        own,
        tuple(calibrations),
        _distances(known.known, queries, typed["best"]),
    )


def _calibrated(
    method: MethodName,
    fits: Sequence[Confidence],
    scores: Floats,
    tasks: Mapping[int, Tasks],
) -> list[Calibrated]:
    found = []
    for each in fits:
        if each.wording != "typed" or not len(tasks[each.examples].rows):
            continue
        drawn = tasks[each.examples]
        of_tasks = task_scores(scores, drawn)
        refused = found_absent = float("nan")
        if each.abstention is not None:
            refused = float(each.abstention.refuses(of_tasks).mean())
            absent = struck(of_tasks, drawn.models)
            found_absent = float(each.abstention.refuses(absent).mean())
        error = calibration_error(probabilities(of_tasks, each.temperature), drawn.models)
        found.append(Calibrated(method, each.examples, error, refused, found_absent))
    return found


def _by_prompt_set(
    warehouse: Warehouse,
    encoder: str,
    downloads: Downloads,
    on_progress: OnProgress,
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """PMI and best on each prompt set: over all questions, and those of models with own prompts."""
    every: list[Line] = []
    own: list[Line] = []
    with_own = reads.own_prompt_models(warehouse)["model_version_id"].to_numpy()
    for done, (prompt_set, name) in enumerate(_PROMPTS.items()):
        on_progress("prompt sets", done, len(_PROMPTS))
        known = specifications(warehouse, encoder, prompt_set)
        queries = kept_apart_queries(warehouse, encoder, known.known)
        of_own = np.isin(known.known.model_ids, with_own)
        for method in VARIED:
            tuned = tuning(warehouse, known, method, downloads)
            scores = fitted(known.known, tuned, downloads).scores(queries.requirement)
            for count in (1, 4):
                drawn = drawn_tasks(queries, count)
                asked = of_own[drawn.models]
                few = Tasks(drawn.rows[asked], drawn.models[asked], drawn.prompts[asked])
                every += lines({f"{method}, {name}": scores}, {count: drawn})
                own += lines({f"{method}, {name}": scores}, {count: few})
    on_progress("prompt sets", len(_PROMPTS), len(_PROMPTS))
    return tuple(every), tuple(own)


def _distances(known: SpecificationSet, queries: Queries, scores: Floats) -> Distances | None:
    """KID and CMMD of each model's queries with pictures of the model identified from all of them.

    FID is left out: its covariances want thousands of pictures a model.
    """
    rows: list[tuple[float, ...]] = []
    pictures = []
    everything = known.features + known.centre
    others = np.linspace(0, len(everything) - 1, 256).astype(np.int64)
    for place in range(len(known.model_ids)):
        asked = np.flatnonzero(queries.models == place)
        if len(asked) < 2:
            continue
        shown = queries.requirement.features[asked]
        identified = int(scores[asked].mean(axis=0).argmin())
        sets = [everything[known.models == which] for which in (identified, place)]
        sets.append(everything[others[known.models[others] != place]])
        if min(len(each) for each in sets) < 2:
            continue
        rows.append(tuple(measure(shown, each) for measure in (kid, cmmd) for each in sets))
        pictures.append(len(asked))
    if not rows:
        return None
    means = [float(value) for value in np.array(rows).mean(axis=0)]
    return Distances(
        kid_identified=means[0],
        kid_true=means[1],
        kid_others=means[2],
        cmmd_identified=means[3],
        cmmd_true=means[4],
        cmmd_others=means[5],
        models=len(rows),
        pictures=round(float(np.mean(pictures))),
    )
