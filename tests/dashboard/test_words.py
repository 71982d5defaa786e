"""Words on the screen: numbers, and strangers' texts that stay letters."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import formats
from dashboard.components.notices import literal


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0"), (999, "999"), (1000, "1K"), (12345, "12.3K"), (2_276_475, "2.28M"), (None, "")],
)
def test_counts_in_brief(number, words):
    assert formats.compact(number) == words


def test_nothing_known_is_an_empty_string():
    assert formats.whole(None) == formats.decimal(None) == formats.plain_number(None) == ""
    assert formats.moment(None) == ""


def test_a_moment_names_its_zone():
    assert formats.moment(datetime(2026, 1, 2, 3, 4, tzinfo=UTC)) == "2026-01-02 03:04 UTC"


def test_a_long_text_is_cut_to_one_line():
    assert formats.shortened("a\nb  c", 10) == "a b c"
    assert formats.shortened("a" * 20, 5) == "aaaa…"


@given(st.text())
def test_every_special_letter_is_escaped(text):
    unescaped = re.sub(r"\\[\\`*_{}\[\]()<>#+\-.!|$~:^=&]", "", literal(text))
    assert not set(unescaped) & set("`*_{}[]()<>#+-.!|$~:^=&\\")


@pytest.mark.parametrize(
    "text", ["www.evil.example", "https://evil.example", "a@b.example", ":material/home:", "a -> b"]
)
def test_no_address_icon_or_arrow_comes_alive(text):
    shown = re.sub(r"\\(.)", r"\1", literal(text))
    assert text not in shown
    assert shown.replace("\u2060", "") == text


def test_a_path_can_be_copied_from_an_error():
    path = "/data/my-gem_board/gemboard.duckdb"
    assert re.sub(r"\\(.)", r"\1", literal(path)) == path
