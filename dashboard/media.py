"""Pictures by content hash: their URLs, and the routes that serve them.

Streamlit keeps `/media/` to itself, so the routes are `/thumbnails/` and `/pictures/`.
"""

from collections.abc import Callable, Collection
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.errors import PictureError
from dashboard.resources import settings
from warehouse.pictures import picture_file, thumbnail_path

TYPES = {".webp": "image/webp", ".png": "image/png", ".jpg": "image/jpeg"}
FOUND = {
    "Cache-Control": "private, max-age=31536000, immutable",  # a hash never means another picture
    "X-Content-Type-Options": "nosniff",
}
NOT_FOUND = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def thumbnail_url(sha256: str) -> str:
    """Where the browser finds the thumbnail of a picture."""
    return f"{base_path()}/thumbnails/{sha256}"


def picture_url(sha256: str) -> str:
    """Where the browser finds the picture itself."""
    return f"{base_path()}/pictures/{sha256}"


def has_png(sha256: str) -> bool:
    """Whether the stored original of this hash is a PNG."""
    path = picture_file(settings().home_path, sha256)
    return path is not None and path.suffix == ".png"


def media_routes(
    home: Callable[[], Path], hidden: Callable[[], Collection[str]] = frozenset
) -> list[Route]:
    """Routes of thumbnails and pictures under the folder that `home` names when asked.

    Pictures whose hash `hidden` names when asked are not found, whoever asks.
    """

    def thumbnail(request: Request) -> Response:
        sha256 = request.path_params["sha256"]
        if sha256 in hidden():
            return _not_found()
        try:
            path = thumbnail_path(home(), sha256)
        except PictureError:
            return _not_found()
        return _file(request, path, f'"{sha256}-thumbnail"')

    def picture(request: Request) -> Response:
        sha256 = request.path_params["sha256"]
        if sha256 in hidden():
            return _not_found()
        return _file(request, picture_file(home(), sha256), f'"{sha256}"')

    return [
        Route(f"{base_path()}/thumbnails/{{sha256}}", thumbnail, methods=["GET"]),
        Route(f"{base_path()}/pictures/{{sha256}}", picture, methods=["GET"]),
    ]


def base_path() -> str:
    """Path that a proxy puts before everything, without a slash at its end."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def _file(request: Request, path: Path | None, etag: str) -> Response:
    if path is None or not path.is_file():
        return _not_found()
    headers = {**FOUND, "ETag": etag}
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in known.split(",")):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type=TYPES[path.suffix], headers=headers)


def _not_found() -> Response:
    return PlainTextResponse("No such picture.", status_code=404, headers=NOT_FOUND)
