"""The selection basket of the person at the screen: one for all pages, kept in the warehouse."""

from collections.abc import Sequence

import polars as pl

from dashboard.access import current_person
from dashboard.data import selection as data
from dashboard.resources import selection_revisions, warehouse
from warehouse import selections


def pick(image_ids: Sequence[str], page: str, on_screen: Sequence[str] = ()) -> None:
    """Put images into the basket as one gesture on `page`, with what was on screen then."""
    selections.pick(warehouse(), _picker(), image_ids, page=page, shown_image_ids=on_screen)
    _changed()


def unpick(image_ids: Sequence[str], page: str) -> None:
    """Take images out of the basket as one gesture on `page`."""
    selections.unpick(warehouse(), _picker(), image_ids, page=page)
    _changed()


def picked() -> tuple[str, ...]:
    """Ids of the images in the basket, in the order of picking; hidden ones are left out."""
    return tuple(basket()["image_id"])


def basket() -> pl.DataFrame:
    """The images in the basket with their models and pictures, in the order of picking."""
    person_id = current_person().person_id
    return data.basket(person_id, selection_revisions()[person_id])


def last_gesture() -> pl.DataFrame:
    """What an undo would take back; no row when there is nothing."""
    person_id = current_person().person_id
    return data.last_gesture(person_id, selection_revisions()[person_id])


def undo(page: str = "basket") -> None:
    """Take back the last pick or unpick; the undo is recorded too."""
    selections.undo(warehouse(), _picker(), page=page)
    _changed()


def _picker() -> selections.Picker:
    person = current_person()
    return selections.Picker(person.person_id, person.name, person.role.name.lower())


def _changed() -> None:
    """From now on what was read of this person's selection is old."""
    selection_revisions()[current_person().person_id] += 1
