"""Jobs as screens show them: rows of the tables, and what the process knows of those under way."""

from contextlib import suppress
from typing import Any

from core.generation.recipe import identity
from warehouse.database import Warehouse
from warehouse.generation import job_rows
from warehouse.generation.job_views import JobView, PictureView
from warehouse.generation.live_jobs import LiveJob
from warehouse.generation.orders import Order, OrderError, read_order
from warehouse.generation.service import GenerationService

MADE = ("fresh", "kept")
UNCHECKED = (
    "No NSFW checker is on this machine, so these pictures are shown unchecked; "
    "docs/generation.md says how to get one."
)


def job_view(warehouse: Warehouse, service: GenerationService, job_id: str) -> JobView | None:
    """One job with its pictures; None where there is none."""
    rows = job_rows.job_rows(warehouse, job_id=job_id, most=1)
    return _view(warehouse, service, rows[0]) if rows else None


def job_views(
    warehouse: Warehouse, service: GenerationService, person_id: str | None, most: int
) -> tuple[JobView, ...]:
    """The newest jobs, of one person or of all."""
    rows = job_rows.job_rows(warehouse, person_id=person_id, most=most)
    return tuple(_view(warehouse, service, row) for row in rows)


def _view(warehouse: Warehouse, service: GenerationService, row: dict[str, Any]) -> JobView:
    live = service.live(row["job_id"])
    order: Order | None = None
    with suppress(OrderError):
        order = live.order if live else read_order(row["request"])
    state, message, share, left_s = row["state"], row["message"], row["progress"], None
    if live:
        state = "queued" if live.began_s is None and not live.finishing else "running"
        message, share, left_s = live.words, live.share(), live.left_s()
    pictures = _pictures(warehouse, row["job_id"], order, live)
    notes = tuple(live.notes) if live else ()
    if any(each.state in MADE and each.nsfw_score is None for each in pictures):
        notes = (*notes, UNCHECKED)
    return JobView(
        job_id=row["job_id"],
        person_id=row["person_id"],
        person_name=row["person_name"],
        state=state,
        message=message,
        created_at=row["created_at"],
        finished_at=row["finished_at"],
        order=order,
        pictures=pictures,
        share=share,
        left_s=left_s,
        ahead=service.ahead(live) if live and state == "queued" else 0,
        notes=notes,
    )


def _pictures(
    warehouse: Warehouse, job_id: str, order: Order | None, live: LiveJob | None
) -> tuple[PictureView, ...]:
    there = {
        row["place"]: PictureView(
            place=row["place"],
            state=row["state"],
            image_id=row["image_id"],
            sha256=row["sha256"],
            nsfw_score=row["nsfw_score"],
            hidden=row["hidden"],
        )
        for row in job_rows.job_pictures(warehouse, job_id).to_dicts()
    }
    under_way = _under_way(live) if live else {}
    places = range(len(order.pictures)) if order else sorted(there)
    return tuple(
        there.get(place) or under_way.get(place) or PictureView(place, "waiting")
        for place in places
    )


def _under_way(live: LiveJob) -> dict[int, PictureView]:
    """Places that a device works on now, with what can be seen of them."""
    found = {}
    for running in list(live.running.values()):
        for each in running.batch.missing:
            name = identity(running.batch.requests[each])
            place = live.places[name]
            found[place] = PictureView(place, "running", preview=running.previews.get(name))
    return found
