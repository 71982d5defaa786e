"""The results of Generate: session keys."""

from collections.abc import MutableMapping
from typing import Any

RESULTS_GRID = "generate.results"
RESULTS_LIST = "generate.jobs"
RESULTS_TAKEN = "generate.results_taken"  # step of the last action that came from the browser
RESULTS_SAID = "generate.results_said"  # why an action could not be done, until the next one
RESULTS_OPEN = "generate.results_open"  # (image id, ids to step through) to open in the next run
RESULTS_RANK = "generate.results_rank"  # whether the next run goes on to Rank
RESULTS_MORE = "generate.results_more"  # job id: jobs asked from its cells, the newest first
RESULTS_EVERYBODY = "generate.results_everybody"  # whether the list holds others' jobs
MOST_MORE = 12


def add_more(session: MutableMapping[Any, Any], job_id: str, more_id: str) -> None:
    """Remember a job that was asked from a cell of another, to be shown beneath it."""
    known = more_ids(session, job_id)
    others = [each for each in known if each != more_id]
    session[RESULTS_MORE] = {
        **session.get(RESULTS_MORE, {}),
        job_id: (more_id, *others)[:MOST_MORE],
    }


def more_ids(session: MutableMapping[Any, Any], job_id: str) -> tuple[str, ...]:
    """Jobs that were asked from cells of this one, the newest first."""
    found: tuple[str, ...] = session.get(RESULTS_MORE, {}).get(job_id, ())
    return found
