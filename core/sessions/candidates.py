"""Who takes part: the pictures of a prompt that are ranked, and the mode of a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan

from core.sessions.chance import draw
from core.sessions.session import MODES, Mode

FEWEST = 8  # pictures of a prompt: two batches, or a battle of at most seven votes


@dataclass(frozen=True)
class Candidate:
    """A picture of the prompt; gre is None (or NaN) where a metric is missing."""

    image_id: str
    gre: float | None
    picked: bool = False
    hidden: bool = False
    model: int | None = None  # whose picture it is, where that is known


def candidate_pool(
    pictures: Iterable[Candidate], mode: Mode, *, fewest: int = FEWEST
) -> tuple[str, ...]:
    """Image ids to rank, in the order of the mode: all picks, filled up to `fewest` by GRE.

    Models with nothing in the pool fill up first: two seeds of one model say nothing about models.
    Drag and sort begins with the highest GRE, a battle with the lowest; equal ones go by image id,
    and pictures without GRE come last, in both. Hidden pictures take no part even when picked.
    Fewer than `fewest` come back where the prompt has no more.
    """
    falling = sorted((picture for picture in pictures if not picture.hidden), key=_by_falling_gre)
    picked = [picture for picture in falling if picture.picked]
    unpicked = _other_models_first(
        {picture.model for picture in picked},
        [picture for picture in falling if not picture.picked],
    )
    pool = picked + unpicked[: max(0, fewest - len(picked))]
    order = _by_falling_gre if mode == "sort" else _by_rising_gre
    return tuple(picture.image_id for picture in sorted(pool, key=order))


def _other_models_first(taken: set[int | None], falling: Sequence[Candidate]) -> list[Candidate]:
    """The same pictures, the best of each model that is not taken before all others."""
    first, others = [], []
    for picture in falling:
        if picture.model is None or picture.model not in taken:
            first.append(picture)
            taken = taken | {picture.model}
        else:
            others.append(picture)
    return first + others


def assigned_mode(
    person_id: str,
    people_by_mode: Mapping[Mode, int],
    *,
    earlier: Mode | None = None,
    campaign: Mode | None = None,
) -> Mode:
    """The mode of a person: the campaign's, or else the one they had before, or else by chance.

    Chance is balanced: a newcomer gets the mode that fewer people have, and where as many have
    either, a coin decides that their id alone determines.
    """
    known = campaign or earlier
    if known:
        return known
    counts = [people_by_mode.get(mode, 0) for mode in MODES]
    if counts[0] == counts[1]:
        return MODES[int(2 * draw("mode", person_id))]
    return MODES[counts.index(min(counts))]


def _by_falling_gre(picture: Candidate) -> tuple[bool, float, str]:
    gre = _known(picture.gre)
    return gre is None, -(gre or 0), picture.image_id


def _by_rising_gre(picture: Candidate) -> tuple[bool, float, str]:
    gre = _known(picture.gre)
    return gre is None, gre or 0, picture.image_id


def _known(gre: float | None) -> float | None:
    return None if gre is None or isnan(gre) else gre
