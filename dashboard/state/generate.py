"""Generate: session keys, drafts of what is asked for, and the parameters of its links."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.generation.request import PROMPT_LIMIT, Request

PENDING = "generate.pending"  # Draft that the form takes over in the next run
NOTES = "generate.notes"  # what of the last draft could not be taken over
LINK = "generate.link"
ASKED = "generate.asked"  # id of the job that was asked for last
PNG = "generate.png"
PNG_TAKEN = "generate.png_taken"  # id of the file that was taken over last
PNG_ERROR = "generate.png_error"  # why a file could not be taken over
WARMED = "generate.warmed"  # id of the model that was asked to be loaded last; 0: none
ADOPTED = "generate.adopted"  # fields as the link left them; None: the address is not their source

PROMPT = "generate.prompt"
NEGATIVE = "generate.negative"
MODELS = "generate.models"  # ids of model versions
LORAS = "generate.loras"  # ids of model versions laid over each of them
LORA_SCALE = "generate.lora_scale."  # and the LoRA's id
BASE = "generate.base"  # BaseSettings that stand in the fields nobody changed
WIDTH = "generate.width"
HEIGHT = "generate.height"
STEPS = "generate.steps"
CFG_SCALE = "generate.cfg_scale"
SAMPLER = "generate.sampler"
SEED = "generate.seed"
RESCALE = "generate.rescale"
CLIP_SKIP = "generate.clip_skip"
LAYOUT = "generate.layout"
SEEDS = "generate.seeds"  # how many
COLUMN_AXIS = "generate.column_axis"
ROW_AXIS = "generate.row_axis"
AXIS_VALUES = "generate.axis_values."  # and the parameter
ADD_WAY = "generate.add_way"
ADD_FILE = "generate.add_file"
ADD_PLACE = "generate.add_place"
ADD_NAME = "generate.add_name"
ADD_BASE = "generate.add_base"
ADDED = "generate.added"  # id of the model that was just added, to be picked
WORDS_TEXT = "generate.words_text"
WORDS_READ = "generate.words_read"  # the list as it stood when the dialog was opened
TOLD = "generate.told"  # what was just done, said once
KEEP = "generate.keep"
FORCE = "generate.force"

EPOCH = "generate.epoch"  # how often the settings were laid down; part of their fields' keys

SETTINGS = {  # a draft's setting: how the key of its field begins
    "width": WIDTH,
    "height": HEIGHT,
    "steps": STEPS,
    "cfg_scale": CFG_SCALE,
    "sampler": SAMPLER,
    "guidance_rescale": RESCALE,
    "clip_skip": CLIP_SKIP,
}
WORDS = {
    "width": "width",
    "height": "height",
    "steps": "number of steps",
    "cfg_scale": "CFG scale",
    "sampler": "sampler",
    "seed": "seed",
    "guidance_rescale": "guidance rescale",
    "clip_skip": "CLIP skip",
}
TOLD_BY_LINKS = (PROMPT, NEGATIVE, MODELS, LORAS, SEED)  # and the settings
LAYOUTS = {"seeds": "Models × seeds", "axes": "X/Y grid"}
LINK_PARAMETERS = ("remix", "prompt_id", "model", "start", "prompt")
START_PICKS = "picks"
MOST_LINKED_MODELS = 50
_DIGITS = 18  # of an id: more do not fit a bigint


@dataclass(frozen=True)
class Draft:
    """What a form begins with; None is what nothing is known of: the base's own setting."""

    prompt: str = ""
    negative_prompt: str = ""
    model_version_ids: tuple[int, ...] = ()
    loras: tuple[tuple[int, float], ...] = ()  # model_version_id and scale of further LoRAs
    width: int | None = None  # px
    height: int | None = None  # px
    steps: int | None = None
    cfg_scale: float | None = None
    sampler: str | None = None
    seed: int | None = None
    clip_skip: int | None = None
    guidance_rescale: float | None = None
    notes: tuple[str, ...] = ()  # what could not be taken over, a sentence each


@dataclass(frozen=True)
class GenerateLink:
    """What a link to Generate asks for."""

    image_id: str | None = None
    prompt_id: int | None = None
    model_version_ids: tuple[int, ...] = ()
    prompt: str = ""
    from_picks: bool = False
    complaints: list[str] = field(default_factory=list)


def draft_of(request: Request, model_version_id: int) -> Draft:
    """The draft that asks for the same picture; the request's LoRAs are those of the model."""
    return Draft(
        request.prompt,
        request.negative_prompt,
        (model_version_id,),
        (),
        request.width,
        request.height,
        request.steps,
        request.cfg_scale,
        request.sampler,
        request.seed,
        request.clip_skip,
        request.guidance_rescale,
    )


def setting_key(session: Mapping[Any, Any], name: str) -> str:
    """The key of a setting's field as it stands now."""
    return f"{SETTINGS[name]}.{session.get(EPOCH, 0)}"


def setting_keys(session: Mapping[Any, Any]) -> dict[str, str]:
    """The keys of all settings' fields, by the settings' names."""
    return {name: setting_key(session, name) for name in SETTINGS}


def lay_settings(session: MutableMapping[Any, Any], values: Mapping[str, Any]) -> None:
    """From now on the fields hold these values, all of them.

    Under new keys: a click that was on its way brings the old fields' values with it, and would
    undo what a run laid into them.
    """
    session[EPOCH] = session.get(EPOCH, 0) + 1
    for name, key in setting_keys(session).items():
        session[key] = values[name]


def remix(session: MutableMapping[Any, Any], draft: Draft) -> None:
    """From the next run on the form holds the draft."""
    session[PENDING] = draft


def read_link(params: Mapping[str, Sequence[str]]) -> GenerateLink:
    """The typed parameters of a link; what is wrong with them stands in `complaints`."""
    complaints: list[str] = []
    told = params.get("model", [])
    models = [int(value) for value in told if _is_id(value)]
    if len(models) < len(told):
        complaints.append("names a model that is none")
    if len(models) > MOST_LINKED_MODELS:
        complaints.append(f"names more than {MOST_LINKED_MODELS} models")
    prompt_id = _last(params, "prompt_id")
    if prompt_id is not None and not _is_id(prompt_id):
        complaints.append("names a prompt that is none")
        prompt_id = None
    start = _last(params, "start")
    if start not in (None, START_PICKS):
        complaints.append("begins with something that does not exist")
    return GenerateLink(
        _last(params, "remix"),
        None if prompt_id is None else int(prompt_id),
        tuple(dict.fromkeys(models))[:MOST_LINKED_MODELS],
        (_last(params, "prompt") or "").strip()[:PROMPT_LIMIT],
        start == START_PICKS,
        complaints,
    )


def _last(params: Mapping[str, Sequence[str]], name: str) -> str | None:
    values = params.get(name)
    return values[-1] if values else None


def _is_id(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS
