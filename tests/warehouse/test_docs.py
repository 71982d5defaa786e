"""The docs tell everything: settings, commands, columns; and every query says what it answers."""

import ast
import re

import pytest

from core.generation.samplers import SAMPLERS
from core.settings import Settings
from tests.warehouse.grids import ROOT
from tests.warehouse.test_command_line import COMMANDS
from warehouse.database import QUERIES

QUERY_FILES = sorted(QUERIES.glob("*/*.sql"))


def sections(text):
    """Text under each `## name`."""
    parts = re.split(r"^## +`?([^`\n]+?)`? *$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_setting_is_in_the_settings_table():
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    missing = [n for n in Settings.model_fields if f"`GEMBOARD_{n.upper()}`" not in text]
    assert missing == []
    told = set(re.findall(r"GEMBOARD_([A-Z_]+)", text))
    assert told <= {name.upper() for name in Settings.model_fields}, "told, but not there"


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_is_in_the_docs(words):
    paths = (ROOT / "README.md", ROOT / "docs/command-line.md")
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths if path.exists())
    assert re.search(rf"(warehouse |`){' '.join(words)}\b", text)


def test_every_column_is_in_the_data_dictionary(warehouse):
    told = sections((ROOT / "warehouse/README.md").read_text(encoding="utf-8"))
    columns = warehouse.select(
        "select table_name, column_name, lower(data_type) from duckdb_columns() where not internal"
    )
    missing, wrong = [], []
    for relation, column, kind in columns.iter_rows():
        row = re.search(
            rf"^\| `?{column}`? \|([^|]*)\|(.*)\|$", told.get(relation, ""), re.MULTILINE
        )
        if row is None or len(row[2].strip()) < 3:
            missing.append(f"{relation}.{column}")
        elif relation != "image_scores":
            short = row[1].strip(" `").replace("timestamptz", "timestamp with time zone")
            if short != kind:
                wrong.append(f"{relation}.{column} is {kind}, told as {short}")
    assert (missing, wrong) == ([], [])


def test_the_data_dictionary_tells_of_nothing_that_is_not_there(warehouse):
    told = sections((ROOT / "warehouse/README.md").read_text(encoding="utf-8"))
    columns = warehouse.select("select table_name, column_name from duckdb_columns()")
    there = set(columns.rows())
    relations = {relation for relation, _ in there}
    listed = {
        (relation, column)
        for relation, text in told.items()
        if relation in relations
        for column in re.findall(r"^\| `([a-z0-9_]+)` \|", text, re.MULTILINE)
    }
    assert listed - there == set()


@pytest.mark.parametrize("path", QUERY_FILES, ids=lambda path: path.stem)
def test_a_query_begins_with_one_sentence_and_writes_keywords_small(path):
    text = path.read_text(encoding="utf-8")
    first = text.splitlines()[0]
    assert re.fullmatch(r"-- [A-Z][^\n]*\.", first)
    bare = re.sub(r"--[^\n]*|'[^']*'|\"[^\"]*\"", "", text)
    assert bare == bare.lower()
    assert len(re.findall(r";", bare)) <= 1, "one statement per file"


def test_every_query_is_used():
    """Names may be put together, as in f"merge_{table}"."""
    patterns = set()
    for folder in ("core", "warehouse", "dashboard", "pages"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    patterns.add(re.escape(node.value))
                elif isinstance(node, ast.JoinedStr):
                    parts = [
                        re.escape(part.value)
                        if isinstance(part, ast.Constant)
                        else "[a-z]+(_[a-z]+)?"
                        for part in node.values
                    ]
                    if len(parts) > 1 and re.search("[a-z]", parts[0] + parts[-1]):
                        patterns.add("".join(parts))
    unused = [
        path.stem
        for path in QUERY_FILES
        if not any(re.fullmatch(pattern, path.stem) for pattern in patterns)
    ]
    assert unused == []


def test_every_sampler_is_in_the_docs_and_no_other():
    text = (ROOT / "docs/generation.md").read_text(encoding="utf-8")
    told = set()
    for row in re.findall(r"^\| (`.+) \| (yes|no) \|$", sections(text)["Samplers"], re.MULTILINE):
        endings = ("", " Karras", " Exponential") if row[1] == "yes" else ("",)
        told |= {name + ending for name in re.findall("`([^`]+)`", row[0]) for ending in endings}
    assert told == {sampler.name for sampler in SAMPLERS}
