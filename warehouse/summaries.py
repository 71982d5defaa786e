"""What one person prefers: models rated by their judgments, beside everybody else's."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from core.errors import NotFoundError
from core.ratings.alike import Alike, JudgedPair, alike_with_others, alike_with_scores
from core.ratings.standings import personal_ratings, standings, top_three
from core.ratings.wins import pairs_of_judgment, win_matrix
from core.weights.pairs import TIE
from warehouse.database import Warehouse
from warehouse.reads import summary as reads

Row = Mapping[str, Any]
MODEL_COLUMNS = {
    "rank": pl.Int64,
    "model_version_id": pl.Int64,
    "model_name": pl.String,
    "version_name": pl.String,
    "chance": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "by_others": pl.Float64,
    "first": pl.Float64,
    "among_top": pl.Float64,
    "judgments": pl.Int64,
    "pairs": pl.Int64,
    "preferred": pl.Int64,
    "tied": pl.Int64,
    "image_id": pl.String,
    "sha256": pl.String,
}


@dataclass(frozen=True)
class Asked:
    """What a summary is of; tag "" stands for prompts without one, None for all."""

    person_id: str
    session_id: str | None = None
    tag: str | None = None
    with_simulated: bool = False


@dataclass(frozen=True)
class Summary:
    """A person's models, best first, and how their judgments go with the score and with others'.

    `models` has MODEL_COLUMNS. `chance` is that of being preferred to the average model, with a
    95 % interval; `by_others` the same by everybody else's judgments. Of the pictures compared with
    another model's, `preferred` and `tied` are counts of pairs. `image_id` is the picture of the
    model that was preferred most often, null where none was or it is hidden.
    """

    models: pl.DataFrame
    judgments: int  # of the person
    simulated: int  # of them
    other_judgments: int
    other_people: int
    rated_models: int  # whose mean is the average model
    top_settled: float | None  # probability that the first three are the best three
    with_scores: Alike
    with_others: Alike

    @property
    def favourite(self) -> dict[str, Any] | None:
        """The best-rated model of those that the person preferred to another at least once.

        After few votes the best-rated may be one that they voted against: others' favourite.
        """
        preferred = self.models.filter(pl.col("preferred") > 0)
        return None if preferred.is_empty() else preferred.row(0, named=True)


@dataclass
class _Tally:
    """What happened to one model in a person's judgments."""

    judgments: set[int] = field(default_factory=set)
    pairs: int = 0
    preferred: Counter[str] = field(default_factory=Counter)  # by picture
    tied: int = 0


def summary(warehouse: Warehouse, asked: Asked, *, unjudged: bool = False) -> Summary:
    """The summary of what is asked; with `unjudged` models that only others judged are ranked too.

    Raises NotFoundError where the person has no such session.
    """
    return _summarised(warehouse, _judgments(warehouse, asked), unjudged=unjudged)


def summaries_by_tag(warehouse: Warehouse, asked: Asked) -> dict[str, Summary]:
    """A summary for each tag that the person judged, by its name; others' judgments of that tag.

    Raises as `summary`.
    """
    judgments = _judgments(warehouse, asked).with_columns(pl.col("tag").fill_null(""))
    tags = judgments.filter("own")["tag"].unique().sort()
    return {
        tag: _summarised(warehouse, judgments.filter(pl.col("tag") == tag), unjudged=False)
        for tag in tags
    }


def check_session(warehouse: Warehouse, asked: Asked) -> None:
    """Raise NotFoundError unless the session that is asked for is the person's."""
    if asked.session_id and owner_of(warehouse, asked.session_id) != asked.person_id:
        raise NotFoundError("ranking session of this person", asked.session_id)


def owner_of(warehouse: Warehouse, session_id: str) -> str | None:
    """Whose the session is; None where there is none such."""
    found = reads.session_owner(warehouse, session_id=session_id)
    return None if found.is_empty() else str(found["person_id"][0])


def _judgments(warehouse: Warehouse, asked: Asked) -> pl.DataFrame:
    check_session(warehouse, asked)
    return reads.summary_judgments(
        warehouse,
        person_id=asked.person_id,
        session_id=asked.session_id,
        tag=asked.tag,
        with_simulated=asked.with_simulated,
    )


