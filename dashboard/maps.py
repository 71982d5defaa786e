"""Drawing maps: small ones at once, large ones as jobs in the background."""

from dashboard.access import current_person
from dashboard.data import map as data
from dashboard.resources import map_jobs, warehouse
from warehouse.map_jobs import MapJob
from warehouse.projections import update_map

AT_ONCE = 1_000  # pictures: about a second
PER_SECOND = 400  # pictures drawn, from the measured 18,000 in 45 s of one processor


def draw_at_once(encoder: str, prompt_id: int | None, *, redraw: bool = False) -> None:
    """Draw a small map, or place what is new on it, before the page goes on."""
    update_map(warehouse(), encoder, prompt_id, redraw=redraw)
    forget()


def start_drawing(encoder: str, prompt_id: int | None, *, redraw: bool = False) -> None:
    """Have a map drawn, or brought up to date, in the background."""
    map_jobs().start(encoder, prompt_id, current_person().person_id, redraw=redraw)


def drawing(encoder: str, prompt_id: int | None) -> MapJob | None:
    """The last job of this map since the dashboard was started."""
    return map_jobs().latest(encoder, prompt_id)


def stop_drawing(job: MapJob) -> None:
    """Stop a job; nothing of it is kept."""
    map_jobs().cancel(job)


def expected_words(pictures: int) -> str:
    """About how long drawing takes on an idle processor."""
    seconds = pictures / PER_SECOND
    return f"{max(5, round(seconds / 5) * 5)} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def forget() -> None:
    """Forget which maps are kept: one has changed."""
    data.map_projection.clear()
