"""Similarity: session keys, choices and the parameters of its links."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

SIMILARITY_VIEW = "similarity.view"
SIMILARITY_PROMPTS = "similarity.prompts"
SIMILARITY_ORDER = "similarity.order"
SIMILARITY_TOGETHER = "similarity.together"
SIMILARITY_SCALE = "similarity.scale"
SIMILARITY_THRESHOLD = "similarity.threshold"
SIMILARITY_ENCODER = "similarity.encoder"
SIMILARITY_LINK = "similarity.link"
SIMILARITY_MARKED = "similarity.marked"
SIMILARITY_PAIR_PROMPT = "similarity.pair_prompt"

VIEWS = {"prompts": "Prompts", "domains": "Domains", "models": "Models"}
ORDERS = {"downloads": "Downloads", "similarity": "Similarity", "gre": "GRE-Score"}
SCALES = {"fixed": "0 to 1", "stretched": "Stretched"}
MOST_PROMPTS = 4
DEFAULT_THRESHOLD = 0.9
LINK_PARAMETERS = ("view", "prompts", "order", "together", "scale", "threshold", "encoder")


@dataclass(frozen=True)
class SimilarityLink:
    """What a link to Similarity asks for; None where it asks nothing or nothing usable."""

    view: str | None = None
    prompt_ids: tuple[int, ...] | None = None
    order: str | None = None
    together: bool | None = None
    scale: str | None = None
    threshold: float | None = None
    encoder: str | None = None
    complaints: list[str] = field(default_factory=list)


def read_similarity_link(
    params: Mapping[str, str], prompt_ids: Collection[int], encoders: Collection[str]
) -> SimilarityLink:
    """The typed, checked parameters of a link; what is wrong with it stands in `complaints`."""
    complaints: list[str] = []

    def one_of(name: str, allowed: Collection[str], what: str) -> str | None:
        value = params.get(name)
        if value is None or value in allowed:
            return value
        complaints.append(f"names {what}")
        return None

    view = one_of("view", VIEWS, "a view that does not exist")
    prompts = _prompts(params.get("prompts"), prompt_ids)
    if "prompts" in params and prompts is None:
        complaints.append("names prompts that are not in this warehouse, or too many")
    order = one_of("order", ORDERS, "an order that does not exist")
    together = one_of("together", ("0", "1"), "neither one order nor several")
    scale = one_of("scale", SCALES, "a colour scale that does not exist")
    threshold = _cosine(params.get("threshold"))
    if "threshold" in params and threshold is None:
        complaints.append("names a threshold that is not between 0 and 1")
    encoder = one_of("encoder", encoders, "an encoder without features in this warehouse")
    return SimilarityLink(
        view,
        prompts,
        order,
        None if together is None else together == "1",
        scale,
        threshold,
        encoder,
        complaints,
    )


def link_parameters(link: SimilarityLink) -> dict[str, str]:
    """The parameters that `read_similarity_link` reads back as `link`."""
    told = {
        "view": link.view,
        "prompts": None if link.prompt_ids is None else "-".join(map(str, link.prompt_ids)),
        "order": link.order,
        "together": None if link.together is None else str(int(link.together)),
        "scale": link.scale,
        "threshold": None if link.threshold is None else f"{link.threshold:.2f}",
        "encoder": link.encoder,
    }
    return {name: value for name, value in told.items() if value is not None}


def _prompts(text: str | None, known: Collection[int]) -> tuple[int, ...] | None:
    parts = [] if text is None else text.split("-")
    whole = [part.isascii() and part.isdigit() and len(part) <= 19 for part in parts]
    if not parts or not all(whole) or len(parts) > MOST_PROMPTS:
        return None
    prompt_ids = tuple(dict.fromkeys(map(int, parts)))
    return prompt_ids if set(prompt_ids) <= set(known) else None


def _cosine(text: str | None) -> float | None:
    if text is None or not text.isascii() or len(text) > 8:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return round(value, 2) if math.isfinite(value) and 0 <= value <= 1 else None
