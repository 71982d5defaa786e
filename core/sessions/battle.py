"""Battle as in GEMRec: the loser makes room for the next candidate in rising order of GRE."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.sessions.events import Event, Vote


@dataclass(frozen=True)
class Bout:
    """Two pictures, and the candidates that wait in order.

    The older stands at least as long as the newer; of two that came together it is the one that
    comes first in the order.
    """

    older: str
    newer: str
    waiting: tuple[str, ...]

    @property
    def pair(self) -> tuple[str, str]:
        """Both pictures, as yet without sides."""
        return self.older, self.newer


def first_bout(image_ids: Sequence[str]) -> Bout:
    """The two lowest candidates of a prompt meet first."""
    return Bout(image_ids[0], image_ids[1], tuple(image_ids[2:]))


def next_bout(bout: Bout, answer: Event) -> Bout | None:
    """After a vote or a skip; None when a replacement is needed and no candidate waits.

    Who wins stays, at a tie the newer does. After both bad or a skip two others come; where one
    only waits it meets the newer, so that every candidate is seen.
    """
    if not bout.waiting:
        return None
    stays = _stays(bout, answer)
    if stays is None and len(bout.waiting) > 1:
        return Bout(bout.waiting[0], bout.waiting[1], bout.waiting[2:])
    return Bout(stays or bout.newer, bout.waiting[0], bout.waiting[1:])


def fewest_bouts(waiting: int) -> int:
    """Fewest answers until a battle ends, the present pair's included."""
    return 1 + (waiting + 1) // 2


def most_bouts(waiting: int) -> int:
    """Most answers until a battle ends, the present pair's included."""
    return 1 + waiting


def _stays(bout: Bout, answer: Event) -> str | None:
    """The picture that stays; None when both go."""
    if not isinstance(answer, Vote):
        return None
    left, right = answer.shown_image_ids
    if answer.outcome == "tie":
        return bout.newer
    return {"left": left, "right": right}.get(answer.outcome)
