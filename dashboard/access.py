"""Who is here, and what each role may do."""

from dataclasses import dataclass
from enum import IntEnum


class Role(IntEnum):
    """Roles in rising order: each may do all that the ones before it may."""

    VIEWER = 1
    ANNOTATOR = 2
    ANALYST = 3
    MAINTAINER = 4


@dataclass(frozen=True)
class Person:
    """Someone at the screen; `person_id` is the key of the table `people`."""

    person_id: str
    name: str
    role: Role

    def may(self, role: Role) -> bool:
        """Whether this person may do what `role` may."""
        return self.role >= role


LOCAL_PERSON = Person("local", "Local person", Role.MAINTAINER)


def current_person() -> Person:
    """The person of this browser session; the one place that sign-in will change."""
    return LOCAL_PERSON
