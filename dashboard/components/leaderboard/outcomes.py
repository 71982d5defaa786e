"""What a judgment says, in words: of a model, of two, and of each of its pictures."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from dashboard.components.leaderboard.names import in_one
from dashboard.state.leaderboard import Behind

Names = Mapping[Hashable, tuple[str, str]]
Row = Mapping[str, Any]  # of rated_judgments
ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def ordinal(place: int) -> str:
    """1st, 2nd, 11th."""
    ending = "th" if place % 100 in (11, 12, 13) else ENDINGS.get(place % 10, "th")
    return f"{place}{ending}"


def pictures_of(row: Row) -> list[str]:
    """The pictures as one should see them: from left to right as shown, or best first."""
    if row["kind"] == "order":
        return [*row["ranked_image_ids"], *row["rejected_image_ids"]]
    return list(row["shown_image_ids"])


def mark_of(row: Row, image_id: str) -> str:
    """What happened to one picture."""
    if row["kind"] == "order":
        ranked = row["ranked_image_ids"]
        return ordinal(ranked.index(image_id) + 1) if image_id in ranked else "rejected"
    if row["outcome"] == "tie":
        return "tied"
    if row["outcome"] == "both_bad":
        return "both bad"
    return "preferred" if image_id == preferred_of(row) else "not preferred"


def preferred_of(row: Row) -> str | None:
    """The picture that was preferred: of an order the first."""
    if row["kind"] == "order":
        return str(row["ranked_image_ids"][0]) if row["ranked_image_ids"] else None
    side = {"left": 0, "right": 1}.get(row["outcome"])
    return None if side is None else str(row["shown_image_ids"][side])


def headline_of(row: Row, behind: Behind, model_of: Mapping[str, int], names: Names) -> str:
    """The judgment in a few words, from the side of the model whose judgments are listed."""
    if row["kind"] == "order":
        return _order(row, behind, model_of, names)
    left, right = (model_of.get(image_id) for image_id in row["shown_image_ids"])
    if row["outcome"] == "tie":
        other = right if behind.model in (None, left) else left
        one = left if behind.model is None else behind.model
        return f"{in_one(names, one)} tied with {in_one(names, other)}"
    won, lost = (left, right) if row["outcome"] == "left" else (right, left)
    if behind.model is not None and behind.model == lost:
        return f"Lost to {in_one(names, won)}"
    if behind.model is not None and behind.against is None:
        return f"Won against {in_one(names, lost)}"
    return f"{in_one(names, won)} preferred to {in_one(names, lost)}"


def _order(row: Row, behind: Behind, model_of: Mapping[str, int], names: Names) -> str:
    places: dict[int | None, list[str]] = {}
    for image_id in pictures_of(row):
        places.setdefault(model_of.get(image_id), []).append(mark_of(row, image_id))
    total = len(pictures_of(row))
    if behind.model is None:
        first = preferred_of(row)
        return f"{in_one(names, model_of.get(first or ''))} 1st of {total}"
    told = [_among(places.get(behind.model, []), total)]
    if behind.against is None:
        return told[0].capitalize()
    told.append(_among(places.get(behind.against, []), total))
    named = (in_one(names, model) for model in (behind.model, behind.against))
    return "; ".join(f"{name} {words}" for name, words in zip(named, told, strict=True))


def _among(marks: Sequence[str], total: int) -> str:
    return f"{' and '.join(marks)} of {total}"
