"""Grids: one request and two axes make rows of requests, each with its label."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.errors import shortened
from core.generation.axis_values import PARAMETERS, VALUES_HIGH, AxisError, Parameter
from core.generation.request import COUNT_HIGH, SEED_HIGH, Lora, Request, Weights

LABEL_LIMIT = 120  # characters


@dataclass(frozen=True)
class ModelValue:
    """A model: what is loaded, what of its own is laid over that, and its name for people."""

    name: str
    checkpoint: Weights
    loras: tuple[Lora, ...] = ()


Value = ModelValue | str | int | float | tuple[int, int]


@dataclass(frozen=True)
class Axis:
    """A parameter and the values it takes, in order. Raises AxisError."""

    parameter: Parameter
    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        name = PARAMETERS[self.parameter]
        if not self.values:
            raise AxisError(f"{name}: no values yet; give one at least.")
        if len(self.values) > VALUES_HIGH:
            raise AxisError(f"{name}: {len(self.values)} values; take {VALUES_HIGH} at most.")
        seen: set[Value] = set()
        for value in self.values:
            if value in seen:
                raise AxisError(f"{name}: {shortened(_words(value))} stands twice; name it once.")
            seen.add(value)


@dataclass(frozen=True)
class Grid:
    """Requests in rows; every row is `len(columns)` long."""

    requests: tuple[tuple[Request, ...], ...]
    rows: tuple[str, ...]  # what the requests of each row have in common
    columns: tuple[str, ...]  # and of each column


def seed_axis(first: int, count: int) -> Axis:
    """`count` seeds, each one higher than that before, from 2^64 - 1 to 0. Raises AxisError."""
    if not 1 <= count <= VALUES_HIGH:
        raise AxisError(f"{count} seeds are out of range: take 1 to {VALUES_HIGH}.")
    return Axis("seed", tuple((first + each) % (SEED_HIGH + 1) for each in range(count)))


def expand(
    base: Request,
    *,
    rows: Axis | None = None,
    columns: Axis | None = None,
    extra: Sequence[Lora] = (),
) -> Grid:
    """`base` at every crossing of the axes.

    The LoRAs of `base` are its model's own; `extra` are laid over every model. The axis LoRA scale
    scales the extra ones, or the model's own where there are none; at 0 they change nothing and
    are left out. Raises AxisError, or what a request that cannot be made raises.
    """
    if rows is not None and columns is not None and rows.parameter == columns.parameter:
        raise AxisError(
            f"Both axes are {PARAMETERS[rows.parameter]}: choose another parameter for one."
        )
    down = _steps(rows)
    across = _steps(columns)
    if len(down) * len(across) > COUNT_HIGH:
        raise AxisError(
            f"{len(down)} × {len(across)} are {len(down) * len(across):,} pictures: take "
            f"{COUNT_HIGH:,} at most, with fewer values."
        )
    return Grid(
        tuple(tuple(_request(base, extra, {**row, **column}) for column in across) for row in down),
        _labels(rows),
        _labels(columns),
    )


def _steps(axis: Axis | None) -> list[dict[Parameter, Value]]:
    return [{}] if axis is None else [{axis.parameter: value} for value in axis.values]


def _request(base: Request, extra: Sequence[Lora], chosen: Mapping[Parameter, Value]) -> Request:
    changes: dict[str, object] = {}
    own, name = base.loras, base.model.name
    for parameter, value in chosen.items():
        if isinstance(value, ModelValue):
            changes["model"], own, name = value.checkpoint, value.loras, value.name
        elif isinstance(value, tuple):
            changes["width"], changes["height"] = value
        elif parameter != "lora_scale":
            changes[parameter] = value
    if "lora_scale" in chosen:
        own, extra = _scaled(name, own, extra, chosen["lora_scale"])
    for lora in extra:
        if lora.sha256 in {each.sha256 for each in own}:
            raise AxisError(
                f"The LoRA {shortened(lora.name)} is part of the model {shortened(name)} already: "
                "take one of them out."
            )
    loras = tuple(lora for lora in (*own, *extra) if lora.scale)
    return replace(base, **changes, loras=loras)  # type: ignore[arg-type]


def _scaled(
    name: str, own: tuple[Lora, ...], extra: Sequence[Lora], scale: Value
) -> tuple[tuple[Lora, ...], Sequence[Lora]]:
    assert isinstance(scale, int | float)
    if extra:
        return own, [replace(lora, scale=scale) for lora in extra]
    if not own:
        raise AxisError(
            f"The model {shortened(name)} has no LoRA whose scale could change: add one, or "
            "choose another axis."
        )
    return tuple(replace(lora, scale=scale) for lora in own), extra


def _labels(axis: Axis | None) -> tuple[str, ...]:
    if axis is None:
        return ("",)
    labels: dict[str, None] = {}
    for value in axis.values:  # models may share a name, prompts the part that is shown
        label = words = _label(axis.parameter, value)
        number = 1
        while label in labels:
            number += 1
            label = f"{words} ({number})"
        labels[label] = None
    return tuple(labels)


def _label(parameter: Parameter, value: Value) -> str:
    words = _words(value)
    words = words if len(words) <= LABEL_LIMIT else words[: LABEL_LIMIT - 1].rstrip() + "…"
    return (
        words
        if parameter in ("model", "prompt", "sampler", "size")
        else (f"{PARAMETERS[parameter]} {words}")
    )


def _words(value: Value) -> str:
    if isinstance(value, ModelValue):
        return " ".join(value.name.split())
    if isinstance(value, tuple):
        return f"{value[0]} × {value[1]}"
    return f"{value:.10g}" if isinstance(value, float) else " ".join(str(value).split())
