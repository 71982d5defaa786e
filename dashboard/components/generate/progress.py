"""How far a job is, in one calm line: what it does, how many pictures are there, time left."""

from collections.abc import Mapping

from dashboard import formats
from dashboard.components.generate.ordering import duration
from warehouse.generation.job_views import JobState, JobView

NO_ORDER = "What this job was to make cannot be read any more; its pictures are listed in order."
MADE = ("found", "fresh", "kept", "discarded")
STATES: Mapping[JobState, str] = {
    "queued": "waiting",
    "running": "under way",
    "done": "done",
    "failed": "failed",
    "cancelled": "stopped",
}


def made(job: JobView) -> int:
    """Pictures that are there, or were."""
    return sum(job.counts.get(state, 0) for state in MADE)


def doing_words(job: JobView) -> str:
    """What happens now, or how it ended."""
    if job.state == "queued":
        if job.ahead:
            verb = "comes" if job.ahead == 1 else "come"
            return f"Waiting: {formats.counted(job.ahead, 'picture')} of others {verb} first"
        return job.message or "Waiting for the device"
    if job.state == "running":
        return job.message or "Starting"
    if job.state == "failed":
        return job.message or "It failed, and left no reason"
    if job.state == "cancelled":
        return job.message or "Stopped"
    return "Done"


def count_words(job: JobView) -> str:
    """How many pictures are there, of how many, and what of them is new."""
    total, there = len(job.pictures), made(job)
    if not job.ended or there < total:
        words = f"{formats.whole(there)} of {formats.counted(total, 'picture')}"
    else:
        words = formats.counted(total, "picture")
    found = job.counts.get("found", 0)
    return f"{words}, {formats.whole(found)} already here" if found else words


def left_words(job: JobView) -> str:
    """How long it takes still; empty where too little is known or it is over."""
    if job.ended or job.left_s is None:
        return ""
    return f"about {duration(job.left_s)} left"


def note_lines(job: JobView) -> list[str]:
    """What a person should know of how it went."""
    told = [*job.notes]
    if job.state == "done" and job.message:
        told.append(job.message)
    if job.order is None:
        told.append(NO_ORDER)
    return told
