"""The app as a test drives it."""

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
PAGES = tuple(
    sorted(path.stem for path in (ROOT / "pages").glob("*.py") if path.stem != "__init__")
)


def page_file(page):
    """The page's file as AppTest wants it."""
    return str(ROOT / "pages" / f"{page}.py")


def opened(page, state=None, /, **params):
    """The page after its first run, with session state and link parameters set before."""
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=30)
    for name, value in params.items():
        app.query_params[name] = value
    for name, value in (state or {}).items():
        app.session_state[name] = value
    return app.switch_page(page_file(page)).run()


def components(app, name):
    """Data of the mounted components of this name."""
    found = [element.proto for element in app.get("bidi_component")]
    return [json.loads(proto.json) for proto in found if proto.component_name == f"gemboard_{name}"]


def cards(app):
    """Cards of the gallery."""
    return components(app, "gallery")[0]["cards"]
