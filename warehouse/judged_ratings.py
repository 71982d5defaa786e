"""Ratings of pictures and of models from the judgments in force, for pairing and for stopping."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.ratings.bradley_terry import fitted_ratings
from core.ratings.wins import win_matrix
from core.sessions.ratings import Ratings, Top, top_of
from warehouse.database import Warehouse
from warehouse.reads import ranking as reads

TOP = 3


@dataclass(frozen=True)
class RatedModels:
    """Models that take part in a campaign, and their ratings by its judgments."""

    model_version_ids: tuple[int, ...]
    ratings: Ratings
    judgments: int


@dataclass(frozen=True)
class Leaders:
    """The best-rated models of a campaign, and how sure it is that they are the best."""

    model_version_ids: tuple[int, ...]  # best first
    top: Top
    judgments: int


def picture_ratings(
    warehouse: Warehouse,
    pools: Mapping[int, Sequence[str]],
    *,
    campaign: str | None = None,
    with_simulated: bool = False,
) -> dict[int, Ratings]:
    """Ratings of each prompt's pictures, by the judgments of a campaign or all on that prompt.

    Prompts that nobody judged are left out.
    """
    judgments = reads.ranked_judgments(
        warehouse, campaign=campaign, prompt_ids=list(pools), with_simulated=with_simulated
    )
    by_prompt: dict[int, list[dict[str, object]]] = {}
    for row in judgments.iter_rows(named=True):
        by_prompt.setdefault(row["prompt_id"], []).append(row)
    ratings = {}
    for prompt_id, rows in by_prompt.items():
        places = {image_id: place for place, image_id in enumerate(pools[prompt_id])}
        wins = win_matrix(rows, places)
        if wins.any():
            ratings[prompt_id] = fitted_ratings(wins)
    return ratings


def model_ratings(
    warehouse: Warehouse, campaign: str, *, with_simulated: bool = False
) -> RatedModels | None:
    """Ratings of all models whose pictures take part in a campaign, over its prompts.

    None before its first judgment.
    """
    pictures = reads.campaign_pictures(
        warehouse, campaign_id=campaign, with_simulated=with_simulated
    )
    judgments = reads.ranked_judgments(warehouse, campaign=campaign, with_simulated=with_simulated)
    if judgments.is_empty():
        return None
    models = pictures["model_version_id"].unique().sort().to_list()
    place_of = {model: place for place, model in enumerate(models)}
    places = {image_id: place_of[model] for image_id, model in pictures.iter_rows()}
    wins = win_matrix(judgments.iter_rows(named=True), places)
    return RatedModels(tuple(models), fitted_ratings(wins), int(judgments["times"].sum()))


def leaders(warehouse: Warehouse, campaign: str, *, with_simulated: bool = False) -> Leaders | None:
    """The top three models of a campaign; None before its first judgment, or for so few models.

    Whether they are settled says `Leaders.top.is_settled(level)`.
    """
    rated = model_ratings(warehouse, campaign, with_simulated=with_simulated)
    if rated is None:
        return None
    top = top_of(*rated.ratings.arrays(), TOP)
    if top is None:
        return None
    best = tuple(rated.model_version_ids[place] for place in top.places)
    return Leaders(best, top, rated.judgments)
