"""The pictures of jobs as grids that fill up, with what can be done to each picture."""

from base64 import b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.components.assets import script, style
from dashboard.components.generate import progress
from dashboard.media import thumbnail_url
from dashboard.state import generate_results as state
from warehouse.generation.job_views import JobView, PictureView

SHOWN = ("found", "kept")  # in the warehouse: can be opened, picked and ranked
AGAIN = {"failed": "retry", "cancelled": "rest"}  # what makes the missing pictures

_mount = st.components.v2.component(
    "gemboard_picture_grid",
    html='<div class="root"></div>',
    css=style("elements", "generate/picture_grid"),
    js=script("elements", "generate/cell_icons", "generate/picture_cell", "generate/picture_grid"),
)


@dataclass(frozen=True)
class Offers:
    """What the person at the screen may do here."""

    generate: bool
    rank: bool


def picture_grid(
    jobs: Sequence[JobView], picked: Collection[str], offers: Offers, *, taken: int, said: str
) -> tuple[str, int] | None:
    """Show jobs; returns the job and place of a picture that was just clicked.

    What is done to pictures comes as `acts` of the session's state: see acts.py. `taken` is the
    step of the last one that was done.
    """
    result = _mount(
        key=state.RESULTS_GRID,
        data={
            "boards": [
                board(job, picked, offers, is_first=number == 0) for number, job in enumerate(jobs)
            ],
            "taken": taken,
            "said": said,
        },
        on_acts_change=lambda: None,
        on_opened_change=lambda: None,
    )
    opened = result.opened
    if not isinstance(opened, dict):
        return None
    job_id, place = opened.get("job"), opened.get("place")
    if not isinstance(job_id, str) or type(place) is not int:
        return None
    return job_id, place


def board(
    job: JobView, picked: Collection[str], offers: Offers, *, is_first: bool
) -> dict[str, Any]:
    """One job as the browser shows it."""
    rows = job.order.rows if job.order else ("",)
    columns = job.order.columns if job.order else ("",) * len(job.pictures)
    return {
        "id": job.job_id,
        "state": job.state,
        "title": "" if is_first else _title(job),
        "doing": progress.doing_words(job),
        "count": "" if job.state == "cancelled" else progress.count_words(job),
        "left": progress.left_words(job),
        "share": round(job.share, 3),
        "notes": progress.note_lines(job),
        "rows": list(rows),
        "columns": list(columns),
        "aspect": _aspect(job),
        "acts": _acts(job, offers),
        "mayAsk": offers.generate and job.order is not None,
        "mayAct": offers.generate,
        "cells": [_cell(picture, job, picked) for picture in job.pictures],
    }


def shown_pictures(job: JobView) -> list[str]:
    """Ids of the job's pictures that are in the warehouse and not hidden, in order."""
    return [
        picture.image_id
        for picture in job.pictures
        if picture.state in SHOWN and picture.image_id and not picture.hidden
    ]


def _cell(picture: PictureView, job: JobView, picked: Collection[str]) -> dict[str, Any]:
    """Only what differs from a cell that waits: there may be a thousand."""
    if picture.state in ("waiting", "discarded"):
        ended = job.ended and picture.state == "waiting"
        return {"state": "missing" if ended else picture.state}
    told: dict[str, Any] = {"state": picture.state}
    if picture.hidden:
        told["hidden"] = f"Hidden as NSFW: {formats.decimal(picture.nsfw_score, 2)}".rstrip(": ")
    elif picture.sha256:
        told["src"] = thumbnail_url(picture.sha256)
    elif picture.preview:
        told["preview"] = "data:image/webp;base64," + b64encode(picture.preview).decode("ascii")
    if picture.state in SHOWN and picture.image_id and not picture.hidden:
        told |= {"whole": True, "picked": picture.image_id in picked}
    return told


def _acts(job: JobView, offers: Offers) -> list[str]:
    """What can be done to the job as a whole."""
    if not offers.generate:
        return []
    acts = []
    if not job.ended:
        acts.append("stop")
    if job.order is not None and job.state in AGAIN:
        acts.append(AGAIN[job.state])
    if offers.rank and len(shown_pictures(job)) > 1:
        acts.append("rank")
    fresh, kept = job.counts.get("fresh", 0), job.counts.get("kept", 0)
    if fresh:
        acts.append("keep_all")
    if job.ended and fresh + kept > 1:
        acts.append("discard_all")
    return acts


def _title(job: JobView) -> str:
    """What a job is about, where others stand on the screen too."""
    if job.order is None:
        return ""
    named = (*job.order.rows[:1], *job.order.columns[:1])
    return " · ".join(filter(None, named))


def _aspect(job: JobView) -> str:
    """Width / height of the job's pictures, kept between 2:1 and 1:2."""
    if job.order is None:
        return "1"
    request = job.order.pictures[0].request
    return f"{min(2.0, max(0.5, request.width / request.height)):.4f}"
