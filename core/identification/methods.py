"""Every method by its name: tuned on specification prompts alone, then fitted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.identification.baselines import mean_cosine, most_downloaded, nearest
from core.identification.best import OPTIONS, best
from core.identification.matching import Matcher, MethodName
from core.identification.moments import moments
from core.identification.pmi import Weighting, pmi
from core.identification.rkme import rkme
from core.identification.specification import Ints, SpecificationSet
from core.identification.tuning import gammas, spread_prompts, tuned

VOTERS = (1, 3, 5, 10, 20, 40, 80, 160)
SHRINKAGES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.0)


@dataclass(frozen=True)
class TunedMethod:
    """A method with the option that leave-one-prompt-out chose."""

    name: MethodName
    option: Any  # gamma, voters, shrinkage or BestOptions; None where there is nothing to tune
    reached: tuple[tuple[Any, float], ...]  # mean reciprocal rank of each option; empty for None
    fit: Callable[[SpecificationSet], Matcher]


def tuned_method(
    name: MethodName,
    specifications: SpecificationSet,
    downloads: Mapping[int, int | None],
    *,
    prompts: Ints | None = None,
    weighting: Weighting = "cosine",
) -> TunedMethod:
    """`name` with its best option, prompts at the places `prompts` left out one after another.

    `downloads` (of each model id) are for "most-downloaded", `weighting` is PMI's ablation.
    """
    choices = _choices(specifications, downloads, weighting)
    options, fit = choices[name]
    if not options:
        return TunedMethod(name, None, (), lambda known: fit(known, None))
    chosen = tuned(
        specifications, options, fit, spread_prompts(specifications) if prompts is None else prompts
    )
    return TunedMethod(name, chosen.option, chosen.reached, lambda known: fit(known, chosen.option))


def method_with(
    name: MethodName,
    option: Any,
    downloads: Mapping[int, int | None],
    *,
    weighting: Weighting = "cosine",
) -> Callable[[SpecificationSet], Matcher]:
    """What fits `name` with an option that was tuned and stored before."""
    fits: Mapping[MethodName, Callable[[SpecificationSet], Matcher]] = {
        "most-downloaded": lambda known: most_downloaded(known, downloads),
        "rkme": lambda known: rkme(known, option),
        "mean-cosine": mean_cosine,
        "nearest": lambda known: nearest(known, option),
        "moments": lambda known: moments(known, option),
        "pmi": lambda known: pmi(known, option, weighting),
        "best": lambda known: best(known, option),
    }
    return fits[name]


def _choices(
    specifications: SpecificationSet,
    downloads: Mapping[int, int | None],
    weighting: Weighting,
) -> Mapping[MethodName, tuple[Sequence[Any], Callable[[SpecificationSet, Any], Matcher]]]:
    scales = gammas(specifications)

    def fit_of(name: MethodName) -> Callable[[SpecificationSet, Any], Matcher]:
        return lambda known, option: method_with(name, option, downloads, weighting=weighting)(
            known
        )

    return {
        "most-downloaded": ((), fit_of("most-downloaded")),
        "rkme": (scales, fit_of("rkme")),
        "mean-cosine": ((), fit_of("mean-cosine")),
        "nearest": (VOTERS, fit_of("nearest")),
        "moments": (SHRINKAGES, fit_of("moments")),
        "pmi": (scales, fit_of("pmi")),
        "best": (OPTIONS, fit_of("best")),
    }
