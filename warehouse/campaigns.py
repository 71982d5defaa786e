"""Campaigns: who ranks what, opened and closed by maintainers; append-only but for their names."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import duckdb

from core.errors import NotFoundError, shortened
from warehouse.campaign_plans import POLICIES, CampaignError, ModePolicy, Plan, plan_of, plan_text
from warehouse.database import Warehouse, query_text
from warehouse.landing import record
from warehouse.reads import ranking as reads
from warehouse.selections import written

CampaignState = Literal["open", "closed"]


@dataclass(frozen=True)
class Campaign:
    """What was asked for, and whether it still is."""

    campaign_id: str
    name: str
    prompt_ids: tuple[int, ...]
    mode: ModePolicy
    plan: Plan
    person_id: str  # who made it
    person_name: str
    created_at: datetime
    state: CampaignState
    changed_at: datetime  # when it came into that state


def campaigns(warehouse: Warehouse) -> tuple[Campaign, ...]:
    """All campaigns, open ones first, then the newest."""
    return tuple(_campaign(row) for row in reads.campaign_list(warehouse).iter_rows(named=True))


def campaign_of(warehouse: Warehouse, campaign_id: str) -> Campaign:
    """One campaign. Raises NotFoundError."""
    found = [each for each in campaigns(warehouse) if each.campaign_id == campaign_id]
    if not found:
        raise NotFoundError("campaign", campaign_id)
    return found[0]


def create_campaign(
    warehouse: Warehouse,
    name: str,
    prompt_ids: Sequence[int],
    *,
    person_id: str,
    mode: ModePolicy = "random",
    plan: Plan = Plan(),  # noqa: B008 - frozen
) -> Campaign:
    """Make a campaign and open it.

    Raises CampaignError for a name that is blank or taken, prompts that cannot be ranked, or a
    mode that is none.
    """
    name, prompts = name.strip(), list(dict.fromkeys(prompt_ids))
    if not name or mode not in POLICIES:
        raise CampaignError(f"A campaign needs a name, and a mode of {', '.join(POLICIES)}.")
    rankable = set(reads.prompts_to_rank(warehouse, prompt_ids=prompts)["prompt_id"])
    if not prompts or rankable != set(prompts):
        missing = ", ".join(str(prompt) for prompt in prompts if prompt not in rankable)
        raise CampaignError(
            f"Prompts without two pictures to rank: {missing}."
            if prompts
            else "A campaign needs a prompt or more."
        )
    campaign_id = str(uuid.uuid4())
    row = {
        "campaign_id": campaign_id,
        "name": name,
        "prompt_ids": prompts,
        "mode": mode,
        "settings": plan_text(plan),
        "person_id": person_id,
    }
    try:
        with warehouse.transaction() as cursor:
            cursor.execute(query_text("add_campaign"), row)
            _write_change(cursor, campaign_id, "open", person_id, None)
            record(cursor, "create campaign", name, person_id=person_id, after=row)
    except (duckdb.ConstraintException, duckdb.TransactionException) as error:
        raise CampaignError(f"A campaign named {shortened(name)} exists.") from error
    return campaign_of(warehouse, campaign_id)


def close_campaign(
    warehouse: Warehouse, campaign_id: str, *, person_id: str, note: str | None = None
) -> None:
    """Start no more sessions of it; those under way can be gone on with. Raises NotFoundError."""
    _change(warehouse, campaign_id, "closed", person_id, note)


def reopen_campaign(
    warehouse: Warehouse, campaign_id: str, *, person_id: str, note: str | None = None
) -> None:
    """Let sessions of it be started again. Raises NotFoundError."""
    _change(warehouse, campaign_id, "open", person_id, note)


def _change(
    warehouse: Warehouse, campaign_id: str, state: CampaignState, person_id: str, note: str | None
) -> None:
    """Nothing happens where the campaign is in that state already."""
    campaign = campaign_of(warehouse, campaign_id)

    def work(cursor: duckdb.DuckDBPyConnection) -> None:
        row = cursor.execute(
            "select state from campaign_changes where campaign_id = $campaign_id "
            "order by change_id desc limit 1",
            {"campaign_id": campaign_id},
        ).fetchone()
        if row and row[0] == state:
            return
        _write_change(cursor, campaign_id, state, person_id, note)
        action = "close campaign" if state == "closed" else "reopen campaign"
        record(cursor, action, campaign.name, person_id=person_id, after={"note": note})

    written(warehouse, work)


def _write_change(
    cursor: duckdb.DuckDBPyConnection,
    campaign_id: str,
    state: CampaignState,
    person_id: str,
    note: str | None,
) -> None:
    cursor.execute(
        "insert into campaign_changes (campaign_id, state, person_id, note) "
        "values ($campaign_id, $state, $person_id, $note)",
        {"campaign_id": campaign_id, "state": state, "person_id": person_id, "note": note},
    )


def _campaign(row: dict[str, Any]) -> Campaign:
    values = {name: value for name, value in row.items() if name != "settings"}
    values |= {"prompt_ids": tuple(row["prompt_ids"]), "plan": plan_of(row["settings"])}
    return Campaign(**values)
