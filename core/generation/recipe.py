"""A picture's full recipe, its form as JSON, and the identity of what was asked for."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, NoReturn

from core.errors import GemboardError, shortened
from core.generation.request import Lora, Request, Weights

FORMAT = "gemboard-recipe-1"
TEXT_LIMIT = 256 * 1024  # characters of a recipe's JSON; two full prompts need a fifth of it
BATCH_HIGH = 256  # pictures
VERSIONS_HIGH = 50
_SHORT = 200  # characters of a device's name, a library's or its version
_HEX = frozenset("0123456789abcdef")


class RecipeError(GemboardError):
    """A text that is no recipe; says what of it is wrong."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"This is no recipe of Gemboard's: {reason}.")


@dataclass(frozen=True)
class Batch:
    """The pictures that were computed at once: other company gives other last bits."""

    members: tuple[str, ...]  # identity of the request at each place; padding repeats the last
    place: int  # of this picture, from 0

    def __post_init__(self) -> None:
        if not isinstance(self.members, tuple) or not 1 <= len(self.members) <= BATCH_HIGH:
            raise RecipeError(f"a batch has 1 to {BATCH_HIGH} members")
        if not all(_is_sha256(member) for member in self.members):
            raise RecipeError("a member of the batch is no SHA-256")
        if type(self.place) is not int or not 0 <= self.place < len(self.members):
            raise RecipeError(f"place {shortened(self.place)} is not in its batch")


@dataclass(frozen=True)
class Recipe:
    """All that is needed to make a picture again, bit for bit on the same device.

    It holds no time, so that a picture made again has the same bytes. Raises RecipeError.
    """

    request: Request
    batch: Batch
    device: str  # as the maker names it: cpu, NVIDIA H200
    precision: str  # of the arithmetic: float32, float16, bfloat16
    versions: tuple[tuple[str, str], ...] = ()  # libraries and their versions, by name

    def __post_init__(self) -> None:
        if self.batch.members[self.batch.place] != identity(self.request):
            raise RecipeError("its batch holds another request at its place")
        for name in ("device", "precision"):
            _check_short(name, getattr(self, name))
        if len(self.versions) > VERSIONS_HIGH:
            raise RecipeError(f"it names more than {VERSIONS_HIGH} libraries")
        if len(dict(self.versions)) < len(self.versions):
            raise RecipeError("it names a library twice")
        for library, version in self.versions:
            _check_short("versions", library)
            _check_short(library, version)
        object.__setattr__(self, "versions", tuple(sorted(self.versions)))


def canonical_json(request: Request) -> str:
    """What decides the picture, in one form: sorted keys, no blanks, weights by hash alone."""
    content = asdict(request)
    content["model"] = request.model.sha256
    content["loras"] = [[lora.sha256, lora.scale] for lora in request.loras]
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)


def identity(request: Request) -> str:
    """SHA-256 of the canonical JSON; requests for the same picture have the same."""
    return hashlib.sha256(canonical_json(request).encode("ascii")).hexdigest()


def write_recipe(recipe: Recipe) -> str:
    """The recipe as JSON in one line, names included; the same recipe gives the same text."""
    content = {
        "format": FORMAT,
        "identity": identity(recipe.request),
        **asdict(recipe),
        "versions": dict(recipe.versions),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, allow_nan=False)


def read_recipe(text: str) -> Recipe:
    """The recipe that `write_recipe` wrote, however its keys are ordered.

    Raises RecipeError, or RequestError and UnknownSamplerError where what was asked for is unfit.
    """
    content = _mapping("the text", _parsed(text))
    if content.pop("format", None) != FORMAT:
        raise RecipeError(f"its format is not {FORMAT}; a newer Gemboard may read it")
    told = content.pop("identity", None)
    request = read_request(content.pop("request", None))
    if told != identity(request):
        raise RecipeError("its request was changed after it was written")
    batch = _taken(Batch, "batch", content.pop("batch", None), members=_texts)
    versions = _mapping("versions", content.pop("versions", None))
    content |= {"request": request, "batch": batch, "versions": tuple(versions.items())}
    recipe: Recipe = _taken(Recipe, "the text", content)
    return recipe


def read_request(told: object) -> Request:
    """The request that `asdict` made values of, by way of JSON.

    Raises RecipeError, RequestError and UnknownSamplerError.
    """
    content = _mapping("request", told)
    model = _taken(Weights, "model", content.pop("model", None))
    loras = content.pop("loras", None)
    if not isinstance(loras, list):
        raise RecipeError("loras is no list")
    content |= {"model": model, "loras": tuple(_taken(Lora, "a LoRA", lora) for lora in loras)}
    request: Request = _taken(Request, "request", content)
    return request


def _taken(made: type[Any], name: str, value: object, **readers: Any) -> Any:
    """A dataclass from a mapping that names each of its fields and nothing else."""
    content = _mapping(name, value)
    wanted = {field.name for field in fields(made)}
    if missing := sorted(wanted - content.keys()):
        raise RecipeError(f"{name} lacks {missing[0]}")
    if unknown := sorted(content.keys() - wanted):
        raise RecipeError(f"{name} holds {shortened(unknown[0])}, which is not known here")
    return made(**{key: readers.get(key, _same)(each) for key, each in content.items()})


def _same(value: object) -> object:
    return value


def _texts(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list) else ()


def _mapping(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise RecipeError(f"{name} is no JSON object")
    return dict(value)


def _parsed(text: str) -> object:
    if len(text) > TEXT_LIMIT:
        raise RecipeError(f"it is longer than {TEXT_LIMIT:,} characters")
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise RecipeError("its JSON cannot be read") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and the infinities are not JSON


def _is_sha256(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and _HEX.issuperset(value)


def _check_short(name: str, value: object) -> None:
    if not isinstance(value, str) or not value or len(value) > _SHORT or not value.isprintable():
        raise RecipeError(f"{shortened(name)} is no text of 1 to {_SHORT} characters to show")
