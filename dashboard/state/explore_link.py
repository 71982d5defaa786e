"""Links to Explore: a view as parameters of an address, and back, typed and checked."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from core.picture_filters import DateRange, PictureFilters, Range
from dashboard.state.explore import (
    LAYOUTS,
    NEAREST,
    PAGE_SIZES,
    SORTS,
    Example,
    ExploreView,
)

NOTHING = "(none)"  # stands for the empty text: a prompt without a tag
MOST_TEXT = 500  # characters of a search
TEXTS = {
    "tag": "tags",
    "base_model": "base_models",
    "kind": "kinds",
    "model_tag": "model_tags",
    "licence": "licences",
    "source": "sources",
}
NUMBERS = {"prompt": "prompt_ids", "model": "model_version_ids"}
RANGES = ("downloads", "gre", "clip", "distinctiveness")
WORDS = {
    "base_model": "base model",
    "model_tag": "tag of models",
    "simulated": "mark",
    "hidden": "mark",
    "gre": "range of the GRE-Score",
    "clip": "range of the CLIP score",
    "distinctiveness": "range of distinctiveness",
    "downloads": "range of downloads",
    "added": "range of days",
    "view": "view",
    "sort": "order",
    "per": "page size",
    "columns": "page",
    "like": "picture",
    "upload": "picture",
}
PARAMETERS = (
    *TEXTS, *NUMBERS, *RANGES, "words", "simulated", "hidden", "added", "view", "sort", "page",
    "per", "columns", "text", "like", "upload",
)  # fmt: skip
YES_NO = {"yes": True, "no": False}

Parameters = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Known:
    """What links may name."""

    options: Mapping[str, Collection[str]]  # of each filter, as text
    uploads: Collection[str] = ()
    may_see_hidden: bool = False


@dataclass
class _Reader:
    """Takes one parameter after the other and notes which could not be taken."""

    parameters: Parameters
    known: Known
    complaints: list[str] = field(default_factory=list)

    def first(self, name: str) -> str | None:
        values = self.parameters.get(name)
        return values[-1] if values else None

    def refuse(self, name: str, why: str = "that does not exist") -> None:
        self.complaints.append(f"names a {WORDS.get(name, name)} {why}")

    def texts(self, name: str) -> tuple[str, ...]:
        asked = ["" if text == NOTHING else text for text in self.parameters.get(name, ())]
        taken = tuple(dict.fromkeys(t for t in asked if t in self.known.options.get(name, ())))
        if any(text not in taken for text in asked):
            self.refuse(name, "that is not in this warehouse")
        return taken

    def numbers(self, name: str) -> tuple[int, ...]:
        asked = self.parameters.get(name, ())
        taken = [t for t in asked if is_whole(t) and t in self.known.options.get(name, ())]
        if len(taken) < len(asked):
            self.refuse(name, "that is not in this warehouse")
        return tuple(dict.fromkeys(int(text) for text in taken))

    def range(self, name: str) -> Range:
        text = self.first(name)
        if text is None:
            return Range()
        lower, dots, upper = text.partition("..")
        ends = [_number(end) if end else None for end in (lower, upper)]
        given = [end for end in ends if end is not None]
        told = sum(bool(end) for end in (lower, upper))
        if not dots or not given or len(given) < told or given != sorted(given):
            self.refuse(name, "that cannot be")
            return Range()
        return Range(ends[0], ends[1])

    def days(self, name: str) -> DateRange:
        text = self.first(name)
        if text is None:
            return DateRange()
        lower, dots, upper = text.partition("..")
        ends = [_day(end) if end else None for end in (lower, upper)]
        given = [end for end in ends if end is not None]
        told = sum(bool(end) for end in (lower, upper))
        if not dots or not given or len(given) < told or given != sorted(given):
            self.refuse(name, "that cannot be")
            return DateRange()
        return DateRange(ends[0], ends[1])

    def choice(self, name: str, choices: Collection[str], default: str) -> str:
        text = self.first(name)
        if text is None or text in choices:
            return text or default
        self.refuse(name)
        return default

    def page(self, name: str) -> int:
        text = self.first(name)
        if text is None:
            return 1
        if not is_whole(text) or not 1 <= int(text) <= 10**6:
            self.refuse(name)
            return 1
        return int(text)


def read_view(parameters: Parameters, known: Known) -> tuple[ExploreView, list[str]]:
    """The view that a link asks for, and what of it could not be taken, in words."""
    reader = _Reader(parameters, known)
    filters = PictureFilters(
        words=tuple((reader.first("words") or "")[:MOST_TEXT].split()),
        tags=reader.texts("tag"),
        prompt_ids=reader.numbers("prompt"),
        model_version_ids=reader.numbers("model"),
        base_models=reader.texts("base_model"),
        kinds=reader.texts("kind"),
        model_tags=reader.texts("model_tag"),
        licences=reader.texts("licence"),
        sources=reader.texts("source"),
        downloads=reader.range("downloads"),
        gre=reader.range("gre"),
        clip=reader.range("clip"),
        distinctiveness=reader.range("distinctiveness"),
        added=reader.days("added"),
        simulated=_yes_no(reader, "simulated"),
    )
    if _yes_no(reader, "hidden"):
        if known.may_see_hidden:
            filters = replace(filters, hidden=True)
        else:
            reader.refuse("hidden", "that only maintainers may ask for")
    example = _example(reader)
    sort = reader.choice("sort", {*SORTS, *((NEAREST,) if example else ())}, "")
    sizes = {str(size) for size in PAGE_SIZES}
    view = ExploreView(
        filters=filters,
        example=example,
        layout=reader.choice("view", LAYOUTS, "grid"),
        sort=sort or (NEAREST if example else "gre"),
        page=reader.page("page"),
        page_size=int(reader.choice("per", sizes, str(PAGE_SIZES[0]))),
        models_page=reader.page("columns"),
    )
    return view, reader.complaints


def view_parameters(view: ExploreView) -> dict[str, list[str]]:
    """The parameters that restore `view`; what is as at the start is left out."""
    filters, parameters = view.filters, {}
    parameters["words"] = [" ".join(filters.words)] if filters.words else []
    for name, attribute in TEXTS.items():
        parameters[name] = [text or NOTHING for text in getattr(filters, attribute)]
    for name, attribute in NUMBERS.items():
        parameters[name] = [str(number) for number in getattr(filters, attribute)]
    for name in (*RANGES, "added"):
        chosen = getattr(filters, name)
        ends = ("" if e is None else _short(e) for e in (chosen.lower, chosen.upper))
        parameters[name] = ["..".join(ends)] if chosen else []
    if filters.simulated is not None:
        parameters["simulated"] = ["yes" if filters.simulated else "no"]
    if filters.hidden:
        parameters["hidden"] = ["yes"]
    example = view.example
    single = {
        "text": example.text,
        "like": example.image_id,
        "upload": example.upload,
        "view": "" if view.layout == "grid" else view.layout,
        "sort": "" if view.sort == (NEAREST if example else "gre") else view.sort,
        "page": "" if view.page == 1 else str(view.page),
        "per": "" if view.page_size == PAGE_SIZES[0] else str(view.page_size),
        "columns": "" if view.models_page == 1 else str(view.models_page),
    }
    parameters |= {name: [text] for name, text in single.items() if text}
    return {name: values for name, values in parameters.items() if values}


def is_whole(text: str) -> bool:
    """Whether `text` is a whole number in plain digits that a bigint holds."""
    return bool(re.fullmatch(r"[0-9]{1,19}", text)) and int(text) < 2**63


def _example(reader: _Reader) -> Example:
    text = (reader.first("text") or "").strip()[:MOST_TEXT]
    image_id, upload = reader.first("like") or "", reader.first("upload") or ""
    if upload and upload not in reader.known.uploads:
        reader.refuse("upload", "that was uploaded, which links do not carry")
        upload = ""
    if text:
        return Example(text=text)
    return Example(image_id=image_id[:MOST_TEXT]) if image_id else Example(upload=upload)


def _yes_no(reader: _Reader, name: str) -> bool | None:
    text = reader.first(name)
    if text is not None and text not in YES_NO:
        reader.refuse(name)
    return YES_NO.get(text or "")


def _number(text: str) -> float | None:
    if not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,12})?(e[+-]?[0-9]{1,2})?", text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _short(end: float | date) -> str:
    return end.isoformat() if isinstance(end, date) else f"{end:.12g}"
