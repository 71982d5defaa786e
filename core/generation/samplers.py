"""Samplers by the names people use, as classes of diffusers and the options that make them so.

Names follow AUTOMATIC1111's web UI, classes diffusers' own table of equivalents. The stochastic
solvers are those of diffusers that need no further package (torchsde).
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from core.errors import GemboardError, shortened

Option = bool | int | str
Options = tuple[tuple[str, Option], ...]
_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")
_NAME_LIMIT = 200  # characters; nobody names a sampler at such length


@dataclass(frozen=True)
class Sampler:
    """A sampler: what takes the place of the model's own scheduler."""

    name: str
    scheduler: str  # class in diffusers
    options: Options = ()  # laid over the options of the model's own scheduler


class UnknownSamplerError(GemboardError):
    """A name that no sampler has."""

    def __init__(self, name: object, nearest: tuple[str, ...]) -> None:
        super().__init__(
            f"There is no sampler {shortened(name)}; take another, such as {', '.join(nearest)}."
        )


# Those that know other noise schedules than their own: name, class, options.
_SOLVERS: tuple[tuple[str, str, Options], ...] = (
    ("Euler", "EulerDiscreteScheduler", ()),
    ("Heun", "HeunDiscreteScheduler", ()),
    ("LMS", "LMSDiscreteScheduler", ()),
    ("DPM2", "KDPM2DiscreteScheduler", ()),
    ("DPM2 a", "KDPM2AncestralDiscreteScheduler", ()),
    (
        "DPM++ 2M",
        "DPMSolverMultistepScheduler",
        (("algorithm_type", "dpmsolver++"), ("solver_order", 2)),
    ),
    (
        "DPM++ 2M SDE",
        "DPMSolverMultistepScheduler",
        (("algorithm_type", "sde-dpmsolver++"), ("solver_order", 2)),
    ),
    (
        "DPM++ 3M SDE",
        "DPMSolverMultistepScheduler",
        (("algorithm_type", "sde-dpmsolver++"), ("solver_order", 3)),
    ),
    (
        "DPM++ SDE",
        "DPMSolverSinglestepScheduler",
        (("algorithm_type", "sde-dpmsolver++"), ("solver_order", 2)),
    ),
    ("UniPC", "UniPCMultistepScheduler", ()),
    ("DEIS", "DEISMultistepScheduler", ()),
)
_SCHEDULES = (("", None), (" Karras", "karras"), (" Exponential", "exponential"))
_TRAILING: Options = (("timestep_spacing", "trailing"),)


def _schedule(taken: str | None) -> Options:
    # The others are switched off by name: the model's own scheduler may have one on.
    return tuple((f"use_{each}_sigmas", each == taken) for each in ("karras", "exponential"))


SAMPLERS: tuple[Sampler, ...] = (
    Sampler("Euler a", "EulerAncestralDiscreteScheduler"),
    *(
        Sampler(name + ending, scheduler, (*options, *_schedule(schedule)))
        for name, scheduler, options in _SOLVERS
        for ending, schedule in _SCHEDULES
    ),
    Sampler("Euler a trailing", "EulerAncestralDiscreteScheduler", _TRAILING),
    Sampler("Euler trailing", "EulerDiscreteScheduler", (*_schedule(None), *_TRAILING)),
    Sampler("DDIM", "DDIMScheduler"),
    Sampler("DDIM trailing", "DDIMScheduler", _TRAILING),
    Sampler("DDPM", "DDPMScheduler"),
    Sampler("PNDM", "PNDMScheduler", (("skip_prk_steps", True),)),
    Sampler("LCM", "LCMScheduler"),
    Sampler("TCD", "TCDScheduler"),
)

ALIASES: dict[str, str] = {
    "Eular a": "Euler a",  # so spelled in GEMRec's prompt set
    "euler_ancestral": "Euler a",
    "k_euler_ancestral": "Euler a",
    "k_euler_a": "Euler a",
    "k_euler": "Euler",
    "k_heun": "Heun",
    "k_lms": "LMS",
    "dpm_2_ancestral": "DPM2 a",
    "euler_k": "Euler Karras",  # InvokeAI ends Karras' schedule so
    "heun_k": "Heun Karras",
    "lms_k": "LMS Karras",
    "dpmpp_2m_k": "DPM++ 2M Karras",
    "dpmpp_2m_sde_k": "DPM++ 2M SDE Karras",
    "dpmpp_sde_k": "DPM++ SDE Karras",
    "dpmpp_2m_sde_gpu": "DPM++ 2M SDE",  # ComfyUI tells where the noise is drawn
    "dpmpp_3m_sde_gpu": "DPM++ 3M SDE",
    "dpmpp_sde_gpu": "DPM++ SDE",
    "PLMS": "PNDM",
}
# What web UIs since 1.9 write beside a sampler that no longer carries its schedule in its name.
_ENDINGS = {"karras": " Karras", "exponential": " Exponential", "sgmuniform": " trailing",
            "simple": " trailing", "normal": "", "uniform": ""}  # fmt: skip
_AUTOMATIC = {
    "DPM++ 2M": " Karras",
    "DPM++ SDE": " Karras",
    "DPM2": " Karras",
    "DPM2 a": " Karras",
    "DPM++ 2M SDE": " Exponential",
    "DPM++ 3M SDE": " Exponential",
}


def _key(name: str) -> str:
    return _NOT_IN_KEYS.sub("", name.casefold().replace("++", "pp"))


_BY_KEY = {_key(sampler.name): sampler for sampler in SAMPLERS}
_BY_KEY |= {_key(alias): _BY_KEY[_key(name)] for alias, name in ALIASES.items()}


def find_sampler(name: str) -> Sampler:
    """The sampler of a name, however it is spelled: `DPM++ 2M Karras`, `dpmpp_2m_karras`.

    Raises UnknownSamplerError, which tells the nearest names.
    """
    found = _BY_KEY.get(_key(name[:_NAME_LIMIT]))
    if found is None or len(name) > _NAME_LIMIT:
        raise UnknownSamplerError(name, _nearest(name))
    return found


def find_scheduled(name: str, schedule: str) -> Sampler:
    """The sampler of a name beside a schedule type, as web UIs since 1.9 write them.

    `Automatic` is what such a web UI takes for that sampler. Raises UnknownSamplerError.
    """
    sampler = find_sampler(name)
    key = _key(schedule[:_NAME_LIMIT])
    if key in ("", "automatic"):
        ending = _AUTOMATIC.get(sampler.name, "") if key else ""
        return find_sampler(sampler.name + ending)
    if key not in _ENDINGS:
        raise UnknownSamplerError(f"{name} {schedule}", _nearest(name))
    if sampler.name.endswith(_ENDINGS[key]):
        return sampler
    return find_sampler(sampler.name + _ENDINGS[key])


def _nearest(name: str) -> tuple[str, ...]:
    keys = get_close_matches(_key(name[:_NAME_LIMIT]), _BY_KEY, n=3, cutoff=0.3)
    names = dict.fromkeys(_BY_KEY[key].name for key in keys)
    return tuple(names) or ("Euler a", "DPM++ 2M Karras", "DDIM")
