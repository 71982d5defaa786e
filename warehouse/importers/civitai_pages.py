"""Pages of Civitai's public API, fetched one after the other and no faster than is polite."""

import http.client
import time
import urllib.error
from collections.abc import Callable, Iterator
from typing import IO
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from core.errors import GemboardError, shortened
from core.generation.civitai import PAGE_LIMIT, read_page
from core.generation.civitai_values import is_civitai_url

API = "https://civitai.com/api/v1/models"
PER_PAGE = 100  # the most that the API gives
TIMEOUT_S = 30.0  # between two bytes
PAUSE_S = 1.0  # between two pages
ATTEMPTS = 3
WAIT_LIMIT_S = 60.0  # longest that the hub may ask us to wait
CHUNK_BYTES = 2**16
_BUSY = frozenset({429, 500, 502, 503, 504})
_TYPES = {"checkpoint": ("Checkpoint",), "lora": ("LORA", "LoCon", "DoRA")}


class HubUnreachableError(GemboardError):
    """The hub did not give a page."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(
            f"{shortened(address, 120)} cannot be fetched: {' '.join(reason.split())[:200]}. Save "
            "the pages where the hub can be reached, and give the files: "
            "`roster civitai page-1.json page-2.json`."
        )


def first_page(kind: str | None = None, base_model: str | None = None, nsfw: bool = False) -> str:
    """The address of the most downloaded models."""
    asked: list[tuple[str, str]] = [("limit", str(PER_PAGE)), ("sort", "Most Downloaded")]
    for key, names in _TYPES.items():
        asked += [("types", name) for name in names if kind in (None, key)]
    asked += [("baseModels", base_model)] if base_model else []
    asked += [("nsfw", "true" if nsfw else "false")]
    return f"{API}?{urlencode(asked)}"


def fetch_pages(
    address: str,
    opener: OpenerDirector | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[tuple[str, str]]:
    """Each page's text and name, from `address` on to the last.

    Raises HubUnreachableError, also at an address elsewhere than at civitai.com.
    """
    opened = opener or build_opener(CivitaiRedirects)
    following: str | None = address
    seen: set[str] = set()
    while following is not None:
        if not is_civitai_url(following):
            raise HubUnreachableError(following, "it is no address at civitai.com by https")
        if following in seen:
            raise HubUnreachableError(following, "it names itself as the page after it")
        seen.add(following)
        text, name = _fetched(following, opened, pause), f"page {len(seen)}"
        yield text, name
        following = read_page(text, name).next_page
        if following is not None:
            pause(PAUSE_S)


class CivitaiRedirects(HTTPRedirectHandler):
    """Follows the hub within civitai.com alone."""

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> Request | None:
        """The request that follows; an error where it would lead elsewhere."""
        if not is_civitai_url(newurl):
            raise HubUnreachableError(req.full_url, "it leads away from civitai.com")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _fetched(address: str, opener: OpenerDirector, pause: Callable[[float], None]) -> str:
    request = Request(  # noqa: S310  # is_civitai_url lets https through alone
        address, headers={"Accept": "application/json", "User-Agent": "Gemboard"}
    )
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with opener.open(request, timeout=TIMEOUT_S) as answer:
                return _read(answer, address)
        except urllib.error.HTTPError as error:
            told = error.headers.get("Retry-After", "")
            error.close()
            if error.code not in _BUSY or attempt == ATTEMPTS:
                raise HubUnreachableError(address, f"{error.code} {error.reason}") from error
            asked = float(told) if told.isascii() and told.isdigit() else PAUSE_S * 2**attempt
            if asked > WAIT_LIMIT_S:
                raise HubUnreachableError(
                    address, f"the hub asks to wait {asked:,.0f} s, so try again later"
                ) from error
            pause(asked)
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise HubUnreachableError(address, str(reason) or type(error).__name__) from error
    raise AssertionError("the last attempt returns or raises")


def _read(answer: IO[bytes], address: str) -> str:
    content = bytearray()
    while chunk := answer.read(CHUNK_BYTES):
        content += chunk
        if len(content) > PAGE_LIMIT:
            raise HubUnreachableError(address, f"it is longer than {PAGE_LIMIT:,} bytes")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise HubUnreachableError(address, "it is not UTF-8 text") from None
