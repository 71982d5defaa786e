"""Long work in the table `jobs`: asked for once, told how far it is, ended in words."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from warehouse.database import Warehouse

LEFT = "The dashboard was stopped before this was ready; start it again."


def ask_job(warehouse: Warehouse, kind: str, person_id: str, request: Mapping[str, Any]) -> str:
    """Id of a queued job for `request`; of the one under way where the same was asked before."""
    text = json.dumps(request, sort_keys=True)
    sha256 = hashlib.sha256(f"{kind}|{text}".encode()).hexdigest()
    with warehouse.transaction() as cursor:
        under_way = cursor.execute(
            "select job_id from jobs where request_sha256 = $sha256 "
            "and state in ('queued', 'running') order by created_at limit 1",
            {"sha256": sha256},
        ).fetchone()
        if under_way:
            return str(under_way[0])
        made = cursor.execute(
            "insert into jobs (kind, person_id, request, request_sha256) "
            "values ($kind, $person_id, $request::json, $sha256) returning job_id",
            {"kind": kind, "person_id": person_id, "request": text, "sha256": sha256},
        ).fetchone()
        assert made is not None
        return str(made[0])


def note_job(warehouse: Warehouse, job_id: str, progress: float) -> None:
    """The job runs and is this far, 0 to 1."""
    with warehouse.transaction() as cursor:
        cursor.execute(
            "update jobs set state = 'running', progress = $progress, "
            "started_at = coalesce(started_at, now()) "
            "where job_id = $job_id and state in ('queued', 'running')",
            {"job_id": job_id, "progress": min(1.0, max(0.0, progress))},
        )


def end_job(warehouse: Warehouse, job_id: str, state: str, message: str) -> None:
    """The job is done, failed or cancelled."""
    with warehouse.transaction() as cursor:
        cursor.execute(
            "update jobs set state = $state, message = $message, finished_at = now(), "
            "progress = if($state = 'done', 1, progress) "
            "where job_id = $job_id and state in ('queued', 'running')",
            {"job_id": job_id, "state": state, "message": message},
        )


def end_left_jobs(warehouse: Warehouse, kind: str) -> None:
    """Jobs that an earlier process left under way have failed: one process holds the file."""
    with warehouse.transaction() as cursor:
        cursor.execute(
            "update jobs set state = 'failed', message = $message, finished_at = now() "
            "where kind = $kind and state in ('queued', 'running')",
            {"kind": kind, "message": LEFT},
        )
