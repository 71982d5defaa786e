"""The list of blocked words: what it begins with, how it is edited, and which prompts it stops."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import NotFoundError
from core.generation.blocked_words import BlockedWordsError, comparable
from core.starter.prompts import grid_prompts, query_prompts
from warehouse.generation import word_list
from warehouse.generation.word_list import (
    WordListError,
    add_words,
    blocked_words,
    check_prompt,
    remove_words,
)


def words(warehouse):
    return [each.word for each in blocked_words(warehouse)]


def audit(warehouse):
    return warehouse.select(
        "select person_id, action, subject, before, after from audit order by created_at, subject"
    ).rows()


class TestDefaults:
    def test_a_new_warehouse_begins_with_a_short_list(self, warehouse):
        found = blocked_words(warehouse)
        assert 15 <= len(found) <= 30
        assert {each.person_id for each in found} == {"default"}
        assert len({comparable(each.word) for each in found}) == len(found)
        assert [word_list._checked(each.word) for each in found] == words(warehouse)

    def test_it_is_in_force_without_being_asked_for(self, warehouse):
        with pytest.raises(BlockedWordsError, match="“gore”"):
            check_prompt(warehouse, "a castle, (Gore:1.2)")

    def test_the_starters_prompts_pass_it(self, warehouse):
        prompts = [*grid_prompts(), *query_prompts()]
        assert len(prompts) > 50
        for each in prompts:
            check_prompt(warehouse, each.prompt)

    def test_an_empty_list_stops_nothing(self, warehouse):
        remove_words(warehouse, words(warehouse))
        check_prompt(warehouse, "gore")
        assert blocked_words(warehouse) == ()


def test_a_negative_prompt_may_hold_anything(warehouse):
    check_prompt(warehouse, "a castle", "gore, nude child")


def test_added_words_are_stored_small_with_who_did_it(warehouse):
    assert add_words(warehouse, ["  Severed \n Head ", "Blutbad"], "ada") == (
        "severed head",
        "blutbad",
    )
    added = {each.word: each.person_id for each in blocked_words(warehouse)}
    assert (added["severed head"], added["blutbad"]) == ("ada", "ada")
    assert audit(warehouse) == [
        ("ada", "block word", "blutbad", None, '{"word": "blutbad"}'),
        ("ada", "block word", "severed head", None, '{"word": "severed head"}'),
    ]
    with pytest.raises(BlockedWordsError, match="“severed head”"):
        check_prompt(warehouse, "A SEVERED-HEAD")


def test_a_word_that_is_there_however_written_is_not_added_again(warehouse):
    before = words(warehouse)
    assert add_words(warehouse, ["GÓRE", "gоre", "Guts", "guts!"], "ada") == ("guts!",)
    assert len(words(warehouse)) == len(before) + 1
    assert len(audit(warehouse)) == 1


def test_removed_words_are_allowed_again(warehouse):
    assert remove_words(warehouse, ["Góre"], "ada") == ("gore",)
    check_prompt(warehouse, "gore")
    assert audit(warehouse) == [("ada", "allow word", "gore", '{"word": "gore"}', None)]


def test_where_one_word_is_not_there_none_is_removed(warehouse):
    before = words(warehouse)
    with pytest.raises(NotFoundError, match="blocked word named “castle”"):
        remove_words(warehouse, ["gore", "castle"])
    assert (words(warehouse), audit(warehouse)) == (before, [])


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("", "fewer than 2 letters"),
        ("a", "fewer than 2 letters"),
        ("?!", "fewer than 2 letters"),
        ("w" * 101, "has 101 characters"),
        ("go\u202ere", "cannot be shown"),
    ],
)
def test_a_word_that_cannot_be_sought_is_refused_and_none_added(warehouse, word, reason):
    before = words(warehouse)
    with pytest.raises(WordListError, match=reason) as refusal:
        add_words(warehouse, ["castle", word])
    assert words(warehouse) == before
    assert "\n" not in str(refusal.value)


def test_the_list_does_not_grow_without_end(warehouse):
    room = word_list.COUNT_LIMIT - len(words(warehouse))
    add_words(warehouse, [f"word {number}" for number in range(room)])
    with pytest.raises(WordListError, match="2,001 words: 2,000 is the most"):
        add_words(warehouse, ["one more"])
    assert len(words(warehouse)) == word_list.COUNT_LIMIT


def test_two_maintainers_may_write_at_the_same_moment(warehouse):
    before = len(words(warehouse))
    with ThreadPoolExecutor(4) as people:
        added = list(people.map(lambda _: add_words(warehouse, ["castle", "Cástle"]), range(8)))
    assert sorted(filter(None, added)) == [("Cástle".lower(),)]
    assert len(words(warehouse)) == before + 1


class TestCommand:
    def test_list_add_and_remove(self, command):
        command("migrate")
        assert {"gore", "rape"} <= {
            each["word"] for each in command("words", "list", "--json").json
        }
        assert command("words", "add", "Castle", "gore", "--json").json == {"added": ["castle"]}
        assert "castle  (command line)\n" in command("words", "list").out
        assert command("words", "add", "castle").out.startswith("Nothing changed")
        assert command("words", "remove", "CASTLE", "--json").json == {"removed": ["castle"]}
        assert "castle" not in command("words", "list").out

    def test_a_word_that_is_not_there_is_one_line_and_exit_code_1(self, command):
        command("migrate")
        ran = command("words", "remove", "castle")
        assert (ran.code, ran.err) == (1, "Error: There is no blocked word named “castle”.\n")

    def test_an_empty_list_says_what_it_means(self, command):
        command("migrate")
        found = [each["word"] for each in command("words", "list", "--json").json]
        assert command("words", "remove", *found).code == 0
        assert "every prompt is taken" in command("words", "list").out
