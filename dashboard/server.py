"""The app with its picture routes: `python -m streamlit run dashboard/server.py` launches this."""

from pathlib import Path

import streamlit as st
from starlette.responses import RedirectResponse
from starlette.routing import Route

from dashboard.data import explore as data
from dashboard.media import base_path, media_routes
from dashboard.navigation import PAGES
from dashboard.resources import settings


def first_page_route() -> Route:
    """The first page opens at the root, where Streamlit keeps it; its own path leads there too."""
    root = f"{base_path()}/"
    return Route(f"{root}{PAGES[0].url_path}", lambda request: RedirectResponse(root))


app = st.App(
    Path(__file__).with_name("app.py"),
    routes=[first_page_route(), *media_routes(lambda: settings().home_path, data.hidden_pictures)],
)
