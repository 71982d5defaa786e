"""Drag and sort: batches in falling order of GRE, one after another."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.sessions.events import Order


@dataclass(frozen=True)
class Tray:
    """A batch to sort, and those that follow."""

    batch: tuple[str, ...]
    following: tuple[tuple[str, ...], ...]


def batches(image_ids: Sequence[str], size: int) -> tuple[tuple[str, ...], ...]:
    """The pictures in batches of `size`, in order; none has a single picture.

    A last batch of one takes a picture from the batch before (5 by fours are 3 + 2), or joins it
    where that would leave one there (3 by twos are 3).
    """
    cuts = list(range(0, len(image_ids), size))
    if len(cuts) > 1 and len(image_ids) - cuts[-1] == 1:
        if size > 2:
            cuts[-1] -= 1
        else:
            cuts.pop()
    ends = [*cuts[1:], len(image_ids)]
    return tuple(tuple(image_ids[start:end]) for start, end in zip(cuts, ends, strict=True))


def first_tray(image_ids: Sequence[str], size: int) -> Tray:
    """The first batch of a prompt."""
    first, *following = batches(image_ids, size)
    return Tray(first, tuple(following))


def next_tray(tray: Tray) -> Tray | None:
    """After an order or a skip; None when all are through."""
    return Tray(tray.following[0], tray.following[1:]) if tray.following else None


def order_fault(order: Order, *, reject_bin: bool) -> str | None:
    """Why an order cannot be taken; None where it can."""
    if sorted(order.ranked_image_ids + order.rejected_image_ids) != sorted(order.shown_image_ids):
        return "An order names each picture of its batch once, and no other."
    if order.rejected_image_ids and not reject_bin:
        return "This session has no reject bin."
    return None