def _summarised(warehouse: Warehouse, judgments: pl.DataFrame, *, unjudged: bool) -> Summary:
    shown = judgments["shown_image_ids"].explode().drop_nulls().unique().to_list()
    pictures = {
        row["image_id"]: row
        for row in reads.judged_pictures(warehouse, shown).iter_rows(named=True)
    }
    own = list(judgments.filter("own").iter_rows(named=True))
    others = judgments.filter(~pl.col("own"))
    pairs = list(_pairs(own))
    seen = {picture for judged in pairs for picture in (judged.pair.first, judged.pair.second)}
    other_rows = list(others.iter_rows(named=True))
    rivals = [
        judged
        for judged in _pairs(other_rows)
        if judged.pair.first in seen and judged.pair.second in seen
    ]
    tallies = _tallies(pairs, pictures)
    models, settled, rated = _ranked(own, other_rows, pictures, tallies, unjudged=unjudged)
    scores = {key: row["gre"] for key, row in pictures.items() if row["gre"] is not None}
    return Summary(
        models,
        len(own),
        sum(row["simulated"] for row in own),
        others.height,
        others["person_id"].n_unique(),
        rated,
        settled,
        alike_with_scores(pairs, scores),
        alike_with_others(pairs, rivals),
    )


def _pairs(rows: Iterable[Row]) -> Iterable[JudgedPair]:
    for number, row in enumerate(rows):
        for pair in pairs_of_judgment(row)[0]:
            yield JudgedPair(pair, number, row["person_id"])


def _tallies(pairs: Iterable[JudgedPair], pictures: Mapping[str, Row]) -> dict[int, _Tally]:
    """By model, over pairs of pictures of two models."""
    tallies: dict[int, _Tally] = {}
    for judged in pairs:
        first, second = judged.pair.first, judged.pair.second
        if first not in pictures or second not in pictures:
            continue
        models = [pictures[image_id]["model_version_id"] for image_id in (first, second)]
        if models[0] == models[1]:
            continue
        for model in models:
            tally = tallies.setdefault(model, _Tally())
            tally.judgments.add(judged.judgment)
            tally.pairs += 1
            tally.tied += judged.pair.outcome == TIE
        if judged.pair.outcome != TIE:
            tallies[models[0]].preferred[first] += 1
    return tallies


def _ranked(
    own: Sequence[Row],
    others: Sequence[Row],
    pictures: Mapping[str, Row],
    tallies: Mapping[int, _Tally],
    *,
    unjudged: bool,
) -> tuple[pl.DataFrame, float | None, int]:
    """Rows of models, how surely the first three are the best, and how many models are rated."""
    told = {row["model_version_id"]: row for row in pictures.values()}
    ids = sorted(told)
    place_of = {model: place for place, model in enumerate(ids)}
    places = {key: place_of[row["model_version_id"]] for key, row in pictures.items()}
    ranked = [place_of[model] for model in ids if unjudged or model in tallies]
    if not ranked:
        return pl.DataFrame(schema=MODEL_COLUMNS), None, len(ids)
    personal = personal_ratings(win_matrix(own, places), win_matrix(others, places))
    rows = []
    for rank, standing in enumerate(standings(personal, ranked), start=1):
        model = ids[standing.place]
        tally = tallies.get(model, _Tally())
        picture = _example(tally.preferred, pictures)
        rows.append(
            {
                "rank": rank,
                "model_version_id": model,
                "model_name": told[model]["model_name"],
                "version_name": told[model]["version_name"],
                "chance": standing.chance,
                "lower": standing.lower,
                "upper": standing.upper,
                "by_others": standing.by_others,
                "first": standing.first,
                "among_top": standing.among_top,
                "judgments": len(tally.judgments),
                "pairs": tally.pairs,
                "preferred": tally.preferred.total(),
                "tied": tally.tied,
                "image_id": picture["image_id"] if picture else None,
                "sha256": picture["sha256"] if picture else None,
            }
        )
    top = top_three(personal, ranked)
    settled = None if top is None else top.probability
    return pl.DataFrame(rows, MODEL_COLUMNS), settled, len(ids)


def _example(preferred: Mapping[str, int], pictures: Mapping[str, Row]) -> Row | None:
    """The picture preferred most often, the better by GRE-Score of several; never a hidden one."""
    shown = [pictures[image_id] for image_id in preferred if not pictures[image_id]["hidden"]]
    best = sorted(
        shown, key=lambda row: (-preferred[row["image_id"]], -(row["gre"] or 0), row["image_id"])
    )
    return best[0] if best else None
