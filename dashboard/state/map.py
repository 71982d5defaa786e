"""Map: session keys, choices and the parameters of its links."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

MAP_SCOPE = "map.scope"
MAP_PROMPT = "map.prompt"
MAP_ENCODER = "map.encoder"
MAP_COLOUR = "map.colour"
MAP_MODELS = "map.models"
MAP_WINDOW = "map.window"  # Window, as the browser told it last
MAP_GOTO = "map.goto"  # how many links have asked for a window
MAP_HEARD = "map.heard"  # number of the last pick that was heard
MAP_CANVAS = "map.canvas"
MAP_POINTS = "map.points"
MAP_LINK = "map.link"

SCOPES = {"prompt": "One prompt", "all": "All pictures"}
COLOURS = {
    "score": "GRE-Score",
    "base": "Base model",
    "model_tag": "Model tag",
    "model": "Model",
    "tag": "Prompt tag",
}
MOST_MODELS = 7  # as many as colours can be told apart
FARTHEST, NEAREST_ZOOM, FARTHEST_ZOOM = 1e6, 400.0, 0.2
LINK_PARAMETERS = ("prompt", "colour", "models", "encoder", "x", "y", "zoom")


@dataclass(frozen=True)
class Window:
    """The part of a map that is seen: its centre in units of the map; zoom 1 shows all."""

    x: float
    y: float
    zoom: float


@dataclass(frozen=True)
class MapLink:
    """What a link to Map asks for; None where it asks nothing or nothing usable."""

    prompt_id: int | None = None
    all_pictures: bool = False
    colour: str | None = None
    models: tuple[int, ...] | None = None
    encoder: str | None = None
    window: Window | None = None
    complaints: list[str] = field(default_factory=list)


def read_map_link(
    params: Mapping[str, str],
    prompt_ids: Collection[int],
    model_ids: Collection[int],
    encoders: Collection[str],
) -> MapLink:
    """The typed, checked parameters of a link; what is wrong with it stands in `complaints`."""
    complaints: list[str] = []
    all_pictures = params.get("prompt") == "all"
    prompt_id = None if all_pictures else _whole_number(params.get("prompt"))
    if "prompt" in params and not all_pictures and prompt_id not in prompt_ids:
        prompt_id = None
        complaints.append("names a prompt that is not in this warehouse")
    colour = params.get("colour")
    if colour is not None and colour not in COLOURS:
        colour = None
        complaints.append("names a colouring that does not exist")
    models = _models(params.get("models"), model_ids)
    if "models" in params and models is None:
        complaints.append("names models that are not in this warehouse, or too many")
    encoder = params.get("encoder")
    if encoder is not None and encoder not in encoders:
        encoder = None
        complaints.append("names an encoder without features in this warehouse")
    window = read_window({name: params[name] for name in ("x", "y", "zoom") if name in params})
    if window is None and any(name in params for name in ("x", "y", "zoom")):
        complaints.append("names a place that is on no map")
    return MapLink(prompt_id, all_pictures, colour, models, encoder, window, complaints)


def link_parameters(link: MapLink) -> dict[str, str]:
    """The parameters that `read_map_link` reads back as `link`."""
    told = {
        "prompt": "all" if link.all_pictures else _text(link.prompt_id),
        "colour": link.colour,
        "models": None if link.models is None else "-".join(map(str, link.models)),
        "encoder": link.encoder,
    }
    if link.window is not None:
        told |= {
            "x": f"{link.window.x:.3f}",
            "y": f"{link.window.y:.3f}",
            "zoom": f"{link.window.zoom:.3f}",
        }
    return {name: value for name, value in told.items() if value is not None}


def read_window(values: Mapping[str, object]) -> Window | None:
    """A window from text or numbers of strangers; None where any of its parts cannot be."""
    x, y, zoom = (_finite(values.get(name)) for name in ("x", "y", "zoom"))
    if x is None or y is None or zoom is None:
        return None
    if max(abs(x), abs(y)) > FARTHEST or not FARTHEST_ZOOM <= zoom <= NEAREST_ZOOM:
        return None
    return Window(x, y, zoom)


def _finite(value: object) -> float | None:
    if isinstance(value, str) and (len(value) > 24 or not value.isascii() or "_" in value):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _models(text: str | None, known: Collection[int]) -> tuple[int, ...] | None:
    numbers = [] if text is None else [_whole_number(part) for part in text.split("-")]
    models = tuple(dict.fromkeys(number for number in numbers if number is not None))
    if not models or len(models) > MOST_MODELS or None in numbers or not set(models) <= set(known):
        return None
    return models


def _whole_number(text: str | None) -> int | None:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 19:
        return None
    return int(text)


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
