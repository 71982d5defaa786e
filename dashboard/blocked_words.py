"""The words not allowed in prompts as the screen edits them; the role is checked here."""

from collections.abc import Collection

from core.errors import NotAllowedError
from core.generation.blocked_words import comparable
from dashboard.access import Role, current_person
from dashboard.resources import warehouse
from warehouse.generation import word_list


def words() -> tuple[str, ...]:
    """The list by the alphabet. Raises NotAllowedError."""
    _allowed()
    return tuple(each.word for each in word_list.blocked_words(warehouse()))


def change(
    before: Collection[str], wanted: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Turn the list as it was read into the one wanted; returns what was added and removed.

    What somebody else changed in the meantime stays. Raises NotAllowedError and WordListError.
    """
    person_id = _allowed()
    added = word_list.add_words(warehouse(), wanted, person_id)
    gone = {comparable(word) for word in before} - {comparable(word) for word in wanted}
    there = [word for word in words() if comparable(word) in gone]
    removed = word_list.remove_words(warehouse(), there, person_id) if there else ()
    return added, removed


def _allowed() -> str:
    person = current_person()
    if not person.may(Role.MAINTAINER):
        raise NotAllowedError("edit the words not allowed", Role.MAINTAINER.name.lower())
    return person.person_id
