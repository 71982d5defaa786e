"""Methods tuned on specification prompts alone, kept in the warehouse while the pictures stay."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from core.identification.abstention import Abstention, fitted_abstention
from core.identification.best import OPTIONS, BestOptions
from core.identification.calibration import (
    calibration_error,
    fitted_temperature,
    probabilities,
)
from core.identification.evaluation import draw_tasks, task_scores
from core.identification.matching import Matcher, MethodName
from core.identification.methods import SHRINKAGES, VOTERS, method_with, tuned_method
from core.identification.specification import SpecificationError, SpecificationSet
from core.identification.style import Words
from core.identification.tuning import GAMMAS, PROMPTS, held_out
from warehouse.database import Warehouse, query_text
from warehouse.identification.specifications import Specifications
from warehouse.identification.wording import WORDINGS, Reworded, Wording
from warehouse.reads import identification as reads

RULES = 1  # raised when a method's rules change, so that what is kept is tuned anew
MOST_EXAMPLES = 6  # of one question: that far answers are calibrated
OnProgress = Callable[[str, int, int], None]
Downloads = Mapping[int, int | None]


@dataclass(frozen=True)
class Tuning:
    """A method's option and what every option reached."""

    method: MethodName
    option: Any
    reached: tuple[tuple[str, float], ...]  # option as text, mean reciprocal rank held out

    @property
    def mean_reciprocal_rank(self) -> float | None:
        """Of the option taken; None where there is nothing to tune."""
        return max((value for _, value in self.reached), default=None)


@dataclass(frozen=True)
class Confidence:
    """How a method's scores become probabilities, for so many examples captioned so."""

    wording: Wording
    examples: int
    temperature: float
    log_loss: float  # nats, on held-out specification pictures
    calibration_error: float  # on the same
    tasks: int
    abstention: Abstention | None  # None with fewer than three models


def tuning(
    warehouse: Warehouse, known: Specifications, method: MethodName, downloads: Downloads
) -> Tuning:
    """The tuned option of `method`: the kept one, or tuned now and kept."""
    key = _key(known, method)
    kept = reads.tuned_method(warehouse, **key)
    if kept.height:
        option, reached = kept.row(0)
        pairs = tuple((str(name), float(value)) for name, value in json.loads(reached))
        return Tuning(method, _option(method, option), pairs)
    found = tuned_method(method, known.known, downloads)
    done = Tuning(
        method, found.option, tuple((_text(option), value) for option, value in found.reached)
    )
    with warehouse.transaction() as cursor:
        cursor.execute(
            query_text("put_tuned_method"),
            {**key, "tuned_option": _text(found.option), "reached": json.dumps(done.reached)},
        )
    return done


def fitted(known: SpecificationSet, tuned: Tuning, downloads: Downloads) -> Matcher:
    """The method with its option, on `known`."""
    return method_with(tuned.method, tuned.option, downloads)(known)


def confidences(
    warehouse: Warehouse,
    known: Specifications,
    tuned: Tuning,
    downloads: Downloads,
    on_progress: OnProgress = lambda what, done, total: None,
) -> tuple[Confidence, ...]:
    """Temperatures and abstention for each wording and number of examples: kept, or fitted now.

    Numbers of examples for which no model has prompts enough are left out.
    """
    key = _key(known, tuned.method)
    kept = reads.confidences(warehouse, **key)
    if kept.height:
        return tuple(_confidence(row) for row in kept.iter_rows(named=True))
    fits: list[Confidence] = []
    for done, wording in enumerate(WORDINGS):
        on_progress("calibration", done, len(WORDINGS))
        fits += _fitted_confidences(known.known, tuned, downloads, wording)
    on_progress("calibration", len(WORDINGS), len(WORDINGS))
    with warehouse.transaction() as cursor:
        for each in fits:
            values = asdict(each) | {"abstention": _abstention_text(each.abstention)}
            cursor.execute(query_text("put_confidence"), {**key, **values})
    return tuple(sorted(fits, key=lambda each: (each.wording, each.examples)))


def _fitted_confidences(
    known: SpecificationSet, tuned: Tuning, downloads: Downloads, wording: Wording
) -> list[Confidence]:
    left_out = held_out(known, lambda left: Reworded(fitted(left, tuned, downloads), wording))
    fits = []
    for examples in range(1, MOST_EXAMPLES + 1):
        tasks = draw_tasks(left_out.models, left_out.prompts, examples)
        scores = task_scores(left_out.scores, tasks)
        usable = np.isfinite(scores[np.arange(len(scores)), tasks.models])
        scores, models = scores[usable], tasks.models[usable]
        if not len(scores):
            break
        temperature = fitted_temperature(scores, models)
        error = calibration_error(probabilities(scores, temperature.value), models)
        try:
            finite = np.where(np.isfinite(scores), scores, scores[np.isfinite(scores)].max())
            abstention = fitted_abstention(finite, models, temperature.value)
        except SpecificationError:  # two models: nothing tells how sure an answer is
            abstention = None
        fits.append(
            Confidence(
                wording,
                examples,
                temperature.value,
                temperature.log_loss,
                error.value,
                len(models),
                abstention,
            )
        )
    return fits


def _key(known: Specifications, method: MethodName) -> dict[str, str]:
    """What a kept row is found by: other options or rules would have chosen otherwise."""
    tried = (GAMMAS, VOTERS, SHRINKAGES, OPTIONS, PROMPTS, MOST_EXAMPLES)
    rules = repr((RULES, known.fingerprint, tried))
    return {
        "encoder": known.encoder,
        "prompt_set": known.prompt_set,
        "method": method,
        "fingerprint": hashlib.sha256(rules.encode()).hexdigest(),
    }


def _text(option: Any) -> str:
    return json.dumps(asdict(option) if isinstance(option, BestOptions) else option)


def _option(method: MethodName, text: str) -> Any:
    value = json.loads(text)
    if method != "best":
        return value
    return BestOptions(**value | {"words": Words(**value["words"])})


def _abstention_text(abstention: Abstention | None) -> str | None:
    if abstention is None:
        return None
    values = {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in asdict(abstention).items()
    }
    return json.dumps(values)


def _confidence(row: dict[str, Any]) -> Confidence:
    text = row.pop("abstention")
    if text is None:
        return Confidence(**row, abstention=None)
    values = json.loads(text)
    for name in ("centre", "scale", "weights"):
        values[name] = np.array(values[name])
    return Confidence(**row, abstention=Abstention(**values))
