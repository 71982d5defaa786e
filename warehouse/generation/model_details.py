"""What a person says of a model that is added."""

from dataclasses import dataclass

from core.errors import GemboardError, shortened
from core.generation.request import NAME_LIMIT

TEXT_LIMIT = 200  # characters of a tag, a base, a licence, a trained word
TEXTS_LIMIT = 100  # tags, trained words
DOWNLOADS_HIGH = 10**12


class ModelDetailsError(GemboardError):
    """Something said of a model that cannot be stored."""


@dataclass(frozen=True)
class ModelDetails:
    """What a person says of a model; what is left out is told by its file.

    Raises ModelDetailsError.
    """

    base: str | None = None  # a base's name; of a LoRA also a checkpoint's version id
    name: str | None = None
    version: str | None = None
    kind: str | None = None  # checkpoint, lora or merge
    tags: tuple[str, ...] = ()
    trained_words: tuple[str, ...] = ()
    licence: str | None = None
    downloads: int | None = None

    def __post_init__(self) -> None:
        for what in ("base", "name", "version", "licence"):
            limit = NAME_LIMIT if what in ("name", "version") else TEXT_LIMIT
            object.__setattr__(self, what, text_of(what, getattr(self, what), limit))
        for what in ("tags", "trained_words"):
            texts = (text_of(what, each, TEXT_LIMIT) for each in getattr(self, what))
            kept = tuple(dict.fromkeys(each for each in texts if each))
            if len(kept) > TEXTS_LIMIT:
                raise ModelDetailsError(f"{len(kept)} {what} are too many: give {TEXTS_LIMIT}.")
            object.__setattr__(self, what, kept)
        if self.kind not in (None, "checkpoint", "lora", "merge"):
            raise ModelDetailsError(
                f"The kind {shortened(self.kind)} is none: take checkpoint, lora or merge."
            )
        if self.downloads is not None and not 0 <= self.downloads <= DOWNLOADS_HIGH:
            raise ModelDetailsError(f"{self.downloads} downloads cannot be: give 0 or more.")


def text_of(what: str, value: str | None, limit: int) -> str | None:
    """One line of text, or None for a blank one. Raises ModelDetailsError."""
    text = " ".join((value or "").split())
    if len(text) > limit or not text.isprintable():
        raise ModelDetailsError(
            f"The {what.replace('_', ' ')} {shortened(text)} is longer than {limit} characters or "
            "holds characters that cannot be shown: shorten it."
        )
    return text or None
