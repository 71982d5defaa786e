"""The house stands as drawn: imports one way, nothing heavy before it is needed, pages short."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("core", "warehouse", "dashboard", "pages")
FILES = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]


def loaded_by(module):
    """Top-level modules that importing `module` loads, in a fresh process."""
    code = f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    return set(ran.stdout.split())


def test_the_import_contracts_are_kept():
    script = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run(
        [script, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert " 0 broken" in ran.stdout


@pytest.mark.parametrize("module", ["warehouse.__main__", "dashboard.data.explore"])
def test_nothing_heavy_is_imported_before_it_is_needed(module):
    heavy = {"torch", "torchvision", "open_clip", "transformers", "diffusers", "datasets"}
    assert loaded_by(module) & heavy == set()


def test_the_command_line_knows_no_screen():
    assert loaded_by("warehouse.__main__") & {"streamlit", "altair", "dashboard"} == set()


def test_core_knows_neither_screen_nor_store():
    modules = ", ".join(f"core.{path.stem}" for path in (ROOT / "core").glob("*.py"))
    assert loaded_by(modules) & {"streamlit", "altair", "duckdb", "warehouse", "torch"} == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_leaves_sys_path_alone_and_says_what_it_is(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    touched = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "path"
        and isinstance(node.value, ast.Name)
        and node.value.id == "sys"
    ]
    assert touched == []
    docstring = ast.get_docstring(tree)
    assert docstring, "no docstring"


def test_pages_are_at_most_80_lines():
    long = {
        path.name: lines
        for path in (ROOT / "pages").glob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 80
    }
    assert long == {}
