"""Weights: session keys, the draft, and the parameters of its links."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from core.weights.normalisation import Normalisation

WEIGHTS_DRAFT = "weights.draft"  # Draft; None while it follows the active profile
WEIGHTS_SETTLED = "weights.settled"  # the draft when a slider was let go of last
WEIGHTS_TAKEN = "weights.taken"  # step of the last change that came from the sliders
WEIGHTS_SLIDERS = "weights.sliders"
WEIGHTS_START = "weights.start"
WEIGHTS_NORMALISATION = "weights.normalisation"
WEIGHTS_VIEW = "weights.view"
WEIGHTS_TOP = "weights.top"
WEIGHTS_PROMPT = "weights.prompt"
WEIGHTS_PICTURES = "weights.pictures"
WEIGHTS_SPLIT = "weights.split"
WEIGHTS_SIGN = "weights.sign"
WEIGHTS_FITTED = "weights.fitted"  # Fitted: what the last fit was asked for
WEIGHTS_NAME = "weights.name"
WEIGHTS_NOTE = "weights.note"
WEIGHTS_TOLD = "weights.told"  # what was just done, in words
WEIGHTS_ONE = "weights.one"
WEIGHTS_OTHER = "weights.other"
WEIGHTS_CHOSEN = "weights.chosen"
WEIGHTS_LINK = "weights.link"

VIEWS = {
    "ranking": "Ranking",
    "agreement": "Agreement with people",
    "learn": "Learn from people",
    "profiles": "Profiles",
}
NORMALISATIONS = {
    Normalisation.MIN_MAX.value: "Min-max",
    Normalisation.RANK.value: "Rank",
    Normalisation.Z_SCORE.value: "Z-score, squashed",
}
SPLITS = {"all": "All together", "tag": "By tag", "person": "By annotator"}
SIGNS = {"non-negative": "0 or above", "any": "Any sign"}
TOPS = (5, 10, 20, 50)
DEFAULT_TOP = 10
MOST_WEIGHT = 100.0
DECIMALS = 3
PREFIX = "w."  # before the metric's name in an address


@dataclass(frozen=True)
class Draft:
    """Lambdas that nobody has saved yet."""

    lambdas: tuple[tuple[str, float], ...]  # metric and weight, each metric once
    normalisation: str = Normalisation.MIN_MAX.value

    @property
    def by_metric(self) -> dict[str, float]:
        """The weights by metric."""
        return dict(self.lambdas)

    @property
    def weighed(self) -> tuple[tuple[str, float], ...]:
        """What counts: weights above 0, by name, for comparing and caching."""
        return tuple(sorted((name, weight) for name, weight in self.lambdas if weight != 0))

    def equals(self, other: "Draft") -> bool:
        """Whether both give every picture the same score."""
        return self.weighed == other.weighed and self.normalisation == other.normalisation


@dataclass(frozen=True)
class Fitted:
    """What a fit was asked for."""

    metrics: tuple[str, ...]
    normalisation: str
    with_simulated: bool


@dataclass(frozen=True)
class WeightsLink:
    """What a link to Weights asks for; None where it asks nothing or nothing usable."""

    draft: Draft | None = None
    view: str | None = None
    top: int | None = None
    prompt_id: int | None = None
    complaints: list[str] = field(default_factory=list)


def draft_of(lambdas: Mapping[str, float], normalisation: str) -> Draft:
    """A draft with the weights of a profile."""
    return Draft(
        tuple((name, round(float(weight), DECIMALS)) for name, weight in lambdas.items()),
        str(normalisation),
    )


def link_names(asked: Collection[str]) -> list[str]:
    """The parameters of an address that are ours."""
    fixed = ("view", "top", "prompt", "normalisation")
    return [name for name in asked if name in fixed or name.startswith(PREFIX)]


def read_weights_link(
    params: Mapping[str, str], metrics: Collection[str], prompt_ids: Collection[int]
) -> WeightsLink:
    """The typed, checked parameters of a link; what is wrong with it stands in `complaints`."""
    complaints: list[str] = []
    view = params.get("view")
    if view is not None and view not in VIEWS:
        view = None
        complaints.append("names a view that does not exist")
    top = _whole_number(params.get("top"))
    if "top" in params and top not in TOPS:
        top = None
        complaints.append("names a length of the ranking that is not offered")
    prompt_id = _whole_number(params.get("prompt"))
    if "prompt" in params and prompt_id not in prompt_ids:
        prompt_id = None
        complaints.append("names a prompt that is not in this warehouse")
    return WeightsLink(_draft(params, metrics, complaints), view, top, prompt_id, complaints)


def link_parameters(link: WeightsLink) -> dict[str, str]:
    """The parameters that `read_weights_link` reads back as `link`."""
    told = {
        "view": link.view,
        "top": None if link.top is None else str(link.top),
        "prompt": None if link.prompt_id is None else str(link.prompt_id),
    }
    if link.draft is not None:
        told |= {f"{PREFIX}{name}": f"{weight:g}" for name, weight in link.draft.lambdas}
        told["normalisation"] = link.draft.normalisation
    return {name: value for name, value in told.items() if value is not None}


def read_weight(value: object) -> float | None:
    """A weight from a stranger's text or number; None where it cannot be one."""
    if isinstance(value, str) and (len(value) > 12 or not value.isascii() or "_" in value):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        weight = float(value)
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(weight) or not 0 <= weight <= MOST_WEIGHT:
        return None
    return round(weight, DECIMALS) + 0.0  # no minus zero


def _draft(
    params: Mapping[str, str], metrics: Collection[str], complaints: list[str]
) -> Draft | None:
    asked = {
        name.removeprefix(PREFIX): read_weight(value)
        for name, value in params.items()
        if name.startswith(PREFIX)
    }
    normalisation = params.get("normalisation", Normalisation.MIN_MAX.value)
    if normalisation not in NORMALISATIONS:
        normalisation = Normalisation.MIN_MAX.value
        complaints.append("names a normalisation that does not exist")
    if any(name not in metrics for name in asked):
        complaints.append("weighs a metric that is not registered here")
    if any(weight is None for weight in asked.values()):
        complaints.append(f"names a weight that is not a number from 0 to {MOST_WEIGHT:g}")
    taken = tuple((n, w) for n, w in asked.items() if n in metrics and w is not None)
    return Draft(taken, normalisation) if taken else None


def _whole_number(text: str | None) -> int | None:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 19:
        return None
    return int(text)
