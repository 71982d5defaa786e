"""Roster rows from Civitai's public REST API: the JSON of `GET /api/v1/models`, page by page.

https://developer.civitai.com/site/reference/models tells the shape. The values are strangers': each
is checked and bounded, and a row at fault is refused with its reason while the others stand.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import FileFormatError
from core.generation.civitai_values import (
    BIGINT_MAX,
    JsonObject,
    UnfitError,
    is_civitai_url,
    optional_text,
    required_text,
    texts,
    whole,
)

PAGE_LIMIT = 64 * 1024 * 1024  # characters; a page of 100 models has about 1 MiB
DOWNLOADS_MAX = 10**12  # as importers take
KINDS = {"checkpoint": "checkpoint", "lora": "lora", "locon": "lora", "dora": "lora"}
_SHA256_DIGITS = 64
_KIB = 1024


@dataclass(frozen=True)
class RosterFile:
    """A file of a model version, as the hub lists it."""

    name: str
    url: str | None  # to download from, at civitai.com
    size_bytes: int | None  # rounded by the hub
    sha256: str | None  # lower case
    is_safetensors: bool  # others may run code when they are loaded
    is_primary: bool


@dataclass(frozen=True)
class RosterRow:
    """One model version, named as the warehouse names its columns."""

    model_version_id: int
    model_id: int
    model_name: str
    version_name: str | None
    base_model: str | None
    kind: str  # checkpoint or lora
    tags: tuple[str, ...]
    trained_words: tuple[str, ...]
    downloads: int | None  # of the model, all versions together, as in GEMRec's roster
    version_downloads: int | None
    url: str
    nsfw: bool
    files: tuple[RosterFile, ...]


@dataclass(frozen=True)
class RosterPage:
    """One response: what can be taken, what cannot, and where the next one is."""

    rows: tuple[RosterRow, ...]
    refused: tuple[str, ...]  # one sentence each
    skipped: tuple[tuple[str, int], ...]  # types that make no pictures by themselves, and counts
    next_page: str | None


def read_page(text: str, source: str) -> RosterPage:
    """The models of a response; `source` names it in errors.

    Raises FileFormatError where it is no such response, or its next page is not at civitai.com.
    """
    content = _parsed(text, source)
    rows: list[RosterRow] = []
    refused: list[str] = []
    skipped: Counter[str] = Counter()
    for number, item in enumerate(content["items"], start=1):
        place = f"{source}, item {number}"
        try:
            model = _mapping(item)
            kind = required_text(model, "type", 100)
            if kind.lower() not in KINDS:
                skipped[kind] += 1
                continue
            versions = model.get("modelVersions")
            if not isinstance(versions, list) or not versions:
                raise UnfitError("modelVersions", "holds no version")
        except UnfitError as error:
            refused.append(f"{place}: {error}")
            continue
        for position, version in enumerate(versions, start=1):
            try:
                rows.append(_row(model, _mapping(version), KINDS[kind.lower()]))
            except UnfitError as error:
                refused.append(f"{place}, version {position}: {error}")
    return RosterPage(
        tuple(rows), tuple(refused), tuple(sorted(skipped.items())), _next_page(content, source)
    )


def first_versions(rows: Iterable[RosterRow]) -> tuple[RosterRow, ...]:
    """The version of each model that is listed first, which is the one its page opens with."""
    first: dict[int, RosterRow] = {}
    for row in rows:
        first.setdefault(row.model_id, row)
    return tuple(first.values())


def _row(model: JsonObject, version: JsonObject, kind: str) -> RosterRow:
    model_id = whole(model, "id", 1, BIGINT_MAX)
    version_id = whole(version, "id", 1, BIGINT_MAX)
    if model_id is None or version_id is None:
        raise UnfitError("id", "is missing")
    return RosterRow(
        model_version_id=version_id,
        model_id=model_id,
        model_name=required_text(model, "name", 500),
        version_name=optional_text(version, "name", 500),
        base_model=optional_text(version, "baseModel", 200),
        kind=kind,
        tags=texts(model, "tags", 200, 200),
        trained_words=texts(version, "trainedWords", 500, 5_000),
        downloads=_downloads(model),
        version_downloads=_downloads(version),
        url=f"https://civitai.com/models/{model_id}?modelVersionId={version_id}",
        nsfw=model.get("nsfw") is True,
        files=_files(version),
    )


def _downloads(owner: JsonObject) -> int | None:
    stats = owner.get("stats")
    if stats is None:
        return None
    return whole(_mapping(stats), "downloadCount", 0, DOWNLOADS_MAX)


def _files(version: JsonObject) -> tuple[RosterFile, ...]:
    listed = version.get("files")
    if listed is None:
        return ()
    if not isinstance(listed, list) or len(listed) > 200:
        raise UnfitError("files", "is not a list of up to 200 files")
    return tuple(_file(_mapping(each)) for each in listed)


def _file(file: JsonObject) -> RosterFile:
    name = required_text(file, "name", 300)
    if "/" in name or "\\" in name or name in (".", ".."):
        raise UnfitError("name", "of a file leads into another folder")
    url = optional_text(file, "downloadUrl", 2_000)
    if url is not None and not is_civitai_url(url):
        raise UnfitError("downloadUrl", "does not lead to civitai.com by https")
    size = file.get("sizeKB")
    if size is not None and (
        isinstance(size, bool) or not isinstance(size, int | float) or not 0 <= size < 10**12
    ):
        raise UnfitError("sizeKB", "is no size")
    told = optional_text(_mapping(file.get("metadata") or {}), "format", 100)
    return RosterFile(
        name=name,
        url=url,
        size_bytes=None if size is None else round(size * _KIB),
        sha256=_sha256(_mapping(file.get("hashes") or {})),
        is_safetensors=(told in (None, "SafeTensor")) and name.lower().endswith(".safetensors"),
        is_primary=file.get("primary") is True,
    )


def _sha256(hashes: JsonObject) -> str | None:
    value = optional_text(hashes, "SHA256", 100)
    if value is None:
        return None
    digits = value.lower()
    if len(digits) != _SHA256_DIGITS or not set(digits) <= set("0123456789abcdef"):
        raise UnfitError("SHA256", f"has not {_SHA256_DIGITS} hex digits")
    return digits


def _next_page(content: JsonObject, source: str) -> str | None:
    metadata = content.get("metadata")
    found = metadata.get("nextPage") if isinstance(metadata, dict) else None
    if found is None or found == "":
        return None
    if not isinstance(found, str) or not is_civitai_url(found):
        raise FileFormatError(source, "its nextPage does not lead to civitai.com by https.")
    return found


def _parsed(text: str, source: str) -> JsonObject:
    if len(text) > PAGE_LIMIT:
        raise FileFormatError(source, f"is longer than {PAGE_LIMIT:,} characters.")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise FileFormatError(source, "is not JSON; save the response as it came.") from None
    if not isinstance(content, dict) or not isinstance(content.get("items"), list):
        raise FileFormatError(
            source, "holds no list of items: it is no response of Civitai's /api/v1/models."
        )
    return content


def _mapping(value: object) -> JsonObject:
    if not isinstance(value, dict):
        raise UnfitError("a part", "is no JSON object")
    return value
