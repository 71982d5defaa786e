"""What “Which model?” is asked: a prompt or a tag, and which models may answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import GemboardError
from warehouse.recommendation_knowledge import Knowledge


class NothingAskedError(GemboardError):
    """Neither a prompt nor a tag."""

    wrong_usage = True

    def __init__(self) -> None:
        super().__init__("Give a prompt or a tag to recommend models for.")


class UnknownOptionError(GemboardError):
    """A filter or a tag that nothing here has."""

    wrong_usage = True

    def __init__(self, what: str, value: str, known: Sequence[str]) -> None:
        there = f"there are {', '.join(known)}" if known else "there is none"
        super().__init__(f"No {what} is called “{value}”: {there}.")


@dataclass(frozen=True)
class Question:
    """What is asked; with both a prompt and a tag, the prompt counts. None filters nothing."""

    prompt: str = ""
    tag: str | None = None
    base_model: str | None = None
    licence: str | None = None

    def __bool__(self) -> bool:
        return bool(self.prompt or self.tag)


def check(known: Knowledge, question: Question) -> None:
    """Raise NothingAskedError, or UnknownOptionError for a tag or a filter that nothing has."""
    if not question:
        raise NothingAskedError
    asked = {"base_model": question.base_model, "licence": question.licence}
    if not question.prompt:
        asked["tag"] = question.tag
    for column, value in asked.items():
        options = known.options(column)
        if value is not None and value not in options:
            raise UnknownOptionError(column.replace("_", " "), value, options)
