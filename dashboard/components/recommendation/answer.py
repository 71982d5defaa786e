"""The five models for what is asked: cards, what they rest on, and where to go on from them."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from core.errors import GemboardError
from dashboard import formats, navigation, profiles, ranking, selection, terms
from dashboard.components.notices import error_words, literal
from dashboard.components.pictures.gallery import model_title
from dashboard.components.pictures.picture_dialogs import open_picture
from dashboard.components.recommendation.model_cards import (
    Card,
    Example,
    model_cards,
    take_changes,
)
from dashboard.data import recommendation as data
from dashboard.data.explore import text_vector
from dashboard.data.recommendation import Revision, Vector
from dashboard.media import thumbnail_url
from warehouse.recommendation import Answer, Recommended
from warehouse.recommendation_knowledge import Knowledge
from warehouse.recommendation_questions import Question

IDLE = "Five models, each with a reason: from people's votes on prompts like yours, and scores."
NO_FEATURES = (
    "The prompts here have no text features yet: stop the dashboard and run "
    "`python -m warehouse embed`."
)
BY_WORDS = "Prompts like yours were found by the words they share. "
LINE_PX = 24  # what the spinner takes, also before it turns
NEAR_PX = 520


def known(*, with_simulated: bool) -> Knowledge:
    """What answers rest on now."""
    return data.knowledge(_revision(), with_simulated)


def answer(question: Question, known: Knowledge, *, with_simulated: bool) -> None:
    """The models for the question, or what to do where none is asked."""
    take_changes()
    line = st.empty()  # one line, whatever it says: nothing moves while the answer is computed
    if not question:
        line.caption(IDLE)
        return
    with line.container(height=LINE_PX, border=False):
        vector, hint = _vector(question, known)
        with st.spinner("Looking at prompts like yours"):
            asked = (_revision(), with_simulated, question, vector)
            found, pictures = data.answer(*asked), data.examples(*asked)
    if hint:
        st.info(BY_WORDS + hint, icon=":material/match_word:")
    if not found.models:
        st.info(
            "No model with a picture passes both filters. Choose any base model or any licence.",
            icon=":material/filter_alt_off:",
        )
        return
    with line.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(literal(_basis_words(found, with_simulated=with_simulated)), width="stretch")
        if not found.near.is_empty():
            _near_prompts(found)
        _go_on(question, found, pictures["image_id"].to_list())
    opened = model_cards(_cards(found, pictures, selection.picked()))
    if opened:
        open_picture(opened, pictures["image_id"].to_list())


def _revision() -> Revision:
    return profiles.scores_revision(), ranking.judgments_revision()


def _vector(question: Question, known: Knowledge) -> tuple[Vector | None, str]:
    """Text features of the prompt; without them, what is missing and how to get it."""
    if not question.prompt:
        return None, ""
    if known.encoder is None or known.texts.units is None:
        return None, NO_FEATURES
    try:
        return text_vector(known.encoder, question.prompt), ""
    except GemboardError as error:
        return None, error_words(error)


def _basis_words(found: Answer, *, with_simulated: bool) -> str:
    how = {
        "features": f" by text features of {found.encoder}",
        "words": " by shared words",
        "tag": "",
    }[found.basis]
    which = "of this tag" if found.basis == "tag" else "like yours"
    if found.near.is_empty():
        near = f"No prompt here is {which}{how}: the list is that for any prompt"
    else:
        near = f"{formats.counted(found.near.height, 'prompt')} {which}{how}"
    judgments = formats.counted(found.judgments, "judgment")
    simulated = ", simulated ones too" if with_simulated else ""
    if not found.judgments:
        votes = "nobody has voted yet, so the GRE-Score alone decides"
    elif found.near.is_empty():
        votes = f"{judgments}{simulated}"
    else:
        votes = f"{formats.whole(found.near_judgments)} of {judgments} on them{simulated}"
    return f"{near}; {votes}. The best of {formats.counted(found.candidates, 'model')}."


def _near_prompts(found: Answer) -> None:
    with st.popover("Prompts", icon=":material/format_list_bulleted:"):
        st.caption(terms.NEAR_PROMPTS, width=NEAR_PX)
        st.dataframe(
            found.near.select("nearness", "judgments", "prompt", "tag").rename(str.capitalize),
            hide_index=True,
            width=NEAR_PX,
            column_config={
                "Nearness": st.column_config.NumberColumn(format="%.2f", width="small"),
                "Judgments": st.column_config.NumberColumn(width="small"),
                "Prompt": st.column_config.TextColumn(width="medium"),
            },
        )


def _go_on(question: Question, found: Answer, image_ids: Sequence[str]) -> None:
    """To the pages that rank these pictures, and that make others by the same models."""
    rank, generate = navigation.entry("rank"), navigation.entry("generate")
    if rank and st.button(
        "Rank these",
        icon=rank.icon,
        key="recommendation.rank",
        help="Adds the pictures below to your selection and opens the page.",
    ):
        selection.pick(image_ids, navigation.current_path(), image_ids)
        st.switch_page(rank.page(), query_params={"start": "picks"})
    if generate and st.button(
        "Generate more",
        icon=generate.icon,
        key="recommendation.generate",
        help="Takes your prompt and these models to the page that makes pictures.",
    ):
        asked: dict[str, str | list[str]] = {
            "model": [str(model.model_version_id) for model in found.models]
        }
        if question.prompt:
            asked["prompt"] = question.prompt
        st.switch_page(generate.page(), query_params=asked)


def _cards(found: Answer, pictures: pl.DataFrame, picked: Sequence[str]) -> list[Card]:
    return [
        _card(
            model,
            pictures.filter(pl.col("model_version_id") == model.model_version_id).rows(named=True),
            frozenset(picked),
            "of this tag" if found.basis == "tag" else "like yours",
        )
        for model in found.models
    ]


def _card(
    model: Recommended,
    pictures: Sequence[Mapping[str, Any]],
    picked: frozenset[str],
    which: str,
) -> Card:
    near = sum(row["nearness"] > 0 for row in pictures)
    title = f"For prompts {which}" if near else "For other prompts"
    return Card(
        model.rank,
        model_title({"model_name": model.model_name, "model_version_id": model.model_version_id}),
        model.version_name or "",
        " · ".join(fact for fact in (model.base_model, model.licence) if fact),
        model.reason,
        model.chance,
        model.lower,
        model.upper,
        f"preferred to an average model {model.chance:.0%} of the time "
        f"(95 %: {100 * model.lower:.0f}–{model.upper:.0%})",
        f"{model.certainty[:1].upper()}{model.certainty[1:]}",
        title if near in (0, len(pictures)) else f"The first {near} for prompts {which}",
        [
            Example(
                row["image_id"],
                thumbnail_url(row["sha256"]) if row["sha256"] else None,
                f"{row['prompt']}{' (synthetic picture)' if row['simulated'] else ''}",
            )
            for row in pictures
        ],
        bool(pictures) and all(row["image_id"] in picked for row in pictures),
    )
