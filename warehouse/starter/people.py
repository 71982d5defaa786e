"""Lands the simulated annotators and what they picked and judged, marked as simulated."""

from datetime import UTC, datetime, timedelta
from itertools import groupby

import polars as pl

from core.starter.annotators import ANNOTATORS, Candidate, Session, simulate
from warehouse.database import Warehouse, query_text
from warehouse.importers.report import Landed
from warehouse.landing import record, stage

PAGE = "explore"
PAIRING = "gre ascending"
FIRST_DAY, DAYS = datetime(2026, 11, 1, 9, tzinfo=UTC), 14


def land_people(warehouse: Warehouse) -> dict[str, Landed]:
    """Simulate and land everything in one transaction, unless it is there already.

    Nobody judges where the starter's pictures have no GRE-Score, as beside another encoder's.
    """
    if warehouse.value("select count(*) from sessions where starts_with(session_id, 'starter-')"):
        return {}
    candidates: dict[int, list[Candidate]] = {
        prompt_id: [Candidate(*row[1:]) for row in rows]
        for prompt_id, rows in groupby(
            warehouse.frame("annotator_candidates").iter_rows(), key=lambda row: row[0]
        )
    }
    if not candidates:
        return {}
    sessions = simulate(candidates)
    profile = warehouse.value("select name from weight_profiles where active")
    frames = {
        "people": _people(),
        "sessions": _sessions(sessions, profile),
        "selections": _selections(sessions),
        "judgments": _judgments(sessions, profile),
    }
    with warehouse.transaction() as cursor:
        for table, rows in frames.items():
            stage(cursor, f"incoming_{table}", rows)
            if table == "selections":
                cursor.execute(query_text("add_selection_gestures"))
            cursor.execute(query_text(f"add_{table}"))
        counts = {table: rows.height for table, rows in frames.items()}
        record(cursor, "load simulated annotators", "starter", after=counts)
    return {table: Landed(rows.height) for table, rows in frames.items()}


def _people() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "person_id": [annotator.person_id for annotator in ANNOTATORS],
            "name": [f"{annotator.name} (simulated)" for annotator in ANNOTATORS],
        }
    )


def _sessions(sessions: tuple[Session, ...], profile: str | None) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "session_id": _session_id(session),
                "person_id": session.person_id,
                "mode": session.mode,
                "prompt_ids": list(session.prompt_ids),
                "candidate_image_ids": list(session.candidate_image_ids),
                "profile": profile or "none",
                "created_at": _start(index, len(sessions)),
            }
            for index, session in enumerate(sessions)
        ]
    )


def _selections(sessions: tuple[Session, ...]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "selection_id": f"{_session_id(session)}-pick-{number:02d}",
                "gesture_id": f"{_session_id(session)}-pick-{number:02d}",
                "person_id": session.person_id,
                "session_id": _session_id(session),
                "prompt_id": prompt_id,
                "image_id": candidate.image_id,
                "model_version_id": candidate.model_version_id,
                "page": PAGE,
                "created_at": _start(index, len(sessions)) - timedelta(seconds=60 - number),
            }
            for index, session in enumerate(sessions)
            for number, (prompt_id, candidate) in enumerate(session.picks)
        ]
    )


def _judgments(sessions: tuple[Session, ...], profile: str | None) -> pl.DataFrame:
    rows = []
    for index, session in enumerate(sessions):
        at = _start(index, len(sessions))
        for step, judgment in enumerate(session.judgments):
            at += timedelta(milliseconds=judgment.response_time_ms)
            key = f"{_session_id(session)}-{step:03d}"
            rows.append(
                {
                    "judgment_id": key,
                    "idempotency_key": key,
                    "session_id": _session_id(session),
                    "person_id": session.person_id,
                    "mode": session.mode,
                    "step": step,
                    "kind": judgment.kind,
                    "prompt_id": judgment.prompt_id,
                    "shown_image_ids": list(judgment.shown_image_ids),
                    "outcome": judgment.outcome,
                    "ranked_image_ids": list(judgment.ranked_image_ids),
                    "rejected_image_ids": list(judgment.rejected_image_ids),
                    "response_time_ms": judgment.response_time_ms,
                    "profile": profile or "none",
                    "pairing": PAIRING if session.mode == "battle" else None,
                    "created_at": at,
                }
            )
    lists = {"ranked_image_ids": pl.List(pl.String), "rejected_image_ids": pl.List(pl.String)}
    return pl.DataFrame(rows, schema_overrides=lists, infer_schema_length=None)


def _session_id(session: Session) -> str:
    return f"starter-session-{session.person_id.rsplit('-', 1)[-1]}-{session.kind}"


def _start(index: int, sessions: int) -> datetime:
    """Sessions are spread over a fortnight."""
    return FIRST_DAY + timedelta(days=DAYS * index / max(1, sessions))
