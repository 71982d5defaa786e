"""What pictures are asked for: filters that combine, all of them empty by default."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Range:
    """Both ends included; None leaves an end open."""

    lower: float | None = None
    upper: float | None = None

    def __bool__(self) -> bool:
        return self.lower is not None or self.upper is not None


@dataclass(frozen=True)
class DateRange:
    """Both days included; None leaves an end open."""

    lower: date | None = None
    upper: date | None = None

    def __bool__(self) -> bool:
        return self.lower is not None or self.upper is not None


@dataclass(frozen=True)
class PictureFilters:
    """Filters of pictures: options of one filter widen, filters narrow one another.

    Among the texts, the empty one stands for "not told": a prompt without a tag, a model without
    a licence. All `words` must stand in the prompt, in any case and order.
    """

    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    prompt_ids: tuple[int, ...] = ()
    model_version_ids: tuple[int, ...] = ()
    base_models: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    model_tags: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    simulated: bool | None = None
    hidden: bool = False  # True shows what is hidden as NSFW instead; for maintainers
    downloads: Range = field(default_factory=Range)
    gre: Range = field(default_factory=Range)
    clip: Range = field(default_factory=Range)
    distinctiveness: Range = field(default_factory=Range)
    added: DateRange = field(default_factory=DateRange)
