"""A roster drawn from a hub by popularity, as GEMRec's was.

GEMRec (WSDM 2024), section 3.1: 197 models drawn at random "according to the popularity
distribution (i.e., download counts)", three well-known checkpoints added as baselines. Downloads
spread over many powers of ten (table 1: 39 to 102,076), so the distribution is taken over bins of
equal width in log10(downloads + 1), and the roster keeps each bin's share of the hub.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from random import Random

from core.errors import GemboardError, shortened


class DrawError(GemboardError):
    """A roster that cannot be drawn from what is given."""


@dataclass(frozen=True)
class Candidate:
    """A model version that may be drawn."""

    model_version_id: int
    downloads: int  # 0 or more


@dataclass(frozen=True)
class Bin:
    """Models of like popularity, and how many of them were drawn."""

    low: int  # downloads, included
    high: int  # downloads, included
    models: int  # that could be drawn
    drawn: int


@dataclass(frozen=True)
class Draw:
    """A roster: its models by number, and how each bin came to it (kept models aside)."""

    model_version_ids: tuple[int, ...]
    bins: tuple[Bin, ...]  # those with models, least downloads first


def draw_roster(
    candidates: Iterable[Candidate],
    n: int,
    seed: int,
    *,
    keep: Collection[int] = (),
    bins_per_decade: int = 1,
) -> Draw:
    """`n` models in all: those to `keep`, and the rest drawn bin by bin.

    A bin gets its share of the models, rounded by largest remainders, and at least one where there
    are places enough; within a bin all are equally likely. The same models, whatever their order,
    and the same seed give the same roster. Raises DrawError.
    """
    downloads = _downloads(candidates)
    _check(downloads, n, keep, bins_per_decade)
    lows = _lows(max(downloads.values(), default=0), bins_per_decade)
    members: dict[int, list[int]] = {}
    for model, number in sorted(downloads.items()):
        if model not in keep:
            members.setdefault(bisect_right(lows, number) - 1, []).append(model)
    filled = sorted(members)
    shares = quotas([len(members[place]) for place in filled], n - len(set(keep)))
    random = Random(seed)
    drawn = set(keep)
    bins = []
    for place, share in zip(filled, shares, strict=True):
        drawn.update(random.sample(members[place], share))
        bins.append(Bin(lows[place], lows[place + 1] - 1, len(members[place]), share))
    return Draw(tuple(sorted(drawn)), tuple(bins))


def quotas(sizes: list[int], n: int) -> list[int]:
    """`n` places over groups by their sizes: largest remainders, at least one each if they suffice.

    No group gets more than its size; `n` is at most the sum of the sizes.
    """
    total = sum(sizes)
    floor = 1 if n >= len(sizes) else 0
    given = [max(floor, n * size // total) for size in sizes]
    while sum(given) != n:
        # How far each is from its exact share, in units of 1 / total: whole numbers have no ties
        # that rounding decides.
        lacks = [n * size - total * places for size, places in zip(sizes, given, strict=True)]
        if sum(given) < n:
            free = [place for place, size in enumerate(sizes) if given[place] < size]
            given[max(free, key=lambda place: (lacks[place], place))] += 1
        else:
            free = [place for place in range(len(sizes)) if given[place] > floor]
            given[min(free, key=lambda place: (lacks[place], place))] -= 1
    return given


def _downloads(candidates: Iterable[Candidate]) -> dict[int, int]:
    downloads: dict[int, int] = {}
    for candidate in candidates:
        if candidate.downloads < 0:
            raise DrawError(
                f"Model version {candidate.model_version_id} has {candidate.downloads} downloads: "
                "correct its row, or leave it out."
            )
        if candidate.model_version_id in downloads:
            raise DrawError(
                f"Model version {candidate.model_version_id} is listed twice: list it once."
            )
        downloads[candidate.model_version_id] = candidate.downloads
    return downloads


def _check(downloads: dict[int, int], n: int, keep: Collection[int], per_decade: int) -> None:
    if per_decade < 1:
        raise DrawError(f"{per_decade} bins for each power of ten are too few: take 1 or more.")
    if unknown := sorted(set(keep) - downloads.keys()):
        raise DrawError(
            f"Model version {shortened(unknown[0])} is to be kept but is not listed: list it."
        )
    if n < 1 or n > len(downloads):
        raise DrawError(
            f"A roster of {n} models cannot be drawn from {len(downloads)}: take 1 to "
            f"{len(downloads)}."
        )
    if n < len(set(keep)):
        raise DrawError(
            f"{len(set(keep))} models are to be kept in a roster of {n}: keep fewer, or draw more."
        )


def _lows(most: int, per_decade: int) -> list[int]:
    """The least downloads of each bin, ascending, and one bound above `most`."""
    lows = [0]
    while lows[-1] <= most:
        whole, part = divmod(len(lows), per_decade)
        # Whole powers of ten without rounding; of bounds that fall together, bisect takes the last.
        lows.append(10**whole - 1 if part == 0 else round(10 ** (len(lows) / per_decade)) - 1)
    return lows
