"""Judgments for tests, as ranking sessions store them."""

import itertools

STEP = itertools.count()


def judge(warehouse, kind, shown, *, person="ada", simulated=False, prompt_id=1, **columns):
    """One event; returns its id."""
    number = next(STEP)
    row = {
        "judgment_id": f"j{number}",
        "idempotency_key": f"k{number}",
        "session_id": "s",
        "person_id": person,
        "mode": "battle" if kind == "vote" else "sort",
        "step": number,
        "kind": kind,
        "prompt_id": prompt_id,
        "shown_image_ids": shown,
        "profile": "GEMRec default",
        "simulated": simulated,
        **columns,
    }
    names = ", ".join(row)
    values = ", ".join(f"${name}" for name in row)
    with warehouse.transaction() as cursor:
        cursor.execute(f"insert into judgments ({names}) values ({values})", row)
    return row["judgment_id"]


def judge_grid(warehouse, *, people=("ada", "bob"), simulated=False):
    """Every person votes on every pair of neighbours of each prompt, for the higher CLIP score."""
    rows = warehouse.select(
        "select prompt_id, image_id, clip_score from image_scores "
        "where not hidden and clip_score is not null order by prompt_id, image_id"
    ).rows()
    for one, other in itertools.pairwise(rows):
        if one[0] != other[0]:
            continue
        for person in people:
            outcome = "left" if one[2] > other[2] else "right"
            judge(
                warehouse,
                "vote",
                [one[1], other[1]],
                person=person,
                simulated=simulated,
                prompt_id=one[0],
                outcome=outcome,
            )
