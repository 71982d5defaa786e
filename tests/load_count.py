"""What a load test clicked beside what the warehouse holds afterwards."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.load_annotator import Click
from warehouse.database import open_warehouse

LISTS = ("shown", "ranked", "rejected")
STORED = """
select session_id, step, kind, outcome, undoes_judgment_id,
       list_transform(shown_image_ids, lambda id: list_position(candidates, id) - 1) as shown,
       list_transform(ranked_image_ids, lambda id: list_position(candidates, id) - 1) as ranked,
       list_transform(rejected_image_ids, lambda id: list_position(candidates, id) - 1) as rejected
from judgments
join (select session_id, candidate_image_ids as candidates from sessions) using (session_id)
where list_contains($session_ids, session_id)
"""


@dataclass(frozen=True)
class Count:
    """How many answers took which way; all of one kind when nothing went wrong."""

    sent: int
    acknowledged: int
    stored: int  # rows
    lost: int  # acknowledged, and not stored
    doubled: int  # rows beyond the one of their click
    altered: int  # rows that say something else than their click
    unclicked: int  # rows that nobody clicked

    @property
    def is_right(self) -> bool:
        """Whether every answer that was clicked is stored exactly once."""
        wrong = self.lost or self.doubled or self.altered or self.unclicked
        return not wrong and self.sent == self.acknowledged == self.stored > 0


def counted(home: Path, session_ids: Sequence[str], clicks: Sequence[Click]) -> Count:
    """Compare the clicks with the judgments of these sessions; no server may be running."""
    warehouse = open_warehouse(home)
    try:
        rows = warehouse.select(STORED, {"session_ids": list(session_ids)}).rows(named=True)
    finally:
        warehouse.close()
    return compared(rows, clicks)


def compared(rows: Sequence[dict[str, Any]], clicks: Sequence[Click]) -> Count:
    """Compare clicks with rows of `judgments`."""
    stored: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        stored[row["session_id"], row["step"]].append(row)
    clicked = {(click.session_id, click.step): click for click in clicks}
    acknowledged = [place for place, click in clicked.items() if click.acknowledged_at is not None]
    return Count(
        sent=len(clicks),
        acknowledged=len(acknowledged),
        stored=len(rows),
        lost=sum(place not in stored for place in acknowledged),
        doubled=sum(len(found) - 1 for found in stored.values()),
        altered=sum(
            not _says(row, clicked[place])
            for place, found in stored.items()
            if place in clicked
            for row in found
        ),
        unclicked=sum(len(found) for place, found in stored.items() if place not in clicked),
    )


def _says(row: dict[str, Any], click: Click) -> bool:
    told = (row["kind"], row["outcome"], row["undoes_judgment_id"])
    lists = tuple(tuple(map(str, row[name] or ())) for name in LISTS)
    meant = (click.kind, click.outcome, click.undoes)
    return told == meant and lists == (click.shown, click.ranked, click.rejected)
