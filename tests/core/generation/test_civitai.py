"""Pages of Civitai's API: what is taken, what is refused and in which words."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FileFormatError
from core.generation.civitai import RosterFile, RosterRow, first_versions, read_page

# Ours, in the shape that https://developer.civitai.com/site/reference/models documents.
TEXT = Path(__file__).with_name("civitai_page.json").read_text(encoding="utf-8")
CONTENT = json.loads(TEXT)


def test_a_page_becomes_rows():
    page = read_page(TEXT, "page.json")
    assert page.rows[0] == RosterRow(
        model_version_id=9002,
        model_id=4201,
        model_name="Harbour Light",
        version_name="v2.0",
        base_model="SD 1.5",
        kind="checkpoint",
        tags=("photorealistic", "base model"),
        trained_words=(),
        downloads=102_076,
        version_downloads=2_076,
        url="https://civitai.com/models/4201?modelVersionId=9002",
        nsfw=False,
        files=(
            RosterFile(
                name="harbourLight_v20.safetensors",
                url="https://civitai.com/api/download/models/9002",
                size_bytes=2_132_650_496,
                sha256="00ff" * 16,
                is_safetensors=True,
                is_primary=True,
            ),
            RosterFile(
                name="harbourLight_v20.ckpt",
                url="https://civitai.com/api/download/models/9002?type=Model&format=PickleTensor",
                size_bytes=4_096_000_000,
                sha256=None,
                is_safetensors=False,
                is_primary=False,
            ),
        ),
    )
    assert page.next_page.endswith("&cursor=9%7C4205")


def test_what_is_missing_is_none_and_never_0():
    rows = {row.model_version_id: row for row in read_page(TEXT, "page.json").rows}
    assert (rows[9001].version_downloads, rows[9001].downloads) == (None, 102_076)
    lora = rows[9003]
    assert (lora.kind, lora.nsfw, lora.tags, lora.files) == ("lora", True, (), ())
    assert lora.downloads is lora.version_name is lora.base_model is None
    assert lora.trained_words == ("tide lines, wave",)


def test_what_is_refused_and_what_is_skipped_is_told():
    page = read_page(TEXT, "page.json")
    assert page.refused == (
        "page.json, item 4: modelVersions holds no version.",
        "page.json, item 5, version 1: id is no whole number from 1 to 9223372036854775807.",
    )
    assert page.skipped == (("TextualInversion", 1),)
    assert [row.model_version_id for row in page.rows] == [9002, 9001, 9003, 9006]


def test_the_first_version_of_each_model():
    rows = first_versions(read_page(TEXT, "page.json").rows)
    assert [row.model_version_id for row in rows] == [9002, 9003, 9006]


@pytest.mark.parametrize(
    ("name", "told", "is_safetensors"),
    [
        ("x.safetensors", "SafeTensor", True),
        ("x.SAFETENSORS", None, True),
        ("x.ckpt", "SafeTensor", False),
        ("x.ckpt", None, False),
        ("x.safetensors", "PickleTensor", False),
    ],
)
def test_a_file_is_safetensors_where_its_ending_says_so_and_nothing_else_does(
    name, told, is_safetensors
):
    content = json.loads(changed([*FILE, "name"], name))
    content["items"][0]["modelVersions"][0]["files"][0]["metadata"] = {"format": told}
    row = read_page(json.dumps(content), "page.json").rows[0]
    assert row.files[0].is_safetensors == is_safetensors


def changed(path, value):
    content = deepcopy(CONTENT)
    target = content
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return json.dumps(content)


MODEL = ["items", 0]
VERSION = [*MODEL, "modelVersions", 0]
FILE = [*VERSION, "files", 0]
ELSEWHERE = [
    "http://civitai.com/x",
    "https://civitai.com.example.org/x",
    "https://example.org/civitai.com",
    "https://civitai.com@example.org/x",
    "https://example.org\\@civitai.com/",
    "https://evilcivitai.com/",
    "https://civitai.com:8080/",
    "https://civitai.com:x/",
    "https://[civitai.com/",
    "file:///etc/passwd",
    "https://civitai.com/" + "x" * 2_000,
]


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ([*MODEL, "id"], None, "id is missing."),
        ([*MODEL, "id"], True, "id is no whole number from 1 to"),
        ([*MODEL, "id"], 2**63, "id is no whole number from 1 to"),
        ([*MODEL, "name"], "", "name is missing."),
        ([*MODEL, "name"], "x" * 501, "name is longer than 500 characters."),
        ([*MODEL, "name"], "a\x1b[2Jb", "name holds a control character"),
        ([*MODEL, "name"], "a\u202eb", "name holds a control character, or one that turns"),
        ([*MODEL, "name"], "\ud800", "name holds a control character"),
        ([*MODEL, "tags"], "ink", "tags is not a list of up to 200 texts."),
        ([*MODEL, "tags"], ["x"] * 201, "tags is not a list of up to 200 texts."),
        ([*MODEL, "tags"], [{"name": "ink"}], "tags is no text."),
        ([*MODEL, "stats"], [], "a part is no JSON object."),
        ([*MODEL, "stats", "downloadCount"], -1, "downloadCount is no whole number from 0 to"),
        ([*MODEL, "stats", "downloadCount"], 10**13, "downloadCount is no whole number"),
        ([*MODEL, "stats", "downloadCount"], 1.5, "downloadCount is no whole number"),
        ([*FILE, "name"], "../../x.safetensors", "name of a file leads into another folder."),
        ([*FILE, "name"], "..\\x.safetensors", "name of a file leads into another folder."),
        ([*FILE, "hashes", "SHA256"], "xyz", "SHA256 has not 64 hex digits."),
        ([*FILE, "sizeKB"], -1, "sizeKB is no size."),
        ([*FILE, "sizeKB"], float("inf"), "sizeKB is no size."),
        ([*VERSION, "files"], {}, "files is not a list of up to 200 files."),
        *(([*FILE, "downloadUrl"], url, "downloadUrl does not lead to") for url in ELSEWHERE[:-1]),
        ([*FILE, "downloadUrl"], ELSEWHERE[-1], "downloadUrl is longer than 2,000 characters."),
    ],
)
def test_a_value_that_is_unfit_refuses_its_row_alone(path, value, says):
    page = read_page(changed(path, value), "page.json")
    assert 9002 not in {row.model_version_id for row in page.rows}
    assert 9003 in {row.model_version_id for row in page.rows}
    assert page.refused[0].startswith("page.json, item 1, version 1: ")
    assert says in page.refused[0]


@pytest.mark.parametrize("url", [*ELSEWHERE, 7, ["https://civitai.com/"]])
def test_a_next_page_elsewhere_is_never_followed(url):
    with pytest.raises(FileFormatError, match=r"page.json: its nextPage does not lead to"):
        read_page(changed(["metadata", "nextPage"], url), "page.json")


@pytest.mark.parametrize("metadata", [None, {}, {"nextPage": None}, {"nextPage": ""}])
def test_the_last_page_has_no_next(metadata):
    assert read_page(changed(["metadata"], metadata), "page.json").next_page is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not JSON"),
        ("<html>", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "holds no list of items"),
        ('{"error": "Unauthorized"}', "holds no list of items"),
        ('{"items": {}}', "holds no list of items"),
    ],
)
def test_what_is_no_response_is_refused(text, says):
    with pytest.raises(FileFormatError, match=f"page.json: {says}"):
        read_page(text, "page.json")


def paths(value, before=()):
    yield before
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(inner, (*before, key))


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(st.sampled_from([path for path in paths(CONTENT) if path]), anything)
def test_strangers_values_never_crash(path, value):
    try:
        page = read_page(changed(path, value), "page.json")
    except FileFormatError:
        return
    assert all("\n" not in sentence and sentence.endswith(".") for sentence in page.refused)
