"""The public bases by the names that hubs and people give them."""

import re

from core.generation.weights_files import Family

USUAL_BASES: dict[Family, str] = {"SD 1": "SD 1.5", "SD 2": "SD 2.1", "SDXL": "SDXL 1.0"}
_NAMES: tuple[tuple[re.Pattern[str], Family], ...] = (  # the first that is found counts
    (re.compile(r"xl\b|xl[\s_-]?\d|\b(?:pony|illustrious|noob\s?ai)\b"), "SDXL"),
    (re.compile(r"\b(?:sd|stable[\s_-]?diffusion)[\s_-]*v?2(?:[.\s_-]|$)"), "SD 2"),
    (re.compile(r"\b(?:sd|stable[\s_-]?diffusion)[\s_-]*v?1(?:[.\s_-]|$)"), "SD 1"),
)


def family_of_base(base_model: str) -> Family | None:
    """The family that a base's name tells, such as SD 1 for "SD 1.5 LCM"; None where it does not.

    >>> family_of_base("SDXL Turbo"), family_of_base("Flux.1 D")
    ('SDXL', None)
    """
    name = base_model.strip().lower()
    return next((family for pattern, family in _NAMES if pattern.search(name)), None)
