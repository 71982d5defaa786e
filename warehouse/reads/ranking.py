"""Reads of ranking: what can be ranked, sessions of a person, campaigns and how far they are."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from warehouse.database import Warehouse


def ranking_candidates(
    warehouse: Warehouse, *, prompt_ids: Sequence[int], person_id: str | None, with_simulated: bool
) -> pl.DataFrame:
    """Pictures of the prompts that may be ranked; without a person nothing is picked."""
    return warehouse.frame(
        "ranking_candidates",
        prompt_ids=list(prompt_ids),
        person_id=person_id,
        with_simulated=with_simulated,
    )


def prompts_to_rank(
    warehouse: Warehouse,
    *,
    person_id: str | None = None,
    prompt_ids: Sequence[int] | None = None,
    with_simulated: bool = False,
) -> pl.DataFrame:
    """Prompts of two pictures or more, with pictures and judgments so far."""
    return warehouse.frame(
        "prompts_to_rank",
        person_id=person_id,
        prompt_ids=None if prompt_ids is None else list(prompt_ids),
        with_simulated=with_simulated,
    )


def first_modes(warehouse: Warehouse) -> pl.DataFrame:
    """The mode that chance gave each person."""
    return warehouse.frame("first_modes")


def ranked_judgments(
    warehouse: Warehouse,
    *,
    campaign: str | None = None,
    prompt_ids: Sequence[int] | None = None,
    with_simulated: bool = False,
) -> pl.DataFrame:
    """Votes and orders in force but for attention checks, and how often each was given."""
    return warehouse.frame(
        "ranked_judgments",
        campaign=campaign,
        prompt_ids=None if prompt_ids is None else list(prompt_ids),
        with_simulated=with_simulated,
    )


def sessions_of_person(warehouse: Warehouse, *, person_id: str, most: int) -> pl.DataFrame:
    """The sessions that a person touched last, `most` of them."""
    return warehouse.frame("sessions_of_person", person_id=person_id, most=most)


def campaign_list(warehouse: Warehouse) -> pl.DataFrame:
    """All campaigns with their state, open ones first."""
    return warehouse.frame("campaign_list")


def campaign_history(warehouse: Warehouse, *, campaign_id: str) -> pl.DataFrame:
    """When a campaign was opened and closed, by whom and why, newest first."""
    return warehouse.frame("campaign_history", campaign_id=campaign_id)


def campaign_shares(
    warehouse: Warehouse, *, campaign_id: str, since: datetime, with_simulated: bool = False
) -> pl.DataFrame:
    """A row for each prompt and person; sessions begun from `since` on hold their prompts."""
    return warehouse.frame(
        "campaign_shares", campaign_id=campaign_id, since=since, with_simulated=with_simulated
    )


def campaign_people(
    warehouse: Warehouse, *, campaign_id: str, with_simulated: bool = False
) -> pl.DataFrame:
    """A row for each annotator of a campaign, the busiest first."""
    return warehouse.frame(
        "campaign_people", campaign_id=campaign_id, with_simulated=with_simulated
    )


def campaign_checks(
    warehouse: Warehouse, *, campaign_id: str, with_simulated: bool = False
) -> pl.DataFrame:
    """Attention checks passed, failed and unclear, for each annotator who had any."""
    return warehouse.frame(
        "campaign_checks", campaign_id=campaign_id, with_simulated=with_simulated
    )


def campaign_pictures(
    warehouse: Warehouse, *, campaign_id: str, with_simulated: bool = False
) -> pl.DataFrame:
    """image_id and model_version_id of all candidates of a campaign's sessions."""
    return warehouse.frame(
        "campaign_pictures", campaign_id=campaign_id, with_simulated=with_simulated
    )


def ranked_pictures(warehouse: Warehouse, *, image_ids: Sequence[str]) -> pl.DataFrame:
    """The pictures of these ids with file, prompt, model, and whether they are hidden now."""
    return warehouse.frame("ranked_pictures", image_ids=list(image_ids))
