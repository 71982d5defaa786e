"""What a person asks for: pictures in rows and columns, kept as JSON in the table `jobs`."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from core.errors import GemboardError
from core.generation.recipe import read_request
from core.generation.request import COUNT_HIGH, Request

TITLE_LIMIT = 200  # characters


class OrderError(GemboardError):
    """An order that cannot be taken; its text says why and what to do."""


@dataclass(frozen=True)
class OrderedPicture:
    """One picture, by whom it is made, and whose cell it is."""

    request: Request
    model_version_id: int
    prompt_id: int | None = None  # None: found by its text, or added, when it lands


@dataclass(frozen=True)
class Order:
    """Pictures row by row, each row as long as there are columns. Raises OrderError."""

    pictures: tuple[OrderedPicture, ...]
    rows: tuple[str, ...]  # what each row has in common, such as a model's name
    columns: tuple[str, ...]  # and each column, such as a seed
    keep: bool = True  # whether pictures enter the warehouse as they finish
    force: bool = False  # whether what is here already is made again
    title: str = ""  # for lists of jobs

    def __post_init__(self) -> None:
        if not self.pictures:
            raise OrderError("Nothing is asked for: pick a model and write a prompt.")
        if len(self.pictures) > COUNT_HIGH:
            raise OrderError(
                f"{len(self.pictures):,} pictures are too many at once: take {COUNT_HIGH:,} at "
                "most, or `python -m warehouse generate`."
            )
        if len(self.pictures) != len(self.rows) * len(self.columns):
            raise OrderError("The grid's rows and columns do not fit its pictures.")
        object.__setattr__(self, "title", self.title.strip()[:TITLE_LIMIT])


def order_content(order: Order) -> dict[str, Any]:
    """The order as values that JSON has."""
    return asdict(order)


def read_order(content: str | Mapping[str, Any]) -> Order:
    """The order of a stored job. Raises OrderError where it cannot be read."""
    try:
        told = dict(json.loads(content) if isinstance(content, str) else content)
        pictures = tuple(_picture(each) for each in told.pop("pictures"))
        rows, columns = tuple(told.pop("rows")), tuple(told.pop("columns"))
        told.pop("person_id", None)
        return Order(pictures, rows, columns, **told)
    except OrderError:
        raise
    except (ValueError, KeyError, TypeError, GemboardError) as error:
        raise OrderError("What this job was to make cannot be read; ask for it anew.") from error


def _picture(content: Mapping[str, Any]) -> OrderedPicture:
    prompt_id = content["prompt_id"]
    return OrderedPicture(
        read_request(content["request"]),
        int(content["model_version_id"]),
        None if prompt_id is None else int(prompt_id),
    )
