"""The words that prompts may not hold: a list that maintainers edit, with who did it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import duckdb

from core.errors import GemboardError, NotFoundError, shortened
from core.generation.blocked_words import BlockedWordsError, comparable, find_blocked
from warehouse.database import Warehouse
from warehouse.landing import COMMAND_LINE, record

WORD_LIMIT = 100  # characters
COUNT_LIMIT = 2_000
SHORTEST = 2  # letters: one would block nearly every prompt
ATTEMPTS = 5  # two maintainers may write at the same moment
Change = Callable[[duckdb.DuckDBPyConnection], tuple[str, ...]]


class WordListError(GemboardError):
    """A word that the list cannot take."""


@dataclass(frozen=True)
class BlockedWord:
    """A word or phrase of the list."""

    word: str
    person_id: str  # who added it; `default` for those that every warehouse begins with
    created_at: datetime


def blocked_words(warehouse: Warehouse) -> tuple[BlockedWord, ...]:
    """The list by the alphabet."""
    with warehouse.cursor() as cursor:
        return _listed(cursor)


def check_prompt(warehouse: Warehouse, prompt: str, negative_prompt: str = "") -> None:
    """Raise BlockedWordsError where the prompt holds a word of the list.

    The negative prompt is not checked: people put there what they do not want to see. It is taken
    so that this rule stands here and not at each caller.
    """
    found = find_blocked(prompt, (each.word for each in blocked_words(warehouse)))
    if found:
        raise BlockedWordsError(found)


def add_words(
    warehouse: Warehouse, words: Iterable[str], person_id: str = COMMAND_LINE
) -> tuple[str, ...]:
    """Add words and phrases; returns those that were not there, however written.

    Raises WordListError; then none was added.
    """
    asked = {comparable(word): word for word in map(_checked, words)}

    def change(cursor: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
        there = {comparable(each.word) for each in _listed(cursor)}
        fresh = tuple(word for key, word in asked.items() if key not in there)
        if len(there) + len(fresh) > COUNT_LIMIT:
            raise WordListError(
                f"The list would have {len(there) + len(fresh):,} words: {COUNT_LIMIT:,} is the "
                "most, so remove some first."
            )
        for word in fresh:
            cursor.execute(
                "insert into blocked_words (word, person_id) values ($word, $person_id)",
                {"word": word, "person_id": person_id},
            )
            record(cursor, "block word", word, person_id=person_id, after={"word": word})
        return fresh

    return _changed(warehouse, change)


def remove_words(
    warehouse: Warehouse, words: Iterable[str], person_id: str = COMMAND_LINE
) -> tuple[str, ...]:
    """Take words off the list, however written; returns them as they stood there.

    Raises NotFoundError for a word that is not on the list; then none was removed.
    """
    asked = {comparable(word): word for word in words}

    def change(cursor: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
        there = {comparable(each.word): each.word for each in _listed(cursor)}
        for key, word in asked.items():
            if key not in there:
                raise NotFoundError("blocked word", word)
        gone = tuple(there[key] for key in asked)
        for word in gone:
            cursor.execute("delete from blocked_words where word = $word", {"word": word})
            record(cursor, "allow word", word, person_id=person_id, before={"word": word})
        return gone

    return _changed(warehouse, change)


def _changed(warehouse: Warehouse, change: Change) -> tuple[str, ...]:
    """What `change` did in a transaction of its own, tried anew where another came between."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with warehouse.transaction() as cursor:
                return change(cursor)
        except (duckdb.TransactionException, duckdb.ConstraintException):
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("the last attempt returns or raises")


def _listed(cursor: duckdb.DuckDBPyConnection) -> tuple[BlockedWord, ...]:
    rows = cursor.execute(
        "select word, person_id, created_at from blocked_words order by word"
    ).fetchall()
    return tuple(BlockedWord(*row) for row in rows)


def _checked(word: str) -> str:
    text = " ".join(word.split()).lower()
    if len(text) > WORD_LIMIT:
        raise WordListError(
            f"{shortened(text)} has {len(text)} characters: take a phrase of {WORD_LIMIT} at most."
        )
    if not text.isprintable():
        raise WordListError(f"{shortened(text)} holds characters that cannot be shown.")
    if len(comparable(text).replace(" ", "")) < SHORTEST:
        raise WordListError(
            f"{shortened(text)} has fewer than {SHORTEST} letters or digits: it would be found in "
            "nearly every prompt, or in none."
        )
    return text
