"""Drafts of the form from a recipe, from a web UI's parameters, and from a picture's row."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.errors import shortened
from core.generation.parameters_text import Parameters
from core.generation.request import Request
from core.generation.samplers import UnknownSamplerError, find_sampler, find_scheduled
from dashboard.generation_models import Roster
from dashboard.state.generate import WORDS, Draft, draft_of
from warehouse.generation.catalogue import UsableModel

ADD_IT = "is not here, or cannot be used: pick another, or have a maintainer add it"
NOT_RECORDED = ("width", "height", "steps", "cfg_scale", "sampler", "seed")
FEWEST_DIGITS = 8  # of a hash that names weights


def of_request(request: Request, known: Roster) -> Draft:
    """A draft that asks for the same picture, as far as its weights are here."""
    model = known.made_of(request)
    if model is not None:
        return draft_of(request, model.model_version_id)
    parts = known.parts_of(request)
    if parts is not None:
        model, loras = parts
        return replace(
            draft_of(request, model.model_version_id),
            loras=tuple((lora.model_version_id, scale) for lora, scale in loras),
        )
    notes = []
    if not any(
        each.checkpoint is not None and each.checkpoint.sha256 == request.model.sha256
        for each in known.usable.values()
    ):
        notes.append(f"Its model {shortened(request.model.name)} {ADD_IT}.")
    here = {lora.sha256 for each in known.usable.values() for lora in each.loras}
    notes += [
        f"Its LoRA {shortened(lora.name)} {ADD_IT}."
        for lora in request.loras
        if lora.sha256 not in here
    ]
    return replace(
        draft_of(request, 0),
        model_version_ids=(),
        notes=tuple(notes) or ("Its model cannot be put together from what is here.",),
    )


def of_parameters(told: Parameters, known: Roster) -> Draft:
    """What a web UI wrote, as far as it can be asked for here."""
    notes: list[str] = []
    model = _named(known.usable, told.model_hash, told.model_name, by_lora=False)
    if model is None and (told.model_name or told.model_hash):
        name = shortened(told.model_name or told.model_hash)
        notes.append(f"Its model {name} {ADD_IT}.")
    hashes = dict(told.lora_hashes)
    loras: dict[int, float] = {}
    for tag in told.loras:
        lora = _named(known.loras, hashes.get(tag.name), tag.name, by_lora=True)
        if lora is None:
            notes.append(f"Its LoRA {shortened(tag.name)} {ADD_IT}.")
        else:
            loras[lora.model_version_id] = tag.scale
    draft = Draft(
        told.prompt,
        told.negative_prompt,
        () if model is None else (model.model_version_id,),
        tuple(loras.items()),
        told.width,
        told.height,
        told.steps,
        told.cfg_scale,
        _sampler(told.sampler, told.schedule, notes),
        told.seed,
        told.clip_skip,
        told.guidance_rescale,
    )
    if told.other:
        names = ", ".join(shortened(key, 40) for key, _ in told.other[:12])
        notes.append(f"It tells more that is not taken over: {names}.")
    return replace(draft, notes=(*_unknown(draft), *notes))


def of_picture(row: Mapping[str, Any], known: Roster) -> Draft:
    """What the warehouse knows of a picture (a row of image_details) that has no recipe."""
    notes: list[str] = []
    model_version_id = row["model_version_id"]
    if model_version_id not in known.usable:
        model = known.by_id.get(model_version_id)
        why = model.problem if model is not None else "It is not in this warehouse."
        notes.append(f"Its model {shortened(row['model_name'] or model_version_id)}: {why}")
    draft = Draft(
        row["prompt"] or "",
        row["negative_prompt"] or "",
        (model_version_id,) if model_version_id in known.usable else (),
        (),
        row["width"],
        row["height"],
        row["steps"],
        row["cfg_scale"],
        _sampler(row["sampler"], None, notes),
        row["seed"],
    )
    return replace(draft, notes=(*_unknown(draft), *notes))


def _sampler(name: str | None, schedule: str | None, notes: list[str]) -> str | None:
    if not name:
        return None
    try:
        return (find_scheduled(name, schedule) if schedule else find_sampler(name)).name
    except UnknownSamplerError as error:
        notes.append(str(error))
        return None


def _unknown(draft: Draft) -> tuple[str, ...]:
    """What nothing is known of, in a sentence."""
    missing = [WORDS[name] for name in NOT_RECORDED if getattr(draft, name) is None]
    if not missing:
        return ()
    listed = " and ".join(filter(None, [", ".join(missing[:-1]), missing[-1]]))
    return (f"Not recorded: {listed}. The fields hold what the model is best asked with.",)


def _named(
    models: Mapping[int, UsableModel], digits: str | None, name: str | None, *, by_lora: bool
) -> UsableModel | None:
    """The model of a shortened hash, or else the only one of this name."""
    if digits and len(digits) >= FEWEST_DIGITS:
        for model in models.values():
            weights = model.loras[0] if by_lora else model.checkpoint
            alone = by_lora or not model.loras
            if alone and weights is not None and weights.sha256.startswith(digits):
                return model
    wanted = (name or "").casefold()
    found = [
        model
        for model in models.values()
        if wanted
        and wanted
        in (model.model_name.casefold(), f"{model.model_name}, {model.version_name}".casefold())
    ]
    return found[0] if len(found) == 1 else None
