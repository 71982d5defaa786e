"""Models to make pictures by: found by what they are made of, combined where none is made so."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.errors import NotFoundError
from core.generation.axes import ModelValue
from core.generation.request import Lora, Request
from dashboard import generation
from dashboard.access import current_person
from dashboard.resources import warehouse
from warehouse.generation.catalogue import UsableModel
from warehouse.generation.combining import combined_model
from warehouse.generation.orders import Order, OrderedPicture

Parts = tuple[UsableModel, tuple[tuple[UsableModel, float], ...]]  # model, further LoRAs, scales


@dataclass(frozen=True)
class Roster:
    """Every model version, the usable ones first."""

    models: tuple[UsableModel, ...]

    @cached_property
    def by_id(self) -> dict[int, UsableModel]:
        """Every model by its id."""
        return {model.model_version_id: model for model in self.models}

    @cached_property
    def usable(self) -> dict[int, UsableModel]:
        """Models whose pictures can be made here, by id."""
        return {key: model for key, model in self.by_id.items() if not model.problem}

    @cached_property
    def loras(self) -> dict[int, UsableModel]:
        """Usable models that are a LoRA of one file, by id."""
        return {
            key: model
            for key, model in self.usable.items()
            if len(model.loras) == 1 and _is_itself(model)
        }

    def made_of(self, request: Request) -> UsableModel | None:
        """The usable model that consists of exactly the request's weights."""
        return self._made_of.get((request.model.sha256, _scales(request.loras)))

    def parts_of(self, request: Request) -> Parts | None:
        """The model that holds most of the request's weights, and the LoRAs beyond it.

        None where a part is not here.
        """
        wanted = _scales(request.loras)
        models = [
            model
            for (checkpoint, scales), model in self._made_of.items()
            if checkpoint == request.model.sha256 and scales <= wanted
        ]
        if not models:
            return None
        model = max(models, key=lambda each: len(each.loras))  # of several, the most downloaded
        there = _scales(model.loras)
        more = [lora for lora in request.loras if (lora.sha256, lora.scale) not in there]
        if not all(lora.sha256 in self._by_lora for lora in more):
            return None
        return model, tuple((self._by_lora[lora.sha256], lora.scale) for lora in more)

    @cached_property
    def _made_of(self) -> dict[tuple[str, frozenset[tuple[str, float]]], UsableModel]:
        made: dict[tuple[str, frozenset[tuple[str, float]]], UsableModel] = {}
        for model in self.usable.values():
            if model.checkpoint is not None:
                made.setdefault((model.checkpoint.sha256, _scales(model.loras)), model)
        return made

    @cached_property
    def _by_lora(self) -> dict[str, UsableModel]:
        return {model.loras[0].sha256: model for model in reversed(self.loras.values())}


def roster() -> Roster:
    """The models as they are now."""
    return Roster(generation.models())


def title(model: UsableModel) -> str:
    """Name and version, as people tell models apart."""
    version = f", {model.version_name}" if model.version_name else ""
    return f"{model.model_name}{version}"


def axis_values(models: Sequence[UsableModel]) -> tuple[ModelValue, ...]:
    """Usable models as values of a grid's axis."""
    return tuple(
        ModelValue(title(model), model.checkpoint, model.loras)
        for model in models
        if model.checkpoint is not None
    )


def ordered(request: Request, known: Roster) -> OrderedPicture:
    """The picture under the model that it is made by, or for now under the nearest one."""
    model = known.made_of(request)
    if model is None:
        parts = known.parts_of(request)
        if parts is None:
            raise NotFoundError("usable model", request.model.name)
        model = parts[0]
    return OrderedPicture(request, model.model_version_id)


def combined(order: Order, known: Roster) -> Order:
    """The order with a model of its own for each combination that has none yet; adds those rows.

    Raises NotAllowedError and BlockedWordsError before any row is added.
    """
    generation.check(order)
    made: dict[tuple[str, tuple[Lora, ...]], int] = {}
    pictures = []
    for picture in order.pictures:
        request = picture.request
        key = (request.model.sha256, request.loras)
        if known.made_of(request) is None:
            if key not in made:
                made[key] = _combine(request, known)
            picture = OrderedPicture(request, made[key], picture.prompt_id)
        pictures.append(picture)
    return Order(tuple(pictures), order.rows, order.columns, order.keep, order.force, order.title)


def _combine(request: Request, known: Roster) -> int:
    parts = known.parts_of(request)
    if parts is None:
        raise NotFoundError("usable model", request.model.name)
    model, loras = parts
    return combined_model(
        warehouse(),
        model.model_version_id,
        [(lora.model_version_id, scale) for lora, scale in loras],
        current_person().person_id,
    )


def _is_itself(model: UsableModel) -> bool:
    """Whether the model's LoRA is the model; of a merge that was combined here it is another."""
    return model.kind == "lora" or (
        model.kind == "merge" and model.loras[0].name.startswith(model.model_name)
    )


def _scales(loras: Sequence[Lora]) -> frozenset[tuple[str, float]]:
    return frozenset((lora.sha256, lora.scale) for lora in loras)
