"""Summaries as the screen uses them: everybody sees their own, maintainers those of others."""

from collections.abc import Callable

import polars as pl

from core.errors import NotAllowedError, NotFoundError
from dashboard import profiles, ranking
from dashboard.access import Role, current_person
from dashboard.data import summary as data
from dashboard.data.summary import Revision
from dashboard.resources import warehouse
from warehouse.exporters.summaries import judgment_rows, rating_rows
from warehouse.exporters.tables import csv_file, parquet_file
from warehouse.ranking import OthersSessionError
from warehouse.reads import summary as reads
from warehouse.summaries import Asked, Summary, owner_of

SEES_OTHERS = Role.MAINTAINER
WRITERS = {"csv": csv_file, "parquet": parquet_file}


def may_see_others() -> bool:
    """Whether the person at the screen may see the summaries of other people."""
    return current_person().may(SEES_OTHERS)


def owner(session_id: str) -> str:
    """Whose the session is, where the person at the screen may know.

    Raises NotFoundError or OthersSessionError.
    """
    found = owner_of(warehouse(), session_id)
    if found is None:
        raise NotFoundError("ranking session", session_id)
    if found != current_person().person_id and not may_see_others():
        raise OthersSessionError
    return found


def check_person(person_id: str) -> None:
    """Raise NotAllowedError unless the person at the screen may see this one's summary."""
    if person_id != current_person().person_id and not may_see_others():
        raise NotAllowedError("see the summaries of other people", SEES_OTHERS.name.lower())


def summary(asked: Asked, *, unjudged: bool = False) -> Summary:
    """A summary. Raises NotAllowedError, or NotFoundError for no session of that person."""
    check_person(asked.person_id)
    return data.summary(_revision(asked.person_id), asked, unjudged)


def by_tag(asked: Asked) -> dict[str, Summary]:
    """A summary for each tag. Raises as `summary`."""
    check_person(asked.person_id)
    return data.by_tag(_revision(asked.person_id), asked)


def sessions(person_id: str, *, with_simulated: bool) -> pl.DataFrame:
    """The person's sessions. Raises NotAllowedError."""
    check_person(person_id)
    return data.sessions(_revision(person_id), person_id, with_simulated)


def comments(asked: Asked) -> pl.DataFrame:
    """What the person wrote. Raises NotAllowedError."""
    check_person(asked.person_id)
    return data.comments(_revision(asked.person_id), asked)


def people(*, with_simulated: bool) -> pl.DataFrame:
    """People whose summaries the person at the screen may see, beside their own."""
    if not may_see_others():
        raise NotAllowedError("see the summaries of other people", SEES_OTHERS.name.lower())
    return data.people(ranking.judgments_revision(), with_simulated)


def judgments_file(asked: Asked, ending: str) -> Callable[[], bytes]:
    """What makes a file of all events that are asked for. Raises NotAllowedError now, not later."""
    check_person(asked.person_id)
    opened, write = warehouse(), WRITERS[ending]
    return lambda: write(judgment_rows(opened, asked))


def ratings_file(asked: Asked, ending: str, *, unjudged: bool) -> Callable[[], bytes]:
    """What makes a file of the ratings. Raises as `summary` now, not later."""
    told, write = summary(asked, unjudged=unjudged), WRITERS[ending]
    return lambda: write(rating_rows(told, asked))


def _revision(person_id: str) -> Revision:
    events = reads.person_events(warehouse(), person_id=person_id)
    return int(events["events"][0]), profiles.scores_revision()
