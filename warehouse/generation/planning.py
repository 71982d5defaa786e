"""From an order to batches: what is missing, where the weights lie, how long it will take."""

from collections.abc import Set

from core.generation.batches import PlannedBatch, model_loads, plan_batches
from core.generation.devices import Work
from core.generation.recipe import identity
from warehouse.database import Warehouse
from warehouse.generation import job_rows
from warehouse.generation.catalogue import places_of
from warehouse.generation.estimates import batch_size, expected_s
from warehouse.generation.job_views import Estimate
from warehouse.generation.orders import Order, OrderError


def plan_order(order: Order, device: str, done: Set[str]) -> tuple[PlannedBatch, ...]:
    """The batches of an order in which a picture is missing; small, so that the first come soon."""
    width = max(each.request.width for each in order.pictures)
    height = max(each.request.height for each in order.pictures)
    size = batch_size(device, width, height, at_once=True)
    return plan_batches((each.request for each in order.pictures), size, done=done)


def estimate_order(warehouse: Warehouse, order: Order, devices: tuple[str, ...]) -> Estimate:
    """What the order would cost if nothing else were under way."""
    here = set() if order.force else set(job_rows.pictures_here(warehouse, order))
    batches = plan_order(order, devices[0], here)
    seconds, measured = expected_s(warehouse, devices[0], batches)
    missing = sum(len(batch.missing) for batch in batches)
    return Estimate(
        pictures=missing,
        here=len(order.pictures) - missing,
        loads=model_loads(batches),
        seconds=seconds / len(devices),
        measured=measured,
    )


def check_weights_here(warehouse: Warehouse, order: Order) -> None:
    """Raises OrderError, with the way out, where weights are not on this machine."""
    weights = {
        each.sha256: each.name for picture in order.pictures for each in picture.request.weights
    }
    missing = weights.keys() - places_of(warehouse, set(weights)).keys()
    if missing:
        raise OrderError(
            f"The weights of {', '.join(sorted(weights[sha256] for sha256 in missing))} are not on "
            "this machine: `python -m warehouse add model` brings them in."
        )


def work_for(warehouse: Warehouse, batch: PlannedBatch, *, previews: bool = True) -> Work:
    """A batch with the places of its weights."""
    places = places_of(warehouse, {each.sha256 for each in batch.requests[0].weights})
    return Work(batch.requests, batch.missing, places, previews=previews)


def first_work(warehouse: Warehouse, order: Order) -> Work:
    """What a device must have loaded to begin with the order."""
    request = order.pictures[0].request
    places = places_of(warehouse, {each.sha256 for each in request.weights})
    return Work((request,), (0,), places)


def check_distinct(order: Order) -> None:
    """Raises OrderError where two places ask for the same picture."""
    seen: dict[str, int] = {}
    for place, picture in enumerate(order.pictures):
        first = seen.setdefault(identity(picture.request), place)
        if first != place:
            across = len(order.columns)
            where = [
                f"{order.rows[each // across]}, {order.columns[each % across]}"
                for each in (first, place)
            ]
            raise OrderError(
                f"Two places ask for the same picture ({'; '.join(where)}): take one of them out."
            )
