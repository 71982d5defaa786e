"""Rules of the house that no linter knows: bounded caches in one home, no markup of data."""

import ast
import itertools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = [*(ROOT / "pages").glob("*.py"), *(ROOT / "dashboard").rglob("*.py")]
BROWSER_FILES = [*(ROOT / "dashboard").rglob("*.js"), *(ROOT / "dashboard").rglob("*.html")]


def caches(path):
    """Each use of a Streamlit cache in the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and node.attr in ("cache_data", "cache_resource"):
            yield node


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_caches_live_in_data_and_resources_alone(path):
    if path.parent.name != "data" and path.name != "resources.py":
        assert list(caches(path)) == []


CACHED = [
    ("resources.py", "cache_resource", {"max_entries"}),
    *(
        (f"data/{path.name}", "cache_data", {"ttl", "max_entries"})
        for path in sorted((ROOT / "dashboard" / "data").glob("*.py"))
        if path.name != "__init__.py"
    ),
]


@pytest.mark.parametrize(("file", "kind", "bounds"), CACHED, ids=[file for file, _, _ in CACHED])
def test_every_cache_is_bounded(file, kind, bounds):
    tree = ast.parse((ROOT / "dashboard" / file).read_text())
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert functions
    for function in functions:
        (decorator,) = function.decorator_list
        assert decorator.func.attr == kind
        assert bounds <= {keyword.arg for keyword in decorator.keywords}, function.name


@pytest.mark.parametrize("path", BROWSER_FILES, ids=lambda path: path.name)
def test_browser_files_never_make_markup_of_data(path):
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function"
    assert not re.search(markup, path.read_text())


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_allows_html_or_touches_the_import_path(path):
    text = path.read_text()
    assert "unsafe_allow_html" not in text
    assert "st.html" not in text
    assert "sys.path" not in text


@pytest.mark.parametrize("path", [*(ROOT / "pages").glob("*.py")], ids=lambda path: path.name)
def test_pages_are_thin(path):
    assert len(path.read_text().splitlines()) <= 80


def test_every_option_of_streamlit_says_why():
    lines = (ROOT / ".streamlit" / "config.toml").read_text().splitlines()
    for above, line in itertools.pairwise(lines):
        if re.match(r"\w+ = ", line):
            assert above.startswith("# "), line
