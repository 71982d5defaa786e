"""Which base an added model is of: told by its shapes, and by the checkpoints that are here."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import shortened
from core.generation.families import USUAL_BASES, family_of_base
from core.generation.weights_files import UnfitWeightsError, WeightsDescription, describe_weights
from warehouse.database import Warehouse
from warehouse.generation.catalogue import UsableModel, usable_models

SHOWN_BASES = 8


@dataclass(frozen=True)
class ChosenBase:
    """The base's name, and the checkpoint that a LoRA lies over where the usual one does not do."""

    base_model: str
    checkpoint_version_id: int | None = None


def checkpoint_base(found: WeightsDescription, asked: str | None, name: str) -> ChosenBase:
    """The base of a checkpoint. Raises UnfitWeightsError where it is not the one that is asked."""
    if asked is None:
        return ChosenBase(USUAL_BASES.get(found.family, name))
    _check_family(found, asked)
    return ChosenBase(asked)


def lora_base(
    warehouse: Warehouse, found: WeightsDescription, asked: str | None, name: str
) -> ChosenBase:
    """The base of a LoRA, which must be here: `asked` is its name, or a checkpoint's version id.

    Raises UnfitWeightsError, which says which are here.
    """
    here = [model for model in usable_models(warehouse) if not model.problem and not model.loras]
    candidates = here
    if asked is not None:
        _check_family(found, asked)
        candidates = [
            model
            for model in here
            if asked in (str(model.model_version_id), model.base_model)
            or asked.lower() == model.base_model.lower()
        ]
        if not candidates:
            raise UnfitWeightsError(
                f"No checkpoint of {shortened(asked)} is here, and the LoRA needs one: add it "
                f"first. {_told(here)}"
            )
    fitting = [model for model in candidates if _fits(found, model)]
    bases = list(dict.fromkeys(model.base_model for model in fitting))
    if not fitting:
        whom = shortened(asked) if asked else "any checkpoint that is here"
        raise UnfitWeightsError(
            f"The LoRA {shortened(name)} is made for {_kind(found)} and does not fit {whom}: add "
            f"a checkpoint of its base first. {_told(here)}"
        )
    if len(bases) > 1:
        raise UnfitWeightsError(
            f"The LoRA {shortened(name)} fits several bases ({_listed(bases)}): name one with "
            "--base."
        )
    usual = next(model for model in here if model.base_model.lower() == bases[0].lower())
    over = fitting[0].model_version_id
    return ChosenBase(bases[0], None if over == usual.model_version_id else over)


def _fits(lora: WeightsDescription, model: UsableModel) -> bool:
    assert model.checkpoint is not None
    try:
        return lora.fits(describe_weights(model.places[model.checkpoint.sha256]))
    except UnfitWeightsError:
        return False


def _check_family(found: WeightsDescription, asked: str) -> None:
    family = family_of_base(asked)
    if family is not None and family != found.family:
        raise UnfitWeightsError(
            f"These weights are made for {_kind(found)}, not for {shortened(asked)}: name their "
            "own base, or leave --base out."
        )


def _kind(found: WeightsDescription) -> str:
    return "a base of its own shapes" if found.family == "own" else found.family


def _told(here: Sequence[UsableModel]) -> str:
    bases = list(dict.fromkeys(model.base_model for model in here))
    return f"Here are: {_listed(bases)}." if bases else "None is here yet."


def _listed(bases: Sequence[str]) -> str:
    more = f" and {len(bases) - SHOWN_BASES} more" if len(bases) > SHOWN_BASES else ""
    return ", ".join(shortened(base) for base in bases[:SHOWN_BASES]) + more
