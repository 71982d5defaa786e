"""Blocked words: whole words however they are written, and nothing that only looks like them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.generation.blocked_words import BlockedWordsError, comparable, find_blocked

LIST = ("gore", "severed head", "Blutbad", "少女", "кров")


@pytest.mark.parametrize(
    "prompt",
    [
        "a castle, GORE",
        "(gore:1.3), a castle",
        "<lora:gore:0.8> a castle",
        "<gore>",
        "górë",
        "go\u200bre",
        "g\u00ado\u2060re",
        "ｇｏｒｅ",
        "𝐠𝐨𝐫𝐞",
        "gоrе",  # Cyrillic letters
        "GОRЕ",  # the same as capitals
        "gοrε",  # Greek
        "g\u034fore",
        "go\ufe0fre",
        "blood_and_gore",
        "gore",
    ],
)
def test_a_word_is_found_however_it_is_written(prompt):
    assert find_blocked(prompt, LIST) == ("gore",)


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        "Gorey's drawings, a gorecki score",
        "pages of lore, a gor e",
        "the head, severed",
        "a severed, blue head",
        "gores",  # a plural is another word
        "g0re",  # and so are digits for letters
        "Blutbäder",
        "少 a 女",
        "кровать",
    ],
)
def test_what_only_looks_like_a_word_is_no_match(prompt):
    assert find_blocked(prompt, LIST) == ()


def test_the_words_of_a_phrase_may_stand_apart_by_signs():
    for prompt in ("severed head", "Severed-Head!", "severed_head", "(severed)\n(head)"):
        assert find_blocked(prompt, LIST) == ("severed head",)


def test_words_are_told_as_the_list_writes_them_and_in_its_order():
    assert find_blocked("BLUTBAD and a severed head", LIST) == ("severed head", "Blutbad")


def test_a_word_of_a_script_without_spaces_is_found_inside_a_line():
    assert find_blocked("美少女戦士", LIST) == ("少女",)


def test_a_voiced_kana_is_another_letter():
    assert find_blocked("きが", ["きか"]) == ()


def test_a_word_in_another_alphabet_is_found_in_its_own_letters():
    assert find_blocked("КРОВ", LIST) == ("кров",)


def test_vowel_signs_are_part_of_a_word():
    assert find_blocked("कातीब", ["किताब"]) == ()
    assert find_blocked("हिन्दी", ["हिन्दी"]) == ("हिन्दी",)


def test_a_list_of_signs_alone_blocks_nothing():
    assert find_blocked("!!! a castle ???", ["!!!", "", " "]) == ()


texts = st.text(max_size=40)


@given(texts, texts, texts)
def test_a_word_between_blanks_is_always_found(before, word, after):
    found = find_blocked(f"{before} {word} {after}", [word])
    assert found == ((word,) if comparable(word) else ())


@given(texts)
def test_comparing_is_settled_at_once(text):
    once = comparable(text)
    assert comparable(once) == once


@given(texts)
def test_the_form_of_unicode_makes_no_difference(text):
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert comparable(unicodedata.normalize(form, text)) == comparable(text)


def test_the_error_names_the_words_and_who_decided():
    error = BlockedWordsError(("gore", "severed head"))
    assert error.words == ("gore", "severed head")
    assert str(error) == (
        "The prompt holds “gore”, “severed head”. The maintainers of this studio do not allow "
        "that: write the prompt without, or ask them."
    )
    assert "“w4” and 3 more." in str(BlockedWordsError([f"w{number}" for number in range(8)]))
