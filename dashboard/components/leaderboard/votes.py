"""The judgments behind a number: each with its pictures, who gave it, when and for which prompt."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from core.leaderboards.behind import judgments_between, judgments_of, wins_and_games
from core.leaderboards.board import Standing
from core.leaderboards.comparisons import Comparisons, Ints
from dashboard import formats, profiles
from dashboard.components.leaderboard.choice import Choice, open_votes
from dashboard.components.leaderboard.judgment_dialog import open_judgment
from dashboard.components.leaderboard.names import in_one, model_names, people_names
from dashboard.components.leaderboard.outcomes import (
    headline_of,
    mark_of,
    pictures_of,
    preferred_of,
)
from dashboard.components.leaderboard.pair_matrices import counted_comparisons
from dashboard.components.leaderboard.rated_models import interval_words, rank_words, words
from dashboard.components.leaderboard.vote_list import Side, Vote, vote_list
from dashboard.data import explore as picture_data
from dashboard.data import leaderboard as data
from dashboard.data.weights import weighed_prompts
from dashboard.media import thumbnail_url
from dashboard.state import leaderboard as state
from dashboard.state.leaderboard import Behind

PAGE = 20
PROMPT_LETTERS = 160


def votes(chosen: Choice, standings: Sequence[Standing], behind: Behind) -> None:
    """All judgments behind a model, two models or the first place, newest first."""
    comparisons = counted_comparisons(chosen)
    if st.button("Back", icon=":material/arrow_back:", type="tertiary", key="leaderboard.back"):
        open_votes(None)
    numbers = _numbers(chosen, comparisons, behind)
    if not len(numbers):
        st.info(
            "No judgment stands behind this with the filters and the way of rating above.",
            icon=":material/info:",
        )
        return
    if behind.model is not None:
        _opponent(comparisons, behind)
    rows = _rows(chosen, numbers, newest=behind.model is not None)
    pages = -(-rows.height // PAGE)
    at = 1
    place = st.container()
    if pages > 1:
        at = st.pagination(pages, key=f"leaderboard.page.{_key(chosen, behind)}")
    shown = rows.slice((at - 1) * PAGE, PAGE)
    told = _listed(chosen, shown, behind)
    with place:
        opened = vote_list(
            _title(behind),
            _facts(comparisons, rows, behind) + _rated(chosen, standings, behind),
            told,
            key="leaderboard.votes",
        )
    if opened:
        row = shown.row(by_predicate=pl.col("judgment_id") == opened, named=True)
        vote = next(vote for vote in told if vote.id == opened)
        open_judgment(row, vote)


def _numbers(chosen: Choice, comparisons: Comparisons, behind: Behind) -> Ints | list[int]:
    if behind.model is None:
        found = data.first_place(chosen.revision, chosen.chosen)
        return [] if found is None else list(found.numbers)
    if behind.against is None:
        return judgments_of(comparisons, behind.model)
    return judgments_between(comparisons, behind.model, behind.against)


def _rows(chosen: Choice, numbers: Ints | list[int], *, newest: bool) -> pl.DataFrame:
    """Rows of rated_judgments, the newest first or in the order given."""
    rows = chosen.judged.judgments[[int(number) for number in numbers]]
    return rows.reverse() if newest else rows


def _opponent(comparisons: Comparisons, behind: Behind) -> None:
    """Whom the model met, most often first: the list narrows to those two."""
    names = model_names()
    _, games = wins_and_games(comparisons)
    met = games[comparisons.models.index(behind.model)]
    counts = {
        int(str(model)): int(count)
        for model, count in zip(comparisons.models, met, strict=True)
        if count and model != behind.model
    }
    options = sorted(counts, key=lambda model: (-counts[model], in_one(names, model)))
    key = f"{state.LEADERBOARD_OPPONENT}.{behind.model}.{behind.against}"
    st.session_state.setdefault(key, behind.against)  # an index would leave nothing to clear
    against = st.selectbox(
        "Against",
        options,
        index=None,
        format_func=lambda model: (
            f"{in_one(names, model)} · {formats.counted(counts[model], 'comparison')}"
        ),
        placeholder=f"All {len(options)} opponents" if len(options) > 1 else "The one opponent",
        key=key,
        width=380,
    )
    if against != behind.against:
        st.session_state[state.LEADERBOARD_OPENED] = Behind(behind.model, against)
        st.rerun()


def _title(behind: Behind) -> str:
    names = model_names()
    if behind.model is None:
        return "What holds up the first place"
    if behind.against is None:
        return in_one(names, behind.model)
    return f"{in_one(names, behind.model)} against {in_one(names, behind.against)}"


def _facts(comparisons: Comparisons, rows: pl.DataFrame, behind: Behind) -> str:
    """How many judgments, and how the comparisons in them went."""
    told = formats.counted(rows.height, "judgment")
    if behind.model is None:
        return f"{told}; without them another model would stand first"
    wins, games = wins_and_games(comparisons)
    place = comparisons.models.index(behind.model)
    others = (
        list(range(len(comparisons.models)))
        if behind.against is None
        else [comparisons.models.index(behind.against)]
    )
    won, met = float(wins[place, others].sum()), int(games[place, others].sum())
    share = f"{won / met:.0%}" if met else "–"
    return (
        f"{told}, {formats.counted(met, 'comparison')}: {formats.plain_number(won)} won "
        f"({share}, a tie as half)"
    )


def _rated(chosen: Choice, standings: Sequence[Standing], behind: Behind) -> str:
    """Where the model stands, of whose judgments all are listed."""
    if behind.against is not None:
        return ""
    percent = chosen.method == "win-rate"
    told = [
        f" · rank {rank_words(each)}, {words(each.rating, percent=percent)} "
        f"({interval_words(each, percent=percent)}) by {state.METHODS[chosen.method]}"
        for each in standings
        if each.model == behind.model
    ]
    return "".join(told)


def _listed(chosen: Choice, rows: pl.DataFrame, behind: Behind) -> list[Vote]:
    """Judgments ready to be shown; a hidden picture has no thumbnail."""
    image_ids = list(dict.fromkeys(rows["shown_image_ids"].explode().drop_nulls()))
    revision = profiles.scores_revision()
    details = {
        row["image_id"]: row
        for row in picture_data.image_details(revision, tuple(image_ids)).iter_rows(named=True)
    }
    judged = data.judged_models(chosen.revision).filter(pl.col("image_id").is_in(image_ids))
    model_of = dict(judged.select("image_id", "model_version_id").iter_rows())
    everybody = chosen.judged.judgments["person_id"].unique(maintain_order=True)
    people = people_names(chosen.revision, everybody.to_list())
    prompts = dict(weighed_prompts(revision).select("prompt_id", "prompt").iter_rows())
    names = model_names()

    def side(row: dict[str, Any], image_id: str) -> Side:
        detail, model = details.get(image_id), model_of.get(image_id)
        return Side(
            in_one(names, model),
            mark_of(row, image_id),
            image_id == preferred_of(row),
            model is not None and model in (behind.model, behind.against),
            thumbnail_url(detail["sha256"]) if detail and detail["sha256"] else None,
            "hidden" if detail is None else "no picture",
        )

    return [
        Vote(
            row["judgment_id"],
            headline_of(row, behind, model_of, names),
            formats.shortened(prompts.get(row["prompt_id"], ""), PROMPT_LETTERS),
            people[row["person_id"]],
            formats.moment(row["created_at"]),
            "sorted batch" if row["kind"] == "order" else "battle",
            bool(row["simulated"]),
            tuple(side(row, image_id) for image_id in pictures_of(row)),
        )
        for row in rows.iter_rows(named=True)
    ]


def _key(chosen: Choice, behind: Behind) -> str:
    """Pages of other judgments begin anew."""
    return f"{behind.model}.{behind.against}.{hash((chosen.chosen, chosen.method))}"
