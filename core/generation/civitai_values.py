"""Values of a stranger's JSON, each taken with its type and its bounds or refused by name."""

import re
from typing import Any
from urllib.parse import urlsplit

JsonObject = dict[str, Any]
BIGINT_MAX = 2**63 - 1
URL_LIMIT = 2_000  # characters
_HOST = "civitai.com"
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_UNFIT_IN_URLS = re.compile(r"[^\x21-\x7e]|[\\@]")


class UnfitError(Exception):
    """A value that is refused; the row that holds it tells the place."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key} {reason}.")


def whole(owner: JsonObject, key: str, low: int, high: int) -> int | None:
    """A whole number within bounds; None where it is missing."""
    value = owner.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise UnfitError(key, f"is no whole number from {low} to {high}")
    return value


def optional_text(owner: JsonObject, key: str, limit: int) -> str | None:
    """A text in one line of up to `limit` characters; None where it is missing or blank."""
    value = owner.get(key)
    return None if value is None else _checked(key, value, limit) or None


def required_text(owner: JsonObject, key: str, limit: int) -> str:
    """Like `optional_text`, but it must be there."""
    text = optional_text(owner, key, limit)
    if text is None:
        raise UnfitError(key, "is missing")
    return text


def texts(owner: JsonObject, key: str, count: int, limit: int) -> tuple[str, ...]:
    """Up to `count` texts, each once, blank ones left out; none where the list is missing."""
    value = owner.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > count:
        raise UnfitError(key, f"is not a list of up to {count} texts")
    # Words to use with a model come over several lines here and there.
    spaced = (" ".join(each.split()) if isinstance(each, str) else each for each in value)
    return tuple(dict.fromkeys(text for each in spaced if (text := _checked(key, each, limit))))


def is_civitai_url(text: str) -> bool:
    """Whether an address is fit to be fetched: by https, from civitai.com or below it."""
    if len(text) > URL_LIMIT or _UNFIT_IN_URLS.search(text):
        return False
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and port in (None, 443)
        and (host == _HOST or host.endswith(f".{_HOST}"))
    )


def _checked(key: str, value: object, limit: int) -> str:
    if not isinstance(value, str):
        raise UnfitError(key, "is no text")
    text = value.strip()
    if len(text) > limit:
        raise UnfitError(key, f"is longer than {limit:,} characters")
    if _CONTROL.search(text):
        raise UnfitError(key, "holds a control character, or one that turns the text's direction")
    return text
