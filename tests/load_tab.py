"""A browser tab without a screen: it speaks Streamlit's websocket protocol as the browser does.

It runs what the server draws, keeps the components (version 2) that stand on the page, sends their
states, connects again when the connection breaks, and downloads pictures, each once.
"""

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import parse_qsl, urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

FIRST_RETRY_S, LONGEST_RETRY_S = 0.5, 60.0  # the browser's own, doubled after each failure
FULL, FRAGMENT = (
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
)


@dataclass(frozen=True)
class Mounted:
    """A component that stands on the page."""

    name: str
    widget_id: str
    fragment_id: str  # empty outside fragments
    data: Any
    run_id: str  # the script run that drew it last
    connection: int  # and the connection, counted from 1


class Tab:
    """One tab; `run` keeps it connected until `close`."""

    def __init__(self, address: str, page: str, query: Mapping[str, str], person: str = "") -> None:
        self.address, self.page = address, page
        self.query = dict(query)
        self.person = {"annotator": person} if person else {}
        self.session_id = ""
        self.connections = 0
        self.is_idle = False  # no script run is under way
        self.complaints: list[str] = []  # exceptions and errors drawn on the page
        self.page_hash = ""
        self.pages: dict[str, str] = {}  # hash of each page by its path
        self._run_id = ""
        self._fragment_ids: set[str] = set()
        self._drawn: dict[tuple[int, ...], Mounted] = {}
        self._states: dict[str, dict[str, Any]] = {}
        self._kept: dict[str, ForwardMsg] = {}
        self._downloads: dict[str, asyncio.Task[int]] = {}
        self._socket: ClientConnection | None = None
        self._news = asyncio.Event()
        self._closing = False

    async def run(self) -> None:
        """Connect, and again whenever the connection breaks."""
        wait_s = FIRST_RETRY_S
        while not self._closing:
            try:
                async with connect(
                    self.address.replace("http", "ws", 1) + "/_stcore/stream",
                    subprotocols=["streamlit", "PLACEHOLDER_AUTH_TOKEN"]  # type: ignore[list-item]
                    + ([self.session_id] if self.session_id else []),
                    max_size=None,
                    ping_interval=None,  # browsers do not ask either
                    proxy=None,
                ) as socket:
                    if self._closing:
                        return
                    self._socket = socket
                    self.connections += 1
                    wait_s = FIRST_RETRY_S
                    await self.rerun()
                    async for message in socket:
                        self._take(ForwardMsg.FromString(message))
            except (OSError, WebSocketException):
                pass  # tried again below
            self._socket, self.is_idle = None, False
            self._news.set()
            if not self._closing:
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, LONGEST_RETRY_S)

    async def close(self) -> None:
        """Leave, as closing a tab does."""
        self._closing = True
        if self._socket:
            await self._socket.close()

    def drop(self) -> None:
        """Break the connection, as a slow link does; `run` connects again."""
        if self._socket:
            self._socket.transport.abort()

    async def until(self, condition: Callable[[], Any], timeout_s: float) -> Any:
        """What `condition` says as soon as that is true. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not (found := condition()):
                self._news.clear()
                await self._news.wait()
        return found

    def component(self, name: str) -> Mounted | None:
        """The component of this name that was drawn last."""
        found = [mounted for mounted in self._drawn.values() if mounted.name == name]
        return found[-1] if found else None

    async def set_state(self, mounted: Mounted, state: str, value: Any) -> None:
        """What a component's `setStateValue` does: kept, and sent as soon as there is a server."""
        self._states.setdefault(mounted.widget_id, {})[state] = value
        await self.rerun(mounted.fragment_id)

    async def open_page(self, page: str, query: Mapping[str, str] | None = None) -> None:
        """Follow a link to `page`."""
        self.page, self.query = page, dict(query or {})
        self._states = {}
        await self.rerun(page_hash=self.pages[page])

    async def rerun(self, fragment_id: str = "", page_hash: str = "") -> None:
        """Ask for a run with all states; without a connection the next one asks for it."""
        if self._socket is None:
            return
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = urlencode(self.query | self.person)
        asked.page_script_hash = page_hash or self.page_hash
        asked.page_name = "" if asked.page_script_hash else self.page
        asked.fragment_id = fragment_id
        asked.cached_message_hashes.extend(self._kept)
        asked.context_info.timezone = "UTC"
        asked.context_info.url = f"{self.address}/{self.page}"
        for widget_id, states in self._states.items():
            asked.widget_states.widgets.add(id=widget_id, json_value=json.dumps(states))
        with suppress(WebSocketException):  # `run` connects again and sends the states
            await self._socket.send(message.SerializeToString())

    def preload(self, url: str) -> asyncio.Task[int]:
        """Begin to download what lies at `url`; the second time it is there already."""
        if url not in self._downloads:
            self._downloads[url] = asyncio.create_task(self._fetch(url))
        return self._downloads[url]

    async def download(self, url: str) -> int:
        """Bytes of what lies at `url`, 0 where nothing does; tried again without a server."""
        return await self.preload(url)

    async def _fetch(self, url: str) -> int:
        while True:
            try:
                return len(await asyncio.to_thread(_content, self.address + url))
            except urllib.error.HTTPError:
                return 0
            except (OSError, HTTPException):  # the latter where the server died meanwhile
                if self._closing:
                    return 0
                await asyncio.sleep(FIRST_RETRY_S)

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            plain = ForwardMsg()
            plain.CopyFrom(self._kept[message.ref_hash])
            plain.metadata.CopyFrom(message.metadata)
            message, kind = plain, plain.WhichOneof("type")
        elif message.metadata.cacheable and message.hash:
            self._kept[message.hash] = message
        if kind == "new_session":
            self._begin(message.new_session, message)
        elif kind == "navigation":
            pages = message.navigation.app_pages
            self.pages = {page.url_pathname: page.page_script_hash for page in pages}
            self.page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            query = parse_qsl(message.page_info_changed.query_string)
            self.query = {name: value for name, value in query if name not in self.person}
        elif kind == "delta":
            self._draw(message)
        elif kind == "script_finished":
            self._finish(message.script_finished)
        self._news.set()

    def _begin(self, session: NewSession, message: ForwardMsg) -> None:
        self.session_id, self.is_idle = session.initialize.session_id, False
        self.page_hash = session.page_script_hash
        self._run_id = message.metadata.run.script_run_id
        self._fragment_ids = set(message.metadata.run.fragment_ids)

    def _draw(self, message: ForwardMsg) -> None:
        path, delta = tuple(message.metadata.delta_path), message.delta
        if delta.WhichOneof("type") != "new_element":
            return
        self._drawn.pop(path, None)
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "bidi_component":
            drawn = element.bidi_component
            data = json.loads(drawn.json) if drawn.WhichOneof("data") == "json" else None
            self._drawn[path] = Mounted(
                drawn.component_name,
                drawn.id,
                delta.fragment_id,
                data,
                self._run_id,
                self.connections,
            )
        elif kind == "exception":
            self.complaints.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "alert" and element.alert.format == element.alert.ERROR:
            self.complaints.append(element.alert.body)

    def _finish(self, status: int) -> None:
        """Take away what the run did not draw again, unless another one comes at once."""
        if status in (FULL, FRAGMENT):
            self.is_idle = True
            self._drawn = {
                path: mounted
                for path, mounted in self._drawn.items()
                if mounted.run_id == self._run_id
                or (status == FRAGMENT and mounted.fragment_id not in self._fragment_ids)
            }


def _content(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:
        content: bytes = answer.read()
    return content
